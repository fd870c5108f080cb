/** A small but complete run, for tests. */
import type { Evaluation } from '../schema/records.ts';
import { createRng } from '../base/rng.ts';
import { createTokenizer } from '../base/tokenizer.ts';
import type { NamedTensor, PolicyConfig } from '../model/policy.ts';
import { DEFAULT_CONFIG } from '../schema/params.ts';
import type { RunBundle } from './bundle.ts';
import { weightShapes } from './huggingface.ts';
import type { RunContent } from './run-file.ts';
import { elements } from './safetensors.ts';

export const WORDS = createTokenizer(['A3', 'v0', '✓', '·', 'improve']).words;

export const POLICY: PolicyConfig = {
  vocabSize: WORDS.length,
  hiddenSize: 8,
  intermediateSize: 12,
  numLayers: 1,
  numHeads: 2,
  headDim: 4,
  maxPositions: 32,
  rmsNormEps: 1e-5,
  ropeTheta: 10000,
  tieEmbeddings: true,
  bosId: 1,
  eosId: 2,
  padId: 0,
};

/** Reproducible values of every parameter. */
export function tensorsOf(config: PolicyConfig, purpose: string): NamedTensor[] {
  const rng = createRng(1).fork(purpose);
  return [...weightShapes(config)].map(([name, shape]) => ({
    name,
    shape,
    values: rng.fork(name).uniforms(elements(shape)),
  }));
}

const flat = (mean: number) => [0, 1, 2, 3].map((k) => ({ mean: mean + k / 10, ci95: 0.02 }));

export const EVALUATION: Evaluation = {
  step: 10,
  tasks: 64,
  samples: 1,
  depth: 3,
  trainedDepth: 1.25,
  quality: flat(0.3),
  solved: flat(0.1),
  bestQuality: flat(0.35),
  bestSolved: flat(0.12),
  netCorrections: { mean: 30, ci95: 4.5 },
  distinct: { mean: 0.8, ci95: 0.01 },
  resampleQuality: flat(0.31),
  resampleSolved: flat(0.11),
};

export const RUN: RunContent = {
  config: { ...DEFAULT_CONFIG, hiddenSize: 8, intermediateSize: 12, numLayers: 1, numHeads: 2 },
  step: 12,
  exitState: { buffer: [{ id: 1, note: null }], rng: [1, -2] },
  marks: [{ step: 5, param: 'entropyCoefficient', from: 0.05, to: 0.03 }],
  evaluations: [EVALUATION],
  backend: 'wasm',
  createdBy: 'exit-lab 0.1.0',
};

export const BUNDLE: RunBundle = {
  snapshot: {
    config: POLICY,
    weights: tensorsOf(POLICY, 'weights'),
    optimizer: { step: 24, m: tensorsOf(POLICY, 'm'), v: tensorsOf(POLICY, 'v') },
    reference: tensorsOf(POLICY, 'reference'),
  },
  words: WORDS,
  run: RUN,
  rows: [
    { step: 1, loss: -0.001, 'start_depth/mean': 0 },
    { step: 12, loss: 0.002 },
  ],
};
