import { expect, it } from 'vitest';
import { FusedPolicy } from '../model/fused/fused-policy.ts';
import { ReferenceKernels } from '../model/fused/reference.ts';
import { countingKernels } from './traffic.ts';
import { createWorkload } from './workload.ts';

const ADAM = {
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  maxGradNorm: 0,
};

it('counts a product and hands it on', () => {
  const counts = { calls: 0, bytes: 0 };
  const kernels = countingKernels(new ReferenceKernels(), counts);
  const x = kernels.upload(Float32Array.of(1, 2));
  const weight = kernels.upload(Float32Array.of(3, 4, 5, 6, 7, 8));
  const out = kernels.scratch(3);
  kernels.linear({ rows: 1, inputs: 2, outputs: 3, x, weight, residual: null, out });
  expect([...kernels.floats(out)]).toEqual([11, 17, 23]);
  expect(counts).toEqual({ calls: 1, bytes: 4 * (2 + 6 + 3) });
});

it('changes nothing of what a policy does, and counts tokens drawn one by one', async () => {
  const { config, weights, train, sample } = createWorkload('S', 2);
  const counts = { calls: 0, bytes: 0 };
  const counted = FusedPolicy.from(countingKernels(new ReferenceKernels(), counts), {
    config,
    weights,
  });
  const plain = FusedPolicy.from(new ReferenceKernels(), { config, weights });
  const batch = { prompts: [[1], [2]], completions: train.sequences };
  expect(await counted.sftStep(batch, ADAM)).toEqual(await plain.sftStep(batch, ADAM));
  const trained = counts.calls;
  expect(trained).toBeGreaterThan(20);
  const request = { samplesPerPrompt: 1, temperature: 1, topP: 1, topK: 0, ...sample };
  const drawn = await counted.sample({ ...request, maxTokens: 4 });
  expect(drawn).toEqual(await plain.sample({ ...request, maxTokens: 4 }));
  const four = counts.calls - trained;
  await counted.sample({ ...request, maxTokens: 6 });
  // Two tokens more are two steps more, each of all layers.
  const perToken = (counts.calls - trained - 2 * four) / 2;
  expect(perToken).toBe(1 + 2 * 9 + 2 + 1);
});
