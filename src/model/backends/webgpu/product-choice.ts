/**
 * Whether products pass an operand around in subgroups: which way is faster depends on the device, so it
 * is asked, once. Both ways add the same terms in the same order; where the device finds other bits, as
 * where its threads lie otherwise than expected, it stays with the memory of the workgroup.
 */
import type { GpuBlock, GpuDevice } from './device.ts';
import { linear, productLanesOf } from './products.ts';

/** A layer of a small model over a batch; small enough for a device in software. */
const SHAPE = { rows: 512, inputs: 64, outputs: 176 } as const;
/** Long enough that the way to the device and back matters little. */
const LEAST_MS = 4;
const MOST_CALLS = 256;
const ROUNDS = 3;
/** Closer than that is noise. */
const GAIN = 0.9;

/** Sets the lanes that the products of this device use from now on. */
export async function chooseProducts(gpu: GpuDevice): Promise<void> {
  const lanes = productLanesOf(gpu.subgroup);
  if (lanes < 2) return;
  const trial = openTrial(gpu);
  const [plain, passed] = [await trial.result(1), await trial.result(lanes)];
  const same = plain.every((value, i) => Object.is(value, passed[i]));
  gpu.productLanes = same && (await isFaster(trial, lanes)) ? lanes : 1;
  trial.close();
}

async function isFaster(trial: Trial, lanes: number): Promise<boolean> {
  let calls = 4;
  while (calls < MOST_CALLS && (await trial.time(1, calls)) < LEAST_MS) calls *= 2;
  let [plain, passed] = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round++) {
    plain = Math.min(plain, await trial.time(1, calls));
    passed = Math.min(passed, await trial.time(lanes, calls));
  }
  return passed < GAIN * plain;
}

interface Trial {
  result(lanes: number): Promise<Float32Array>;
  /** Milliseconds of so many products. */
  time(lanes: number, calls: number): Promise<number>;
  close(): void;
}

function openTrial(gpu: GpuDevice): Trial {
  const { rows, inputs, outputs } = SHAPE;
  const filled = (length: number): GpuBlock => {
    const block = gpu.take(length);
    gpu.write(
      block,
      Float32Array.from({ length }, (_, i) => Math.sin(i)),
    );
    return block;
  };
  const [x, weight, out] = [
    filled(rows * inputs),
    filled(inputs * outputs),
    gpu.take(rows * outputs),
  ];
  const multiply = (lanes: number): void => {
    gpu.productLanes = lanes;
    linear(gpu, { ...SHAPE, x, weight, residual: null, out });
  };
  return {
    result: (lanes) => {
      multiply(lanes);
      return gpu.read(out);
    },
    time: async (lanes, calls) => {
      const began = performance.now();
      for (let i = 0; i < calls; i++) multiply(lanes);
      await gpu.read(gpu.part(out, 0, 1));
      return performance.now() - began;
    },
    close: () => [x, weight, out].forEach(({ source }) => gpu.pool.give(source)),
  };
}
