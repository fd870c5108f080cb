/**
 * Whether products pass an operand around in subgroups: which way is faster depends on the device, so it
 * is asked, once. Both ways add the same terms in the same order; where the device finds other bits, as
 * where its threads lie otherwise than expected, it stays with the memory of the workgroup.
 */
import type { GpuSlice, GpuDevice } from './device.ts';
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
  const benchmark = openBenchmark(gpu);
  const [plain, passed] = [await benchmark.result(1), await benchmark.result(lanes)];
  const same = plain.every((value, i) => Object.is(value, passed[i]));
  gpu.productLanes = same && (await isFaster(benchmark, lanes)) ? lanes : 1;
  benchmark.close();
}

async function isFaster(benchmark: Benchmark, lanes: number): Promise<boolean> {
  let calls = 4;
  while (calls < MOST_CALLS && (await benchmark.time(1, calls)) < LEAST_MS) calls *= 2;
  let [plain, passed] = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round++) {
    plain = Math.min(plain, await benchmark.time(1, calls));
    passed = Math.min(passed, await benchmark.time(lanes, calls));
  }
  return passed < GAIN * plain;
}

interface Benchmark {
  result(lanes: number): Promise<Float32Array>;
  /** Milliseconds of so many products. */
  time(lanes: number, calls: number): Promise<number>;
  close(): void;
}

function openBenchmark(gpu: GpuDevice): Benchmark {
  const { rows, inputs, outputs } = SHAPE;
  const filled = (length: number): GpuSlice => {
    const slice = gpu.take(length);
    gpu.write(
      slice,
      Float32Array.from({ length }, (_, i) => Math.sin(i)),
    );
    return slice;
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
