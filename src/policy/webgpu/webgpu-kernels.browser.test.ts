import { describe, expect, it } from 'vitest';
import {
  DECODE_TRIALS,
  distance,
  KERNEL_TRIALS,
  outcome,
  TOLERANCE,
} from '../fused/kernel-trials.testing.ts';
import { ReferenceKernels } from '../fused/reference.ts';
import { WebGpuKernels } from './webgpu-kernels.ts';

/** A graphics device computes exponentials and quotients to fewer digits. */
const SLACK = 4;

async function openKernels(): Promise<WebGpuKernels> {
  const adapter = await navigator.gpu.requestAdapter();
  return new WebGpuKernels(await adapter!.requestDevice());
}

describe('on WebGPU, in software if need be', async () => {
  const kernels = await openKernels();

  it.each(KERNEL_TRIALS)('$name', async (trial) => {
    const expected = await outcome(new ReferenceKernels(), trial);
    const actual = await outcome(kernels, trial);
    kernels.end();
    expect(actual).toHaveLength(expected.length);
    actual.forEach((values, i) =>
      expect(distance(values, expected[i]!)).toBeLessThan(SLACK * TOLERANCE),
    );
  });

  // Log-probabilities gather the error of all layers.
  it.each(DECODE_TRIALS)('$name', async (trial) => {
    const [expected] = await outcome(new ReferenceKernels(), trial);
    const [actual] = await outcome(kernels, trial);
    kernels.end();
    expect(distance(actual!, expected!)).toBeLessThan(20 * TOLERANCE);
  });
});
