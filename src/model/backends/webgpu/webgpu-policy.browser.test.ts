import { expect, it } from 'vitest';
import { createRng } from '../../../base/rng.ts';
import { FusedPolicy } from '../../fused/fused-policy.ts';
import { WARM_UP_CALLS } from '../../fused/warm-up.ts';
import type { PolicyConfig } from '../../policy.ts';
import { WebGpuKernels } from './webgpu-kernels.ts';

const CONFIG: PolicyConfig = {
  vocabSize: 20,
  hiddenSize: 16,
  intermediateSize: 24,
  numLayers: 2,
  numHeads: 2,
  headDim: 8,
  maxPositions: 32,
  rmsNormEps: 1e-5,
  ropeTheta: 10000,
  tieEmbeddings: true,
  bosId: 0,
  eosId: 1,
  padId: 2,
};

const PROMPTS = [
  [0, 5, 6, 7],
  [0, 9],
];

const SAMPLE = {
  ...WARM_UP_CALLS.sample,
  prompts: PROMPTS,
  samplesPerPrompt: 2,
  maxTokens: 16,
  uniforms: createRng(3).uniforms(64),
};

const BATCH = {
  prompts: PROMPTS.flatMap((prompt) => [prompt, prompt]),
  completions: [[4, 5, 1], [6], [7, 8], [9, 1]],
  oldLogprobs: [[-3, -3, -3], [-3], [-3, -3], [-3, -3]],
  advantages: [1, -1, 0.5, -0.5],
  truncated: [0, 1, 1, 0],
};

async function openPolicy(): Promise<{ kernels: WebGpuKernels; policy: FusedPolicy }> {
  const adapter = await navigator.gpu.requestAdapter();
  const kernels = new WebGpuKernels(await adapter!.requestDevice());
  return { kernels, policy: FusedPolicy.initialise(kernels, CONFIG, createRng(1)) };
}

it('compiles while warming up all that steps then take, and runs none of it', async () => {
  const { kernels, policy } = await openPolicy();
  const before = await policy.save();
  await policy.warmUp();
  const { pipelines, dispatches } = kernels.gpu.counters;
  expect(pipelines).toBeGreaterThan(15);
  expect(dispatches).toBe(0);
  expect((await policy.save()).weights).toEqual(before.weights);
  await policy.sample(SAMPLE);
  const loss = { ...WARM_UP_CALLS.loss, klBeta: 0.1, entropyCoefficient: 0.01 };
  await policy.update(BATCH, { ...loss, ...ADAM, minibatches: 2, epochs: [[0, 1, 2, 3]] });
  expect(kernels.gpu.counters.pipelines).toBe(pipelines);
});

const ADAM = { ...WARM_UP_CALLS.adam, learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

it('reads back once per rollout batch and once per update, whatever they consist of', async () => {
  const { kernels, policy } = await openPolicy();
  const { counters } = kernels.gpu;
  await policy.sample(SAMPLE);
  expect(counters.readbacks).toBe(1);
  const order = [0, 1, 2, 3];
  const options = { ...WARM_UP_CALLS.loss, ...ADAM, minibatches: 2, epochs: [order, order] };
  await policy.update(BATCH, options);
  expect(counters.readbacks).toBe(2);
});

it('asks for few dispatches: at most 90 a training step of two layers, 8 a token', async () => {
  const { kernels, policy } = await openPolicy();
  const { counters } = kernels.gpu;
  await policy.update(BATCH, {
    ...WARM_UP_CALLS.loss,
    ...ADAM,
    minibatches: 1,
    epochs: [[0, 1, 2, 3]],
  });
  expect(counters.dispatches).toBeLessThanOrEqual(90);
  const before = counters.dispatches;
  await policy.sample(SAMPLE);
  expect((counters.dispatches - before) / SAMPLE.maxTokens).toBeLessThanOrEqual(8);
});

it('holds no more memory after many steps than after a few', async () => {
  const { kernels, policy } = await openPolicy();
  const step = async (): Promise<void> => {
    await policy.sample(SAMPLE);
    await policy.update(BATCH, {
      ...WARM_UP_CALLS.loss,
      ...ADAM,
      minibatches: 2,
      epochs: [[0, 1, 2, 3]],
    });
  };
  for (let i = 0; i < 3; i++) await step();
  const { buffers, bytes } = kernels.memory();
  for (let i = 0; i < 30; i++) await step();
  expect(kernels.memory()).toEqual({ buffers, bytes });
});

it('says which shader failed and why', async () => {
  const { kernels } = await openPolicy();
  const broken = { name: 'broken', params: {}, buffers: {}, code: 'fn main() { nonsense }' };
  kernels.gpu.run(broken, { params: {}, buffers: {}, groups: [1] });
  await expect(kernels.read(kernels.scratch(1))).rejects.toThrow(/kernel "broken".*\n?.*line \d/s);
});
