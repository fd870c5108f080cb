/** The least time that work can take: its arithmetic at the speed of a bare product of matrices. */
import type { DeviceBuffer, Kernels } from '../model/fused/kernels.ts';
import type { Roofline } from './engine.ts';

export const PRODUCT_SIDE = 512;
/** 64 MB: more than the caches hold. */
export const COPY_ELEMENTS = 2 ** 24;

const TRIES = 5;

/** @param work resolves when a product [side, side]·[side, side], or a copy of all elements, is done. */
export async function measureRoofline(work: {
  readonly product: () => Promise<void>;
  readonly copy: () => Promise<void>;
}): Promise<Roofline> {
  const [product, copy] = [await fastest(work.product), await fastest(work.copy)];
  return {
    product: (2 * PRODUCT_SIDE ** 3) / product / 1e6,
    copy: (2 * 4 * COPY_ELEMENTS) / copy / 1e6,
  };
}

/** The best of a few tries, in milliseconds: what the machine can do when it is left alone. */
async function fastest(work: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i <= TRIES; i++) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  // The first try compiles and allocates.
  return Math.min(...times.slice(1));
}

/** By kernels of ours. */
export async function kernelRoofline<B extends DeviceBuffer>(
  kernels: Kernels<B>,
): Promise<Roofline> {
  const [rows, width] = [COPY_ELEMENTS / 1024, 1024];
  const square = (): B => kernels.allocate(PRODUCT_SIDE ** 2);
  const [x, weight, out] = [square(), square(), square()];
  const [table, copied] = [kernels.allocate(rows * width), kernels.allocate(rows * width)];
  const indices = kernels.allocate(rows);
  // Memory that was never written is not there yet: the system would lend one page of zeros for all.
  for (const buffer of [x, weight, table]) kernels.fill(buffer, 0.5);
  kernels.write(
    indices,
    Int32Array.from({ length: rows }, (_, row) => row),
  );
  const wait = async (buffer: B): Promise<void> => {
    const reading = kernels.read(kernels.part(buffer, 0, 1));
    kernels.end();
    await reading;
  };
  const shape = { rows: PRODUCT_SIDE, inputs: PRODUCT_SIDE, outputs: PRODUCT_SIDE };
  const roofline = await measureRoofline({
    product: () => {
      kernels.linear({ ...shape, x, weight, residual: null, out });
      return wait(out);
    },
    copy: () => {
      kernels.gatherRows({ table, indices, rows, width, out: copied });
      return wait(copied);
    },
  });
  for (const buffer of [x, weight, out, table, copied, indices]) kernels.free(buffer);
  return roofline;
}
