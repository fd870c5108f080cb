import { describe, expect, it } from 'vitest';
import type { GrpoOptions, UpdateBatch } from '../policy.ts';
import { chunks, minibatchSize, pickRows, tokenMask, tokenWeights } from './minibatch.ts';

const OPTIONS: GrpoOptions = {
  lossType: 'dapo',
  importanceSampling: 'token',
  clipLow: 0.2,
  clipHigh: 0.2,
  klBeta: 0,
  entropyCoefficient: 0,
  temperature: 1,
  maxCompletionLength: 10,
  maskTruncated: true,
};

const BATCH: UpdateBatch = {
  prompts: [[1], [1], [1, 4]],
  completions: [
    [5, 2],
    [6, 7, 8],
    [9, 2],
  ],
  oldLogprobs: [
    [-1, -1],
    [-1, -1, -1],
    [-1, -1],
  ],
  advantages: [1, 2, 3],
  truncated: [0, 1, 0],
};

describe('a minibatch', () => {
  it('counts no token of a truncated completion, but counts it as a sequence', () => {
    expect(minibatchSize(BATCH, OPTIONS)).toEqual({ sequences: 3, tokens: 4 });
    expect([...tokenMask(BATCH, OPTIONS)]).toEqual([1, 1, 0, 0, 0, 1, 1]);
  });

  it.each([
    ['grpo', [1 / 6, 1 / 3, 1 / 6]],
    ['dapo', [1 / 4, 1 / 4, 1 / 4]],
    ['dr_grpo', [1 / 30, 1 / 30, 1 / 30]],
  ] as const)('weighs tokens as %s does', (lossType, expected) => {
    const options = { ...OPTIONS, lossType };
    const weights = tokenWeights(BATCH, options, minibatchSize(BATCH, options));
    expected.forEach((weight, i) => expect(weights[i]).toBeCloseTo(weight, 7));
  });

  it('is cut from a permutation without losing or repeating a row', () => {
    const order = [4, 1, 3, 0, 2];
    expect(chunks(order, 2)).toEqual([
      [4, 1],
      [3, 0, 2],
    ]);
    expect(chunks(order, 9)).toHaveLength(5);
  });

  it('takes all that belongs to its rows', () => {
    expect(pickRows(BATCH, [2, 0])).toEqual({
      prompts: [[1, 4], [1]],
      completions: [
        [9, 2],
        [5, 2],
      ],
      oldLogprobs: [
        [-1, -1],
        [-1, -1],
      ],
      advantages: [3, 1],
      truncated: [0, 0],
    });
  });
});
