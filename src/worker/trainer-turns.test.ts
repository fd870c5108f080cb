/** What a trainer hears in the middle of a step that takes long. */
import { expect, it } from 'vitest';
import type { MetricRow } from '../schema/metrics.ts';
import type { Client } from './client.ts';
import { load, openLab } from './trainer.testing.ts';

async function openTicking(tick: number, onTurn?: () => void): Promise<Client> {
  const lab = openLab({ tick, ...(onTurn && { onTurn }) });
  await load(lab);
  return lab.client;
}

it('answers in the middle of a long step, within a few turns', async () => {
  let turns = 0;
  // Its clock says that every piece of a step took long.
  const client = await openTicking(1000, () => turns++);
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
  const client = await openTicking(1000);
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
  const client = await openTicking(tick);
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
