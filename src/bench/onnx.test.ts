import { expect, it } from 'vitest';
import { createRng } from '../base/rng.ts';
import { startEngine } from '../model/engine.ts';
import type { PolicyConfig } from '../model/policy.ts';
import { initialWeights } from '../model/parameters.ts';
import type { Workload } from './engine.ts';
import { onnxWasm } from './onnx.ts';

const NEW_TOKENS = 4;

const config: PolicyConfig = {
  vocabSize: 11,
  hiddenSize: 16,
  intermediateSize: 24,
  numLayers: 2,
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

const rng = createRng(6);
const prompts = Array.from({ length: 5 }, () => Array.from({ length: 6 }, () => rng.int(11)));
const workload: Workload = {
  name: 'S',
  config,
  weights: initialWeights(config, rng.fork('weights')),
  train: { sequences: [], learningRate: 0, beta1: 0, beta2: 0, epsilon: 0 },
  sample: { prompts, newTokens: NEW_TOKENS, uniforms: rng.uniforms(5 * NEW_TOKENS) },
};

it('draws our tokens with onnxruntime-web, again and again', async () => {
  const ours = await (await startEngine({ requested: 'cpu' })).from(workload);
  const request = { samplesPerPrompt: 1, maxTokens: NEW_TOKENS, temperature: 1, topP: 1, topK: 0 };
  const { uniforms } = workload.sample;
  const { tokens } = await ours.sample({ prompts, uniforms, ...request });
  const engine = await onnxWasm().prepare(workload);
  expect(await engine.sample?.()).toEqual(tokens);
  expect(await engine.sample?.()).toEqual(tokens);
  expect(new Set(tokens).size).toBeGreaterThan(3);
  expect(engine.train).toBeUndefined();
  engine.dispose();
});

it('says which weight is missing', async () => {
  const weights = workload.weights.filter(({ name }) => !name.includes('layers.1.mlp.up'));
  await expect(onnxWasm().prepare({ ...workload, weights })).rejects.toThrow(
    'the weights lack "model.layers.1.mlp.up_proj.weight"',
  );
});
