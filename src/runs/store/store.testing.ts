/** Test support: short real runs in a store. */
import { DEFAULT_CONFIG, type Config } from '../../schema/params.ts';
import type { StepRecord } from '../../schema/records.ts';
import { createSession, restoreSession, type Platform } from '../../training/create-session.ts';
import { bundleOf } from '../../training/export.ts';
import type { Session } from '../../training/session.ts';
import type { RunBundle } from '../bundle.ts';
import { memorySets } from './drivers/memory.ts';
import { memoryLocks } from './locks.ts';
import { RunStore, type OpenRun, type StoreOptions } from './run-store.ts';

export const CONFIG: Config = {
  ...DEFAULT_CONFIG,
  ...{ warmStartSteps: 20, hiddenSize: 16, numLayers: 1, numHeads: 2, intermediateSize: 24 },
  ...{ batchGroups: 4, groupSize: 3, bufferMin: 1, bufferCapacity: 12, trainTasks: 3 },
  ...{ evalEvery: 2, evalTasks: 2, evalDepth: 2, init: 'scratch', backend: 'wasm' },
};

const PLATFORM: Platform = {
  assets: (path) => Promise.reject(new Error(`${path}: not there`)),
  clock: () => 0,
  onLoading: () => undefined,
};

export function newSession(): Promise<Session> {
  return createSession(CONFIG, PLATFORM);
}

export function sessionFrom(bundle: RunBundle): Promise<Session> {
  return restoreSession(bundle, CONFIG, PLATFORM);
}

export function newStore(options: Partial<StoreOptions> = {}): RunStore {
  let [ids, time] = [0, 1000];
  return new RunStore({
    sets: memorySets(),
    locks: memoryLocks(),
    now: () => time++,
    newId: () => `run-${++ids}`,
    ...options,
  });
}

/** Trains so many steps, written down where there is somewhere to write. */
export async function trained(
  session: Session,
  count: number,
  run?: Pick<OpenRun, 'add'>,
): Promise<StepRecord[]> {
  const records: StepRecord[] = [];
  for (let i = 0; i < count; i++) {
    const { record } = await session.step();
    run?.add(record);
    records.push(record);
  }
  return records;
}

/** A new run in the store, trained so many steps and saved after each so many. */
export async function storedRun(store: RunStore, steps: number, saveEvery = steps) {
  const session = await newSession();
  const id = await store.create(await bundleOf(session));
  const run = await store.write(id);
  const records: StepRecord[] = [];
  while (records.length < steps) {
    records.push(...(await trained(session, saveEvery, run)));
    await run.save(await bundleOf(session));
  }
  await run.close();
  return { id, session, records };
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
