/** Pretrained models trained behind the wire: built of named blobs, kept once, opened again. */
import { afterEach, describe, expect, it } from 'vitest';
import type { ModelFiles } from '../runs/model-files.ts';
import type { ModelStore } from '../runs/model-store.ts';
import { readSafetensors } from '../runs/safetensors.ts';
import { memorySets } from '../runs/store/drivers/memory.ts';
import { memoryLocks } from '../runs/store/locks.ts';
import { RunStore } from '../runs/store/run-store.ts';
import { TINY_SHAPE, tinyModel } from '../runs/tiny-model.testing.ts';
import { unzip } from '../runs/zip.ts';
import { DEFAULT_CONFIG, type Config } from '../schema/params.ts';
import { createClient, type Client } from './client.ts';
import type { Commands, Events } from './protocol.ts';
import { createTrainer } from './trainer.ts';
import { createEmit, serve } from './wire.ts';

const CONFIG: Config = {
  ...DEFAULT_CONFIG,
  ...{ task: 'countdown', backend: 'wasm', replicas: 1, batchGroups: 2, groupSize: 2 },
  ...{ bufferMin: 1, evalEvery: 2, evalTasks: 2, evalSamples: 1, evalDepth: 1, minibatches: 1 },
  ...{ entropyCoefficient: 0.1 },
};
const assetBase = 'https://example.test/';
const LORA = { rank: 2, alpha: 4, targets: ['q_proj', 'v_proj'] as const };
const TRAINING = { maxTokens: 12, lora: LORA, warmStartSteps: 1 };

const modelOf = (
  files: ModelFiles = tinyModel(),
): Commands['load']['request']['model'] & object => ({
  source: { files, name: 'Tiny' },
  training: TRAINING,
});

interface Kept {
  readonly store: RunStore;
  readonly models: ModelStore;
}

function newKept(): Kept {
  let [ids, time] = [0, 1000];
  const now = (): number => time++;
  const newId = (): string => `run-${++ids}`;
  const store = new RunStore({ sets: memorySets(), locks: memoryLocks(), now, newId });
  const held = new Map<string, { name: string; files: ModelFiles }>();
  const models: ModelStore = {
    list: () => Promise.resolve([...held].map(([id, { name }]) => ({ id, name, bytes: 0 }))),
    keep: ({ id, name }, files) => Promise.resolve(void held.set(id, { name, files })),
    read: (id) => Promise.resolve(held.get(id)),
    remove: (id) => Promise.resolve(void held.delete(id)),
  };
  return { store, models };
}

const tabs: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of tabs.splice(0)) await close();
});

function openTab({ store, models }: Kept): { client: Client; kept: Events['kept'][] } {
  const { port1, port2 } = new MessageChannel();
  const trainer = createTrainer({
    ...{ emit: createEmit(port2), openStore: () => Promise.resolve(store) },
    ...{ openModels: () => Promise.resolve(models), clock: () => performance.now() },
    openAssets: () => (path) => Promise.reject(new Error(`${path}: 404`)),
    nextTask: () => new Promise((resolve) => setTimeout(resolve, 0)),
  });
  const stop = serve(port2, trainer);
  const client = createClient(port1);
  const kept: Events['kept'][] = [];
  client.on('kept', (event) => kept.push(event));
  tabs.push(async () => {
    await client.call('dispose').catch(() => undefined);
    stop();
    client.close();
    port1.close();
    port2.close();
  });
  return { client, kept };
}

describe('a pretrained model', () => {
  it('is trained by its adapters, kept without its weights, and goes on elsewhere', async () => {
    const shelf = newKept();
    const { client, kept } = openTab(shelf);
    const info = await client.call('load', { config: CONFIG, assetBase, model: modelOf() });
    expect(info.model).toMatchObject({
      name: 'Tiny',
      maxTokens: 12,
      pieceKind: 'bytes',
      lora: LORA,
    });
    for (let step = 0; step < 2; step++) await client.call('step');
    const record = await client.ask('stepRecord', { step: 2 });
    expect(record!.groups).toHaveLength(2);
    const { id } = kept.at(-1)!;
    const [model] = await shelf.models.list();
    expect(model).toMatchObject({ id: info.model!.id, name: 'Tiny' });

    const zipped = await client.call('export');
    expect(zipped.path).toBe('exit-lab-countdown-tiny-step-2.zip');
    const files = new Map(unzip(zipped.bytes).map(({ path, bytes }) => [path, bytes]));
    expect([...files.keys()]).not.toContain('model.safetensors');
    const { tensors } = readSafetensors(files.get('adapter_model.safetensors')!);
    expect(tensors).toHaveLength(2 * 2 * TINY_SHAPE.numLayers);
    expect(
      tensors.some(({ name, values }) => name.includes('lora_B') && values.some(Boolean)),
    ).toBe(true);
    await client.call('step');
    const expected = (await client.ask('stepRecord', { step: 3 }))!;
    await client.call('dispose');

    const other = openTab(shelf);
    const opened = await other.client.call('open', { id, assetBase, backend: null });
    expect(opened).toMatchObject({ step: 3, model: { name: 'Tiny' } });
    expect(opened.rows).toHaveLength(3);
    const texts = ({ groups }: typeof expected): unknown =>
      groups.map(({ completions }) => completions.map(({ tokens }) => tokens));
    expect(texts((await other.client.ask('stepRecord', { step: 3 }))!)).toEqual(texts(expected));
    await other.client.call('step');

    const third = openTab(shelf);
    const imported = await third.client.call('import', { bytes: zipped.bytes, assetBase });
    expect(imported).toMatchObject({ step: 2, model: { name: 'Tiny' } });
    await third.client.call('step');
    // As the run itself went on from there.
    const again = (await third.client.ask('stepRecord', { step: 3 }))!;
    expect(again.groups.map(({ completions }) => completions)).toEqual(
      expected.groups.map(({ completions }) => completions),
    );
    expect(await third.client.call('reset')).toMatchObject({ step: 0, model: { name: 'Tiny' } });
  });

  it('says what it takes before any weight is read', async () => {
    const { client } = openTab(newKept());
    await client.call('load', { config: CONFIG, assetBase, model: modelOf() });
    const offer = await client.call('inspectModel', { model: modelOf(), config: CONFIG });
    expect(offer).toMatchObject({
      ...{ name: 'Tiny', architecture: 'Qwen2ForCausalLM', licence: 'apache-2.0', problem: null },
      ...{ positions: 1024, vocabulary: TINY_SHAPE.vocabSize },
    });
    expect(offer.stepSeconds).toBeGreaterThan(0);
    expect(offer.memoryBytes).toBeGreaterThan(8 * offer.parameters);
    const huge = { ...CONFIG, batchGroups: 512, groupSize: 256 };
    const { problem } = await client.call('inspectModel', {
      ...{ config: huge, model: { ...modelOf(), training: { ...TRAINING, maxTokens: 200 } } },
    });
    expect(problem).toMatch(
      /batchGroups 512 × groupSize 256: got up to .* GB.* with batchGroups \d+ it fits/,
    );
  });

  it('is refused in one sentence, and leaves the running one as it was', async () => {
    const { client } = openTab(newKept());
    await client.call('load', { config: CONFIG, assetBase, model: modelOf() });
    await client.call('step');
    const index = { weight_map: { 'model.norm.weight': 'model-2.safetensors' } };
    const cases: [ModelFiles, string][] = [
      [
        tinyModel({ 'config.json': { architectures: ['GPT2LMHeadModel'] } }),
        'config.json: architectures: got ["GPT2LMHeadModel"], expected one of',
      ],
      [
        tinyModel({ 'model.safetensors': undefined, 'model.safetensors.index.json': index }),
        'model-2.safetensors: is missing, and model.safetensors.index.json names it',
      ],
      [
        tinyModel({ 'tokenizer_config.json': { eos_token: '<|im_end|>' } }),
        'tokenizer_config.json: chat_template: got nothing, expected a template',
      ],
      [
        new Map([
          ...tinyModel({}, { ...TINY_SHAPE, intermediateSize: 40 }),
          ['config.json', tinyModel().get('config.json')!],
        ]),
        'model.safetensors: tensor "model.layers.0.mlp.gate_proj.weight": got shape [40, 24], expected [32, 24]',
      ],
    ];
    for (const [files, message] of cases) {
      const model = modelOf(files);
      await expect(client.call('inspectModel', { model, config: CONFIG })).rejects.toThrow(message);
      const problem = message.split(':')[0]!;
      await expect(client.call('load', { config: CONFIG, assetBase, model })).rejects.toThrow(
        problem,
      );
    }
    await client.call('step');
    expect(await client.ask('stepRecord', { step: 2 })).not.toBeNull();
  });

  it('whose files are gone is missed by name', async () => {
    const shelf = newKept();
    const { client, kept } = openTab(shelf);
    const info = await client.call('load', { config: CONFIG, assetBase, model: modelOf() });
    await client.call('step');
    const { id } = kept.at(-1)!;
    await client.call('dispose');
    await shelf.models.remove(info.model!.id);
    const other = openTab(shelf);
    await expect(other.client.call('open', { id, assetBase, backend: null })).rejects.toThrow(
      `base_model.json: id: got "${info.model!.id}" (Tiny), expected a model that this browser keeps`,
    );
  });
});
