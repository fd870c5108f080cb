import { beforeAll, describe, expect, it } from 'vitest';
import { createRng } from '../base/rng.ts';
import type { PolicyConfig, TokenIds } from '../model/policy.ts';
import { initialWeights } from '../model/parameters.ts';
import { startBackend } from '../model/backends/tfjs/backend.ts';
import { TfPolicy } from '../model/backends/tfjs/tf-policy.ts';
import type { Workload } from './engine.ts';
import { jaxWasm } from './jax.ts';

const NEW_TOKENS = 4;

const config: PolicyConfig = {
  vocabSize: 11,
  hiddenSize: 16,
  intermediateSize: 24,
  numLayers: 1,
  numHeads: 2,
  headDim: 8,
  maxPositions: 16,
  rmsNormEps: 1e-5,
  ropeTheta: 10000,
  tieEmbeddings: true,
  bosId: 0,
  eosId: 11,
  padId: 0,
};

const rng = createRng(5);

const rows = (count: number, time: number): TokenIds[] =>
  Array.from({ length: count }, () =>
    Array.from({ length: time }, () => rng.int(config.vocabSize)),
  );

const workload: Workload = {
  name: 'S',
  config,
  weights: initialWeights(config, rng.fork('weights')),
  train: {
    sequences: rows(4, 8),
    learningRate: 0.01,
    beta1: 0.9,
    beta2: 0.99,
    epsilon: 1e-8,
  },
  sample: { prompts: rows(4, 5), newTokens: NEW_TOKENS, uniforms: rng.uniforms(4 * NEW_TOKENS) },
};

describe('jax-js does the same work', () => {
  beforeAll(() => startBackend('cpu'));

  it('has our losses while it learns', async () => {
    const policy = await TfPolicy.from(workload);
    const engine = await jaxWasm.prepare(workload);
    const { sequences, learningRate, beta1, beta2, epsilon } = workload.train;
    const batch = {
      prompts: sequences.map((row) => row.slice(0, 1)),
      completions: sequences.map((row) => row.slice(1)),
    };
    const adam = { learningRate, beta1, beta2, epsilon, weightDecay: 0, maxGradNorm: 0 };
    const losses: number[] = [];
    for (let step = 0; step < 3; step++) {
      const loss = await engine.train?.();
      const ours = await policy.sftStep(batch, adam);
      expect(loss).toBeDefined();
      expect(Math.abs(loss! - ours.loss)).toBeLessThan(1e-4);
      losses.push(loss!);
    }
    expect(losses[2]).toBeLessThan(losses[0]!);
    engine.dispose();
    policy.dispose();
  });

  it('draws our tokens', async () => {
    const policy = await TfPolicy.from(workload);
    const engine = await jaxWasm.prepare(workload);
    const { prompts, uniforms } = workload.sample;
    const ours = await policy.sample({
      prompts,
      samplesPerPrompt: 1,
      maxTokens: NEW_TOKENS,
      temperature: 1,
      topP: 1,
      topK: 0,
      uniforms,
    });
    const tokens = await engine.sample?.();
    expect(tokens).toEqual(ours.tokens);
    expect(new Set(tokens).size).toBeGreaterThan(3);
    expect(await engine.sample?.()).toEqual(tokens);
    engine.dispose();
    policy.dispose();
  });
});
