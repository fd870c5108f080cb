import { describe, expect, it } from 'vitest';
import { DECODE_CASES } from '../../fused/decode-conformance.testing.ts';
import {
  distance,
  KERNEL_CASES,
  runCase,
  TOLERANCE,
} from '../../fused/kernel-conformance.testing.ts';
import { ReferenceKernels } from '../../fused/reference.ts';
import type { GenerateArgs } from '../../fused/kernels.ts';
import { generateStepwise } from './decode-stepwise.ts';
import { fitsWorkgroup } from './decode.ts';
import type { GpuSlice, GpuDevice } from './device.ts';
import { chooseProducts } from './product-choice.ts';
import { linear, productLanesOf } from './products.ts';
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

it('chooses between two ways to multiply that find the same bits', async () => {
  const { gpu } = await openKernels(['subgroups']);
  const [x, weight] = [sliceOf(gpu, 100 * 36), sliceOf(gpu, 36 * 70)];
  const results: Float32Array[] = [];
  for (const lanes of [1, 2, productLanesOf(gpu.subgroup)]) {
    gpu.productLanes = lanes;
    const out = gpu.take(100 * 70);
    linear(gpu, { rows: 100, inputs: 36, outputs: 70, x, weight, residual: null, out });
    results.push(await gpu.read(out));
  }
  expect(results[0]!.some((value) => value !== 0)).toBe(true);
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
  await chooseProducts(gpu);
  expect([1, productLanesOf(gpu.subgroup)]).toContain(gpu.productLanes);
});

function sliceOf(gpu: GpuDevice, length: number): GpuSlice {
  const slice = gpu.take(length);
  gpu.write(
    slice,
    Float32Array.from({ length }, (_, i) => Math.cos(3 * i)),
  );
  return slice;
}

const MULTIPLIES = /^the product|^the gradient of the (input|weight)|^the gradients|^scores/;

describe.each([
  { named: 'without subgroups', features: [], passed: false },
  { named: 'with subgroups', features: ['subgroups' as const], passed: false },
  { named: 'with products through subgroups', features: ['subgroups' as const], passed: true },
])('on WebGPU $named, in software if need be', async ({ features, passed }) => {
  const kernels = await openKernels([...features]);
  if (passed) kernels.gpu.productLanes = productLanesOf(kernels.gpu.subgroup);
  // Nothing else goes another way with the products.
  const cases = passed ? KERNEL_CASES.filter(({ name }) => MULTIPLIES.test(name)) : KERNEL_CASES;

  it.each(cases)('$name', async (conformanceCase) => {
    const expected = await runCase(new ReferenceKernels(), conformanceCase);
    const actual = await runCase(kernels, conformanceCase);
    kernels.end();
    expect(actual).toHaveLength(expected.length);
    actual.forEach((values, i) =>
      expect(distance(values, expected[i]!)).toBeLessThan(SLACK * TOLERANCE),
    );
  });

  // Log-probabilities gather the error of all layers.
  it.each(passed ? [] : DECODE_CASES)('$name', async (conformanceCase) => {
    const [expected] = await runCase(new ReferenceKernels(), conformanceCase);
    const [actual] = await runCase(kernels, conformanceCase);
    kernels.end();
    expect(distance(actual!, expected!)).toBeLessThan(20 * TOLERANCE);
  });
});

/** As for a vocabulary that no workgroup holds. */
class Stepwise extends WebGpuKernels {
  override generate(args: GenerateArgs<GpuSlice>): GpuSlice {
    return generateStepwise(this, args);
  }
}

describe('decoding in single steps', async () => {
  const adapter = await navigator.gpu.requestAdapter();
  const kernels = new Stepwise(await adapter!.requestDevice({ requiredFeatures: ['subgroups'] }));

  it.each(DECODE_CASES)('$name', async (conformanceCase) => {
    const [expected] = await runCase(new ReferenceKernels(), conformanceCase);
    const [actual] = await runCase(kernels, conformanceCase);
    kernels.end();
    expect(distance(actual!, expected!)).toBeLessThan(20 * TOLERANCE);
  });

  it('is what a large vocabulary takes', () => {
    const { gpu } = kernels;
    const shape = { hiddenSize: 16, innerSize: 24, heads: 2, kvHeads: 2, headDim: 8 };
    const rest = { rmsNormEps: 1e-5, eosId: 1, padId: 2 };
    expect(fitsWorkgroup(gpu, { ...shape, ...rest, vocabSize: 500 })).toBe(true);
    expect(fitsWorkgroup(gpu, { ...shape, ...rest, vocabSize: 49_152 })).toBe(false);
  });
});
