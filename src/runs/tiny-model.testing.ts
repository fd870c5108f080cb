/** A made-up model in the form of real ones: grouped queries, biases, a tokenizer of bytes, a chat template. */
import { createRng } from '../base/rng.ts';
import { initialWeights } from '../model/parameters.ts';
import type { PolicyConfig } from '../model/policy.ts';
import { toHuggingFaceConfig } from './huggingface.ts';
import { writeSafetensors } from './safetensors.ts';
import { SETTINGS_FILE, TEXT_VOCABULARY, TOKENIZER_FILE } from './text-tokenizer.testing.ts';

export const TINY_SHAPE: PolicyConfig = {
  ...{ vocabSize: TEXT_VOCABULARY, hiddenSize: 24, intermediateSize: 32, numLayers: 2 },
  ...{ numHeads: 4, numKeyValueHeads: 2, headDim: 8, maxPositions: 1024, rmsNormEps: 1e-5 },
  ...{ ropeTheta: 10000, tieEmbeddings: true, attentionBias: true, bosId: 1, eosId: 0, padId: 0 },
};

/** @param changes texts or objects that take the place of files; undefined leaves one out. */
export function tinyModelFiles(
  changes: Readonly<Record<string, unknown>> = {},
  shape: PolicyConfig = TINY_SHAPE,
): Map<string, Uint8Array<ArrayBuffer>> {
  const files: Readonly<Record<string, unknown>> = {
    'config.json': toHuggingFaceConfig(shape),
    'model.safetensors': writeSafetensors(initialWeights(shape, createRng(1))),
    'tokenizer.json': TOKENIZER_FILE,
    'tokenizer_config.json': SETTINGS_FILE,
    'README.md': '---\nlicense: apache-2.0\n---\n# Tiny\n',
    ...changes,
  };
  const bytesOf = (content: unknown): Uint8Array<ArrayBuffer> =>
    content instanceof Uint8Array
      ? new Uint8Array(content)
      : new TextEncoder().encode(typeof content === 'string' ? content : JSON.stringify(content));
  return new Map(
    Object.entries(files)
      .filter(([, content]) => content !== undefined)
      .map(([name, content]) => [name, bytesOf(content)]),
  );
}

export function tinyModel(
  changes: Readonly<Record<string, unknown>> = {},
  shape: PolicyConfig = TINY_SHAPE,
): ReadonlyMap<string, Blob> {
  const files = tinyModelFiles(changes, shape);
  return new Map([...files].map(([name, bytes]) => [name, new Blob([bytes])]));
}
