import { expect, it } from 'vitest';
import { createRng } from '../base/rng.ts';
import { DEFAULT_CONFIG } from '../schema/params.ts';
import { epochOrders, learningRateAt, updateBatch, updateOptions } from './grpo-batch.ts';

it('updateOptions hands every optimization parameter over', () => {
  const config = {
    ...DEFAULT_CONFIG,
    minibatches: 3,
    adamBeta1: 0.1,
    adamBeta2: 0.2,
    weightDecay: 0.3,
    maxGradNorm: 0.4,
    lossType: 'dr_grpo',
    importanceSampling: 'sequence',
    clipLow: 0.5,
    clipHigh: 0.6,
    klBeta: 0.7,
    entropyCoefficient: 0.8,
    temperature: 0.9,
    maskTruncated: true,
  } as const;
  const own = { learningRate: 0.01, maxCompletionLength: 11, epochs: [[0, 1]] };
  expect(updateOptions(config, own)).toEqual({
    ...own,
    minibatches: 3,
    beta1: 0.1,
    beta2: 0.2,
    epsilon: 1e-8,
    weightDecay: 0.3,
    maxGradNorm: 0.4,
    lossType: 'dr_grpo',
    importanceSampling: 'sequence',
    clipLow: 0.5,
    clipHigh: 0.6,
    klBeta: 0.7,
    entropyCoefficient: 0.8,
    temperature: 0.9,
    maskTruncated: true,
  });
});

it('updateBatch lays groups out row by row', () => {
  const completion = (id: number, truncated: boolean) => ({
    tokens: [],
    ids: [id, 2],
    logprobs: Float32Array.of(-1, -id),
    truncated,
  });
  const batch = updateBatch([
    { prompt: [1, 7], completions: [completion(3, false)], advantages: [0.5] },
    { prompt: [1], completions: [completion(4, true), completion(5, false)], advantages: [-1, 1] },
  ]);
  expect(batch).toEqual({
    prompts: [[1, 7], [1], [1]],
    completions: [
      [3, 2],
      [4, 2],
      [5, 2],
    ],
    oldLogprobs: [Float32Array.of(-1, -3), Float32Array.of(-1, -4), Float32Array.of(-1, -5)],
    advantages: [0.5, -1, 1],
    truncated: [0, 1, 0],
  });
});

it('learningRateAt rises to its full height over the warm-up', () => {
  const rates = [1, 2, 4, 9].map((step) =>
    learningRateAt(step, { learningRate: 0.4, warmupSteps: 4 }),
  );
  expect(rates).toEqual([0.1, 0.2, 0.4, 0.4]);
  expect(learningRateAt(1, { learningRate: 0.4, warmupSteps: 0 })).toBe(0.4);
});

it('epochOrders differ from epoch to epoch', () => {
  const [first, second] = epochOrders(20, 2, createRng(1));
  expect(first).not.toEqual(second);
  expect(first!.toSorted((a, b) => a - b)).toEqual(second!.toSorted((a, b) => a - b));
});
