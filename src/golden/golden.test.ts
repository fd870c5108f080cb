import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { startBackend, tensorMemory } from '../policy/tf/backend.ts';
import { beyondTolerance, checkGolden, type GoldenFolder } from './check.ts';
import { readGoldenFolder } from './folder.ts';

const folderOf = (name: string): Promise<GoldenFolder> =>
  readGoldenFolder((file) => readFile(new URL(`./fixtures/${name}/${file}`, import.meta.url)));

describe.each(['wasm', 'cpu'] as const)('golden values on %s', (backend) => {
  it.each(['tied', 'untied'])('%s: every quantity within its tolerance', async (name) => {
    await startBackend({ requested: backend });
    const before = tensorMemory().tensors;
    const errors = await checkGolden(await folderOf(name));
    expect(beyondTolerance(errors), JSON.stringify(errors)).toEqual([]);
    expect(tensorMemory().tensors).toBe(before);
  });
});

describe('the check itself', () => {
  it('notices a weight that is off by a thousandth', async () => {
    await startBackend({ requested: 'wasm' });
    const folder = await folderOf('tied');
    const weights = folder.weights.map((tensor) =>
      tensor.name.endsWith('layers.1.self_attn.k_proj.weight')
        ? { ...tensor, values: tensor.values.map((value) => value * 1.001) }
        : tensor,
    );
    const errors = await checkGolden({ ...folder, weights });
    expect(beyondTolerance(errors)).toEqual(
      expect.arrayContaining(['logits', 'logprobs', 'gradientNorms']),
    );
  });

  it('counts a row whose completion is masked out as a sequence, without its tokens', async () => {
    await startBackend({ requested: 'wasm' });
    const { reference, ...model } = await folderOf('tied');
    const completionMask = reference.completionMask.map((row, b) =>
      b === 3 ? row.map(() => 0) : row,
    );
    const advantages = reference.advantages.map((a, b) => (b === 3 ? a + 100 : a));
    const losses = async (changed: Partial<typeof reference>): Promise<number> => {
      const folder = { ...model, reference: { ...reference, completionMask, ...changed } };
      return (await checkGolden(folder)).losses;
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
      const bytes = await readFile(new URL(`./fixtures/tied/${file}`, import.meta.url));
      if (file !== 'reference.json') return bytes;
      const { adamw: _, ...rest } = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
      return Buffer.from(JSON.stringify(rest));
    });
    await expect(broken).rejects.toThrow(/reference\.json: adamw/);
  });
});

afterAll(() => startBackend({ requested: 'cpu' }));
