import { describe, expect, it } from 'vitest';
import {
  DECODE_TRIALS,
  distance,
  KERNEL_TRIALS,
  outcome,
  TOLERANCE,
} from '../fused/kernel-trials.testing.ts';
import { ReferenceKernels } from '../fused/reference.ts';
import { neighboursAreTogether } from './subgroup-probe.ts';
import { WebGpuKernels } from './webgpu-kernels.ts';

/** A graphics device computes exponentials and quotients to fewer digits. */
const SLACK = 4;

async function openKernels(requiredFeatures: GPUFeatureName[]): Promise<WebGpuKernels> {
  const adapter = await navigator.gpu.requestAdapter();
  return new WebGpuKernels(await adapter!.requestDevice({ requiredFeatures }));
}

it('has subgroups to test, and threads that stand in them as they do in the workgroup', async () => {
  const { gpu } = await openKernels(['subgroups']);
  const { subgroupMinSize } = gpu.device.adapterInfo;
  expect(subgroupMinSize).toBeGreaterThan(1);
  expect(await neighboursAreTogether(gpu, subgroupMinSize)).toBe(true);
});

describe.each([
  { named: 'without subgroups', features: [] },
  { named: 'with subgroups', features: ['subgroups' as const] },
])('on WebGPU $named, in software if need be', async ({ features }) => {
  const kernels = await openKernels([...features]);

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
