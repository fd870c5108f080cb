import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mergedWeights } from '../model/parameters.ts';
import { toAdapterFiles } from './adapters.ts';
import { readCheckpoint, type ReadFile } from './checkpoint.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

const fixture =
  (name: string): ReadFile =>
  (file) => {
    const url = new URL(`../golden/fixtures/${name}/${file}`, import.meta.url);
    return Promise.resolve(existsSync(url) ? readFileSync(url) : undefined);
  };

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** A folder with some files in the place of its own; undefined takes one away. */
const changed =
  (read: ReadFile, files: Readonly<Record<string, Uint8Array | undefined>>): ReadFile =>
  async (file) =>
    file in files ? files[file] : read(file);

const shard = (i: number): string => `model-0000${i}-of-00002.safetensors`;

/** The tensors of a model in two files, with the index that says which is where. */
async function sharded(name: string): Promise<Record<string, Uint8Array | undefined>> {
  const { tensors } = readSafetensors((await fixture(name)('model.safetensors'))!);
  const parts = [tensors.slice(0, 5), tensors.slice(5)];
  const entries = parts.flatMap((part, i) => part.map((one) => [one.name, shard(i + 1)] as const));
  return {
    'model.safetensors': undefined,
    'model.safetensors.index.json': bytes({
      metadata: { total_size: 1 },
      weight_map: Object.fromEntries(entries),
    }),
    ...Object.fromEntries(parts.map((part, i) => [shard(i + 1), writeSafetensors(part)])),
  };
}

describe('a checkpoint', () => {
  it('in several files is that of one', async () => {
    const whole = await readCheckpoint(fixture('qwen3'));
    const parts = await readCheckpoint(changed(fixture('qwen3'), await sharded('qwen3')));
    expect(parts).toEqual(whole);
  });

  it('of 16 bits is widened', async () => {
    const { weights } = await readCheckpoint(fixture('bf16'));
    expect(weights.every(({ values }) => values.some((value) => value !== 0))).toBe(true);
    // Nothing stands below the upper half of a float32.
    const halves = weights.flatMap(({ values }) => [...new Uint16Array(values.buffer)]);
    expect(halves.every((half, i) => i % 2 === 1 || half === 0)).toBe(true);
  });

  it('may repeat a tied head, and hold frequencies', async () => {
    const { tensors } = readSafetensors((await fixture('gqa')('model.safetensors'))!);
    const head = tensors.find(({ name }) => name === 'model.embed_tokens.weight')!;
    const inverse = {
      name: 'model.layers.0.self_attn.rotary_emb.inv_freq',
      shape: [6],
      values: new Float32Array(6),
    };
    const file = writeSafetensors([...tensors, { ...head, name: 'lm_head.weight' }, inverse]);
    const read = changed(fixture('gqa'), { 'model.safetensors': file });
    expect(await readCheckpoint(read)).toEqual(await readCheckpoint(fixture('gqa')));
  });

  it.each<[string, (files: Record<string, Uint8Array | undefined>) => object, string]>([
    [
      'no weights',
      () => ({ 'model.safetensors.index.json': undefined }),
      'model.safetensors: is missing',
    ],
    ['no config', () => ({ 'config.json': undefined }), 'config.json: is missing'],
    [
      'a missing shard',
      () => ({ [shard(2)]: undefined }),
      `${shard(2)}: is missing, and model.safetensors.index.json names it for "`,
    ],
    [
      'a shard that is another',
      (files) => ({ [shard(2)]: files[shard(1)] }),
      `is missing, and model.safetensors.index.json says it is here`,
    ],
    [
      'a shard out of the folder',
      () => ({ 'model.safetensors.index.json': bytes({ weight_map: { x: '../a.safetensors' } }) }),
      'weight_map.x: got "../a.safetensors", expected the name of a safetensors file',
    ],
    [
      'a shard that is cut off',
      (files) => ({ [shard(1)]: files[shard(1)]!.subarray(0, 100) }),
      `${shard(1)}: the header should take`,
    ],
  ])('with %s is refused', async (_what, change, message) => {
    const files = await sharded('qwen2');
    const read = changed(fixture('qwen2'), { ...files, ...change(files) });
    await expect(readCheckpoint(read)).rejects.toThrow(message);
  });

  it('of shapes that disagree with its config names the tensor', async () => {
    const config = JSON.parse(
      new TextDecoder().decode(await fixture('gqa')('config.json')),
    ) as object;
    const read = changed(fixture('gqa'), {
      'config.json': bytes({ ...config, num_key_value_heads: 1 }),
    });
    await expect(readCheckpoint(read)).rejects.toThrow(
      'tensor "model.layers.0.self_attn.k_proj.weight": got shape [24, 32], expected [12, 32]',
    );
  });
});

describe('adapters', () => {
  it('come back as they were written', async () => {
    const snapshot = await readCheckpoint(fixture('lora'));
    expect(snapshot.config.lora).toMatchObject({ rank: 4, alpha: 6 });
    const files = toAdapterFiles(snapshot.config, snapshot.adapters!, 'base');
    const written = Object.fromEntries(files.map(({ path, bytes }) => [path, bytes]));
    expect(await readCheckpoint(changed(fixture('lora'), written))).toEqual(snapshot);
  });

  it('added to the weights make those of the reference', async () => {
    const text = new TextDecoder().decode(await fixture('lora')('reference.json'));
    const { mergedHead } = JSON.parse(text) as { mergedHead: Record<string, number[]> };
    const merged = mergedWeights(await readCheckpoint(fixture('lora')));
    for (const { name, values } of merged) {
      const head = mergedHead[name]!;
      head.forEach((value, i) => expect(values[i]).toBeCloseTo(value, 6));
    }
    expect(merged).toHaveLength(Object.keys(mergedHead).length);
  });

  it.each<[object, string]>([
    [{ peft_type: 'IA3' }, 'peft_type: got "IA3", expected "LORA"'],
    [{ r: 0 }, 'r: got 0, expected a whole number of at least 1'],
    [
      { target_modules: ['q_proj', 'lm_head'] },
      'target_modules.1: got "lm_head", expected names of',
    ],
    [{ use_rslora: true }, 'use_rslora: got true, expected false'],
    [{ modules_to_save: ['lm_head'] }, 'modules_to_save: got ["lm_head"], expected nothing'],
    [{ r: 8 }, 'lora_A.weight": got shape [4, 32], expected [8, 32]'],
  ])('of another kind are refused (%o)', async (change, message) => {
    const described = JSON.parse(
      new TextDecoder().decode(await fixture('lora')('adapter_config.json')),
    ) as object;
    const read = changed(fixture('lora'), {
      'adapter_config.json': bytes({ ...described, ...change }),
    });
    await expect(readCheckpoint(read)).rejects.toThrow(message);
  });
});
