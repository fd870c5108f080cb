/** A pretrained model that was adapted, as the files that PEFT and transformers load. */
import { describe, expect, it } from 'vitest';
import { createRng } from '../base/rng.ts';
import { adapterSpecs, mergedWeights } from '../model/parameters.ts';
import type { RunBundle } from '../runs/bundle.ts';
import { readCheckpoint } from '../runs/checkpoint.ts';
import { tinyModel, tinyModelFiles, TINY_SHAPE } from '../runs/tiny-model.testing.ts';
import type { BundleFile } from '../runs/zip.ts';
import { writeCausalLm } from './onnx/causal-lm.ts';
import { exportTo } from './targets.ts';

const config = {
  ...TINY_SHAPE,
  lora: { rank: 2, alpha: 4, targets: ['q_proj', 'up_proj'] as const },
};
const rng = createRng(7);
const adapters = adapterSpecs(config).map(({ name, shape }) => {
  const length = shape.reduce((product, size) => product * size, 1);
  return { name, shape, values: Float32Array.from({ length }, () => rng.next() - 0.5) };
});
const base = { id: '0'.repeat(32), name: 'Tiny', maxTokens: 8 };
const bundle: RunBundle = {
  snapshot: { config, weights: [], adapters },
  base,
  words: [],
  rows: [],
};

const reading =
  (files: readonly BundleFile[]) =>
  (name: string): Promise<Uint8Array | undefined> =>
    Promise.resolve(files.find(({ path }) => path === name)?.bytes);

describe('adapters of a pretrained model', () => {
  it('go with its files into the same policy', async () => {
    const files = await exportTo('peft', bundle);
    expect(files.map(({ path }) => path)).toEqual([
      'adapter_config.json',
      'adapter_model.safetensors',
    ]);
    const own = [...tinyModelFiles()].map(([path, bytes]) => ({ path, bytes }));
    const read = await readCheckpoint(reading([...own, ...files]));
    expect(read.config.lora).toEqual(config.lora);
    expect(read.adapters).toEqual(adapters);
  });

  it('are added to its weights', async () => {
    const files = await exportTo('merged', bundle, tinyModel());
    const paths = ['model.safetensors', 'config.json', 'tokenizer.json', 'tokenizer_config.json'];
    expect(files.map(({ path }) => path)).toEqual(paths);
    const own = [...tinyModelFiles()].map(([path, bytes]) => ({ path, bytes }));
    const { weights } = await readCheckpoint(reading(own));
    const merged = await readCheckpoint(reading(files));
    expect(merged.config.lora).toBeUndefined();
    expect(merged.weights).toEqual(mergedWeights({ config, weights, adapters }));
    expect(merged.weights).not.toEqual(weights);
  });

  it('leave as the ONNX graph of the model that they make of it', async () => {
    const files = await exportTo('onnx', bundle, tinyModel());
    const merged = await readCheckpoint(reading(await exportTo('merged', bundle, tinyModel())));
    expect(files.map(({ path }) => path)).toContain('tokenizer.json');
    expect(files.find(({ path }) => path === 'onnx/decoder_model.onnx')?.bytes).toEqual(
      writeCausalLm(TINY_SHAPE, merged.weights, { cache: false }),
    );
    await expect(exportTo('onnx', bundle)).rejects.toThrow('expected the files of "Tiny"');
  });

  it('are refused where there are none, or no model to add them to', async () => {
    const without = { ...bundle, snapshot: { config: TINY_SHAPE, weights: [] } };
    await expect(exportTo('peft', without)).rejects.toThrow(
      'adapter_model.safetensors: is missing, expected a run that trained adapters',
    );
    await expect(exportTo('merged', bundle)).rejects.toThrow(
      'model.safetensors: is missing, expected the files of "Tiny" beside the run',
    );
  });
});
