import { beforeAll, describe, expect, it } from 'vitest';
import { fromFiles } from '../runs/bundle.ts';
import { METRICS, type MetricId, type MetricRow } from '../schema/metrics.ts';
import { DEFAULT_CONFIG, type Config } from '../schema/params.ts';
import { createSession, restoreSession, type Platform } from './create-session.ts';
import { exportFiles } from './export.ts';
import type { Session } from './session.ts';

/** Small enough for many runs, and with every random stream at work. */
const CONFIG: Config = {
  ...DEFAULT_CONFIG,
  backend: 'wasm',
  init: 'scratch',
  warmStartSteps: 6,
  hiddenSize: 16,
  numLayers: 1,
  numHeads: 2,
  intermediateSize: 24,
  batchGroups: 4,
  groupSize: 4,
  bufferMin: 2,
  bufferCapacity: 8,
  innerEpochs: 2,
  klBeta: 0.01,
  referenceEvery: 2,
  evalEvery: 2,
  evalTasks: 4,
  evalDepth: 2,
};

const PLATFORM: Platform = {
  assets: (path) => Promise.reject(new Error(`${path}: not there`)),
  clock: () => performance.now(),
  onLoading: () => undefined,
};

async function run(session: Session, steps: number): Promise<void> {
  for (let i = 0; i < steps; i++) await session.step();
}

/** Rows without what depends on the clock, and on how many sessions are alive beside the one tested. */
function comparable(rows: readonly MetricRow[]): unknown[] {
  const incidental = (id: string): boolean => {
    const declared = METRICS[id as MetricId];
    return id.startsWith('memory/') || (declared !== undefined && 'timing' in declared);
  };
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([id]) => !incidental(id))),
  );
}

let whole: Session;

beforeAll(async () => {
  whole = await createSession(CONFIG, PLATFORM);
  await run(whole, 6);
});

describe('a run', () => {
  it('repeats itself under the same seed, and differs under another', async () => {
    const again = await createSession(CONFIG, PLATFORM);
    await run(again, 6);
    expect(comparable(again.history.rows)).toEqual(comparable(whole.history.rows));
    expect(again.history.evaluations).toEqual(whole.history.evaluations);
    const other = await createSession({ ...CONFIG, seed: 2 }, PLATFORM);
    await run(other, 1);
    expect(comparable(other.history.rows)[0]).not.toEqual(comparable(whole.history.rows)[0]);
    again.dispose();
    other.dispose();
  });

  it('goes on from its files as if nothing had happened', async () => {
    const first = await createSession(CONFIG, PLATFORM);
    await run(first, 3);
    const files = await exportFiles(first);
    first.dispose();
    const second = await restoreSession(fromFiles(files), DEFAULT_CONFIG, PLATFORM);
    expect(second.info().step).toBe(3);
    await run(second, 3);
    expect(comparable(second.history.rows)).toEqual(comparable(whole.history.rows));
    expect(second.history.evaluations).toEqual(whole.history.evaluations);
    expect((await second.policy.save()).weights).toEqual((await whole.policy.save()).weights);
    second.dispose();
  });

  it('is not changed by being evaluated', async () => {
    const watched = await createSession(CONFIG, PLATFORM);
    for (let i = 0; i < 6; i++) {
      await watched.evaluate({ evalTasks: 3 });
      await watched.step();
    }
    const policies = await Promise.all([watched.policy.save(), whole.policy.save()]);
    expect(policies[0]).toEqual(policies[1]);
    watched.dispose();
  });

  it('evaluates before the first step and then as often as asked', () => {
    expect(whole.history.evaluations.map(({ step }) => step)).toEqual([0, 2, 4, 6]);
    expect(whole.history.rows[1]).toHaveProperty('eval/quality_2');
    expect(whole.history.rows[2]).not.toHaveProperty('eval/quality_2');
  });

  it('leaks no tensor', () => {
    const tensors = whole.history.rows.map((row) => row['memory/tensors']);
    expect(new Set(tensors).size).toBe(1);
  });
});

describe('a live parameter', () => {
  it('takes effect with the next step and leaves a mark', async () => {
    const session = await createSession(CONFIG, PLATFORM);
    await run(session, 1);
    const marks = session.set({ batchGroups: 6, temperature: CONFIG.temperature });
    expect(marks).toEqual([{ step: 2, param: 'batchGroups', from: 4, to: 6 }]);
    const { record } = await session.step();
    expect(record.groups).toHaveLength(6);
    expect(session.history.marks).toEqual(marks);
    session.dispose();
  });
});

describe('a run file that does not fit', () => {
  const tamper = async (path: string, edit: (text: string) => string): Promise<unknown> => {
    const files = (await exportFiles(whole)).map((file) =>
      file.path === path
        ? { path, bytes: new TextEncoder().encode(edit(new TextDecoder().decode(file.bytes))) }
        : file,
    );
    return restoreSession(fromFiles(files), DEFAULT_CONFIG, PLATFORM);
  };

  it('is refused with the field that is off', async () => {
    await expect(
      tamper('run.json', (text) => text.replace(/"score": [0-9.e-]+/, '"score": 7')),
    ).rejects.toThrow(/exitState\.buffer\.blocks\.0\.0\.score/);
    await expect(
      tamper('run.json', (text) => text.replace('"groupSize": 4', '"groupSize": 1')),
    ).rejects.toThrow(/groupSize.*1.*2 to 64/);
    await expect(
      tamper('run.json', (text) => text.replace(/"descriptors": \[\s*\d+/, '"descriptors": [ 99')),
    ).rejects.toThrow(/exitState\.buffer, history \d+|run\.json/);
  });
});
