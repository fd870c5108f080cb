import { zipSync } from 'fflate';
import { expect, test } from './fixtures.ts';
import { LabPage, QUICK, readDownload, steadyRows, textOf } from './lab.ts';
import { readSafetensors } from './safetensors.ts';

const FILES = [
  'README.md',
  'config.json',
  'generation_config.json',
  'metrics.jsonl',
  'model.safetensors',
  'run.json',
  'tokenizer.json',
  'tokenizer_config.json',
];

test('exports weights that another program can read', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open(QUICK);
  await lab.step();
  const files = await lab.export();
  expect(Object.keys(files)).toEqual(expect.arrayContaining(FILES));

  const tensors = readSafetensors(files['model.safetensors']!);
  const config = JSON.parse(textOf(files, 'config.json')) as Record<string, number>;
  const layer = ['q', 'k', 'v', 'o'].map((name) => `self_attn.${name}_proj`);
  const mlp = ['gate', 'up', 'down'].map((name) => `mlp.${name}_proj`);
  const norms = ['input_layernorm', 'post_attention_layernorm'];
  const names = [0, 1].flatMap((i) =>
    [...layer, ...mlp, ...norms].map((name) => `model.layers.${i}.${name}.weight`),
  );
  const ends = ['model.embed_tokens.weight', 'model.norm.weight'];
  expect([...tensors.keys()].sort()).toEqual([...names, ...ends].sort());

  const { vocab_size: vocab, hidden_size: d, intermediate_size: inner } = config;
  expect(tensors.get('model.embed_tokens.weight')!.shape).toEqual([vocab, d]);
  expect(tensors.get('model.layers.1.mlp.down_proj.weight')!.shape).toEqual([d, inner]);
  for (const [name, { values }] of tensors) {
    expect(values.every(Number.isFinite), name).toBe(true);
    expect(new Set(values).size, name).toBeGreaterThan(1);
  }
});

test('an exported run goes on where it was after an import', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open(QUICK);
  await lab.step();
  const zip = await readDownload(await lab.downloadExport());
  await lab.step();
  const uninterrupted = steadyRows(await lab.export());

  await lab.open(QUICK.replace('batchGroups=4', 'batchGroups=3'));
  await lab.import('run.zip', zip);
  await expect(lab.stepCounter()).toHaveText('1');
  await lab.ready();
  await lab.step();
  expect(steadyRows(await lab.export())).toEqual(uninterrupted);
});

test('a file that is no run is refused with what is wrong, and the session goes on', async ({
  page,
}) => {
  const lab = new LabPage(page);
  await lab.open(QUICK);
  await lab.step();
  const files = await lab.export();
  const broken = { ...files, 'model.safetensors': files['model.safetensors']!.subarray(0, 1000) };
  const refused = page.getByRole('region', { name: /not imported/ });
  for (const [name, bytes] of [
    ['notes.zip', new TextEncoder().encode('not a zip at all')],
    ['truncated.zip', zipSync(broken)],
  ] as const) {
    await lab.import(name, bytes);
    await expect(refused).toHaveCount(1);
    await expect(refused.getByRole('listitem')).not.toBeEmpty();
    await refused.getByRole('button', { name: /Dismiss/ }).click();
    await expect(refused).toHaveCount(0);
  }
  await expect(lab.stepCounter()).toHaveText('1');
  await lab.step();
});

test('files that are not needed are passed over, and named', async ({ page }) => {
  const lab = new LabPage(page);
  await lab.open(QUICK);
  await lab.step();
  const files = await lab.export();
  await lab.import('run.zip', zipSync({ ...files, '.gitattributes': new Uint8Array([42]) }));
  const named = page.getByRole('region', { name: /not needed and were passed over/ });
  await expect(named.getByRole('listitem')).toHaveText(['.gitattributes']);
  await expect(lab.stepCounter()).toHaveText('1');
  await lab.ready();
});
