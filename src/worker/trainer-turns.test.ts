/** What a trainer hears in the middle of a step that takes long. */
import { afterEach, expect, it } from 'vitest';
import { DEFAULT_CONFIG, type Config } from '../schema/params.ts';
import type { MetricRow } from '../schema/metrics.ts';
import { createClient, type Client } from './client.ts';
import { createTrainer } from './trainer.ts';
import { createEmit, serve } from './wire.ts';

const CONFIG: Config = {
  ...DEFAULT_CONFIG,
  backend: 'wasm',
  init: 'scratch',
  warmStartSteps: 2,
  hiddenSize: 16,
  numLayers: 1,
  numHeads: 2,
  intermediateSize: 24,
  batchGroups: 3,
  groupSize: 2,
  bufferMin: 1,
  evalEvery: 0,
  evalTasks: 2,
  evalDepth: 1,
};

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** @param tick what passes whenever the trainer asks for the time, in ms. */
async function openLab(tick: number, onTurn = (): void => undefined): Promise<Client> {
  const { port1, port2 } = new MessageChannel();
  let now = 0;
  const trainer = createTrainer({
    emit: createEmit(port2),
    openAssets: () => (path) => Promise.reject(new Error(`${path}: 404`)),
    clock: () => (now += tick),
    nextTask: () => {
      onTurn();
      return new Promise((resolve) => setTimeout(resolve, 0));
    },
  });
  const stop = serve(port2, trainer);
  const client = createClient(port1);
  closing.push(async () => {
    await client.call('dispose');
    stop();
    client.close();
    port1.close();
    port2.close();
  });
  await client.call('load', { config: CONFIG, assetBase: 'https://example.test/' });
  return client;
}

it('answers in the middle of a long step, within a few turns', async () => {
  let turns = 0;
  // Its clock says that every piece of a step took long.
  const client = await openLab(1000, () => turns++);
  turns = 0;
  await client.call('step');
  expect(turns).toBeGreaterThanOrEqual(8);
  let done = false;
  const stepping = client.call('step').then(() => (done = true));
  turns = 0;
  await client.call('ping');
  expect(turns).toBeLessThanOrEqual(3);
  expect(done).toBe(false);
  await stepping;
});

it('hears a pause in the middle of a step, and rests when that one is done', async () => {
  const client = await openLab(1000);
  const steps: number[] = [];
  client.on('progress', ({ rows }) => steps.push(...rows.map(({ step }) => step)));
  await client.call('play');
  await client.call('pause');
  expect(steps).toEqual([1]);
});

it('trains the same whether or not a step gives turns', async () => {
  const rows = await Promise.all([trainOnce(0), trainOnce(1000)]);
  const [expected, row] = rows.map(withoutTimes);
  expect(Object.keys(expected!).length).toBeGreaterThan(10);
  expect(row).toEqual(expected);
});

async function trainOnce(tick: number): Promise<MetricRow> {
  const client = await openLab(tick);
  const row = new Promise<MetricRow>((resolve) =>
    client.on('progress', ({ rows }) => resolve(rows[0]!)),
  );
  await client.call('step');
  return row;
}

function withoutTimes(row: MetricRow): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).filter(([id]) => !/time|memory|per_second/.test(id)),
  );
}
