import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { BackendName } from '../model/backend.ts';
import { startEngine } from '../model/engine.ts';
import type { OpenPolicy, PolicySnapshot } from '../model/policy.ts';
import { beyondTolerance, checkGolden, type GoldenFolder } from './check.ts';
import { readGoldenFolder } from './folder.ts';

async function fixture(name: string, file: string): Promise<Uint8Array | undefined> {
  const url = new URL(`./fixtures/${name}/${file}`, import.meta.url);
  return existsSync(url) ? await readFile(url) : undefined;
}

const folderOf = (name: string): Promise<GoldenFolder> =>
  readGoldenFolder((file) => fixture(name, file));

const LLAMA = ['tied', 'untied'];
const SHAPES = [...LLAMA, 'gqa', 'qwen2', 'qwen3'];
const ENGINES = [
  ['wasm', [...SHAPES, 'lora', 'bf16']],
  ['cpu', [...SHAPES, 'lora']],
  ['tfjs-wasm', [...SHAPES, 'lora']],
  // The same operations as the one before, and slow.
  ['tfjs-cpu', LLAMA],
] as const satisfies readonly (readonly [BackendName, readonly string[]])[];

describe.each(ENGINES)('golden values on %s', (requested, fixtures) => {
  it.each(fixtures)('%s: every quantity within its tolerance', async (name) => {
    const engine = await startEngine({ requested });
    const before = engine.memory().buffers;
    const errors = await checkGolden(await folderOf(name), (snapshot) => engine.from(snapshot));
    expect(beyondTolerance(errors), JSON.stringify(errors)).toEqual([]);
    expect(engine.memory().buffers).toBe(before);
  });
});

describe('the check itself', () => {
  const onWasm = async (snapshot: PolicySnapshot): Promise<OpenPolicy> =>
    (await startEngine({ requested: 'wasm' })).from(snapshot);

  it('notices a weight that is off by a thousandth', async () => {
    const folder = await folderOf('tied');
    const weights = folder.weights.map((tensor) =>
      tensor.name.endsWith('layers.1.self_attn.k_proj.weight')
        ? { ...tensor, values: tensor.values.map((value) => value * 1.001) }
        : tensor,
    );
    const errors = await checkGolden({ ...folder, weights }, onWasm);
    expect(beyondTolerance(errors)).toEqual(
      expect.arrayContaining(['logits', 'logprobs', 'gradientNorms']),
    );
  });

  it('counts a row whose completion is masked out as a sequence, without its tokens', async () => {
    const { reference, ...model } = await folderOf('tied');
    const completionMask = reference.completionMask.map((row, b) =>
      b === 3 ? row.map(() => 0) : row,
    );
    const advantages = reference.advantages.map((a, b) => (b === 3 ? a + 100 : a));
    const losses = async (changed: Partial<typeof reference>): Promise<number> => {
      const folder = { ...model, reference: { ...reference, completionMask, ...changed } };
      return (await checkGolden(folder, onWasm)).losses;
    };
    expect(await losses({ advantages })).toBe(await losses({}));
  });

  it('takes NaN for an error', () => {
    const none = { losses: 0, logits: NaN } as Parameters<typeof beyondTolerance>[0];
    expect(beyondTolerance(none)).toContain('logits');
    expect(beyondTolerance(none)).not.toContain('losses');
  });
});

describe('a folder that is not golden', () => {
  it('names the field of reference.json that is missing', async () => {
    const broken = readGoldenFolder(async (file) => {
      const bytes = await fixture('tied', file);
      if (file !== 'reference.json') return bytes;
      const text = new TextDecoder().decode(bytes);
      const { adamw: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
      return Buffer.from(JSON.stringify(rest));
    });
    await expect(broken).rejects.toThrow(/reference\.json: adamw/);
  });
});
