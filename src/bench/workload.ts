/** The two sizes that engines are compared at, with everything random drawn from one seed. */
import { createRng, type Rng } from '../base/rng.ts';
import type { PolicyConfig, TokenIds } from '../model/policy.ts';
import { initialWeights } from '../model/parameters.ts';
import type { Workload } from './engine.ts';

export type Size = Workload['name'];
export const SIZES = ['S', 'M'] as const satisfies readonly Size[];

export const BATCH = 128;
export const TIME = 64;
export const PROMPT_TIME = 32;
export const NEW_TOKENS = 32;

const VOCABULARY = 64;
const SEED = 20250904;

const SHAPES = {
  S: { hiddenSize: 64, intermediateSize: 176, numLayers: 2 },
  M: { hiddenSize: 128, intermediateSize: 352, numLayers: 4 },
} as const satisfies Record<Size, Partial<PolicyConfig>>;

export function policyConfig(size: Size): PolicyConfig {
  const shape = SHAPES[size];
  const numHeads = 4;
  return {
    ...shape,
    vocabSize: VOCABULARY,
    numHeads,
    headDim: shape.hiddenSize / numHeads,
    maxPositions: 128,
    rmsNormEps: 1e-5,
    ropeTheta: 10000,
    tieEmbeddings: true,
    bosId: 0,
    // Outside the vocabulary: no row ends early, so that every engine draws the same number of tokens.
    eosId: VOCABULARY,
    padId: 0,
  };
}

/** `batch` sequences and prompts; a smaller batch begins as a larger one does. */
export function createWorkload(size: Size, batch: number = BATCH): Workload {
  const rng = createRng(SEED).fork(size);
  const config = policyConfig(size);
  return {
    name: size,
    config,
    weights: initialWeights(config, rng.fork('weights')),
    train: {
      sequences: rows(rng.fork('sequences'), batch, TIME),
      learningRate: 1e-3,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
    },
    sample: {
      prompts: rows(rng.fork('prompts'), batch, PROMPT_TIME),
      newTokens: NEW_TOKENS,
      uniforms: rng.fork('uniforms').uniforms(batch * NEW_TOKENS),
    },
  };
}

function rows(rng: Rng, count: number, time: number): TokenIds[] {
  return Array.from({ length: count }, () => {
    return Array.from({ length: time }, () => rng.int(VOCABULARY));
  });
}
