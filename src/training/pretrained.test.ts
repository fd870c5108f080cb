import { describe, expect, it } from 'vitest';
import { createRng } from '../base/rng.ts';
import { initialWeights } from '../model/parameters.ts';
import type { PolicyConfig } from '../model/policy.ts';
import type { ReadFile } from '../runs/checkpoint.ts';
import { toHuggingFaceConfig } from '../runs/huggingface.ts';
import { writeSafetensors } from '../runs/safetensors.ts';
import { TEXT_VOCABULARY, textFiles } from '../runs/text-tokenizer.testing.ts';
import { DEFAULT_CONFIG, type Config } from '../schema/params.ts';
import { createModelSession, readPretrained, type Platform } from './create-session.ts';

/** Of a real model's kind: grouped queries, a head of its own width, a tokenizer of bytes. */
const SHAPE: PolicyConfig = {
  ...{ vocabSize: TEXT_VOCABULARY, hiddenSize: 24, intermediateSize: 32, numLayers: 2 },
  ...{ numHeads: 4, numKeyValueHeads: 2, headDim: 8, maxPositions: 1024, rmsNormEps: 1e-5 },
  ...{ ropeTheta: 10000, tieEmbeddings: true, attentionBias: true, bosId: 1, eosId: 0, padId: 0 },
};

function folder(shape = SHAPE): ReadFile {
  const weights = writeSafetensors(initialWeights(shape, createRng(1)));
  const text = textFiles({ 'config.json': toHuggingFaceConfig(shape) });
  return async (name) => (name === 'model.safetensors' ? weights : text(name));
}

const CONFIG: Config = {
  ...DEFAULT_CONFIG,
  ...{ task: 'countdown', backend: 'wasm', replicas: 1, batchGroups: 2, groupSize: 2 },
  ...{ bufferMin: 1, evalEvery: 0, evalTasks: 2, evalSamples: 1, minibatches: 1 },
};

const PLATFORM: Platform = {
  assets: () => Promise.reject(new Error('no assets')),
  clock: () => 0,
  onLoading: () => undefined,
};

describe('a pretrained model on a domain in words', () => {
  it('is evaluated as any policy is', async () => {
    const session = await createModelSession(await readPretrained(folder()), CONFIG, PLATFORM, {
      maxTokens: 12,
    });
    const { quality, tasks } = await session.evaluate({
      evalDepth: 1,
      evalSamples: 1,
      evalTasks: 2,
    });
    expect(tasks).toBe(2);
    // Random weights write no steps.
    expect(quality.map(({ mean }) => mean)).toEqual([0, 0]);
    session.dispose();
  });

  it('is trained by its adapters, and ends its answers where its tokenizer says', async () => {
    const { snapshot, text } = await readPretrained(folder());
    expect(text.pieces.words[snapshot.config.eosId]).toBe('<|im_end|>');
    const lora = { rank: 2, alpha: 4, targets: ['q_proj'] as const };
    const session = await createModelSession(
      { snapshot, text },
      { ...CONFIG, entropyCoefficient: 0.1 },
      PLATFORM,
      { maxTokens: 6, lora, warmStartSteps: 1 },
    );
    for (let step = 0; step < 2; step++) await session.step();
    const { weights, adapters } = await session.policy.save();
    expect(weights).toEqual(snapshot.weights);
    expect(
      adapters!.some(({ name, values }) => name.includes('lora_B') && values.some(Boolean)),
    ).toBe(true);
    session.dispose();
  });

  it('is refused where it is too short for the longest prompt', async () => {
    const model = await readPretrained(folder({ ...SHAPE, maxPositions: 64 }));
    await expect(createModelSession(model, CONFIG, PLATFORM, { maxTokens: 12 })).rejects.toThrow(
      'config.json: max_position_embeddings: got 64, expected at least',
    );
  });
});
