import { describe, expect, it } from 'vitest';
import type { PolicyConfig } from '../model/policy.ts';
import { arithmeticOf, forward } from './arithmetic.ts';
import type { Workload } from './engine.ts';

const CONFIG: PolicyConfig = {
  vocabSize: 5,
  hiddenSize: 4,
  intermediateSize: 6,
  numLayers: 2,
  numHeads: 2,
  headDim: 2,
  maxPositions: 8,
  rmsNormEps: 1e-5,
  ropeTheta: 10000,
  tieEmbeddings: true,
  bosId: 0,
  eosId: 5,
  padId: 0,
};

/** Per token and layer: q, k, v, o are 4 × 4 each, gate, up, down 4 × 6 each. */
const PROJECTIONS = 4 * 16 + 3 * 24;
/** Per query and key: a product of 4 for the score, another for the mix. */
const PAIR = 8;
const HEAD = 4 * 5;

describe('the arithmetic of the forward pass', () => {
  it('counts one token that sees itself alone', () => {
    expect(forward(CONFIG, 0, 1, 1)).toBe(2 * (2 * (PROJECTIONS + PAIR) + HEAD));
  });

  it('counts causal attention: 1 + 2 + 3 keys', () => {
    expect(forward(CONFIG, 0, 3, 3)).toBe(2 * (2 * (3 * PROJECTIONS + 6 * PAIR) + 3 * HEAD));
  });

  it('counts what a cache holds: 5 earlier keys and itself', () => {
    expect(forward(CONFIG, 5, 1, 1)).toBe(2 * (2 * (PROJECTIONS + 6 * PAIR) + HEAD));
  });
});

describe('the arithmetic of a workload', () => {
  const workload: Workload = {
    name: 'S',
    config: CONFIG,
    weights: [],
    train: {
      sequences: [
        [1, 2, 3, 4],
        [4, 3, 2, 1],
      ],
      learningRate: 1e-3,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
    },
    sample: { prompts: [[1, 2]], newTokens: 3, uniforms: new Float32Array(3) },
  };

  it('takes the backward pass for two forward ones, over the inputs only', () => {
    expect(arithmeticOf(workload).train).toBe(2 * 3 * forward(CONFIG, 0, 3, 3));
  });

  it('reads the prompt once and feeds back all tokens but the last', () => {
    const { sample } = arithmeticOf(workload);
    expect(sample).toBe(
      forward(CONFIG, 0, 2, 1) + forward(CONFIG, 2, 1, 1) + forward(CONFIG, 3, 1, 1),
    );
  });
});
