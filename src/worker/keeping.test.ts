/** Runs that are kept as they are trained, asked through the wire, with a store in memory. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_CONFIG, type Config } from '../schema/params.ts';
import { memorySets } from '../runs/store/drivers/memory.ts';
import type { FileSets } from '../runs/store/files.ts';
import { memoryLocks } from '../runs/store/locks.ts';
import { RunStore } from '../runs/store/run-store.ts';
import { unzip } from '../runs/zip.ts';
import { Session } from '../training/session.ts';
import { createClient, type Client } from './client.ts';
import type { Events } from './protocol.ts';
import { createTrainer } from './trainer.ts';
import { createEmit, serve } from './wire.ts';

const CONFIG: Config = {
  ...DEFAULT_CONFIG,
  ...{ backend: 'wasm', init: 'scratch', warmStartSteps: 2, replicas: 1 },
  ...{ hiddenSize: 16, numLayers: 1, numHeads: 2, intermediateSize: 24 },
  ...{ batchGroups: 3, groupSize: 2, bufferMin: 1, evalEvery: 2, evalTasks: 2, evalDepth: 1 },
};
const assetBase = 'https://example.test/';

interface Tab {
  readonly client: Client;
  readonly kept: Events['kept'][];
  readonly unkept: Events['unkept'][];
  readonly wait: (ms: number) => void;
  readonly close: () => void;
}

const open: Tab[] = [];

function newStore(sets: FileSets = memorySets()): RunStore {
  let [ids, time] = [0, 1000];
  return new RunStore({
    ...{ sets, locks: memoryLocks() },
    now: () => time++,
    newId: () => `run-${++ids}`,
  });
}

function openTab(openStore: () => Promise<RunStore>): Tab {
  const { port1, port2 } = new MessageChannel();
  let now = 0;
  const trainer = createTrainer({
    emit: createEmit(port2),
    openAssets: () => (path) => Promise.reject(new Error(`${path}: 404`)),
    openStore,
    clock: () => now,
    nextTask: () => new Promise((resolve) => setTimeout(resolve, 0)),
  });
  const stop = serve(port2, trainer);
  const client = createClient(port1);
  const [kept, unkept]: [Events['kept'][], Events['unkept'][]] = [[], []];
  client.on('kept', (event) => kept.push(event));
  client.on('unkept', (event) => unkept.push(event));
  const close = (): void => {
    stop();
    client.close();
    port1.close();
    port2.close();
  };
  const tab = { client, kept, unkept, wait: (ms: number) => void (now += ms), close };
  open.push(tab);
  return tab;
}

async function openLoaded(openStore: () => Promise<RunStore>): Promise<Tab> {
  const tab = openTab(openStore);
  await tab.client.call('load', { config: CONFIG, assetBase });
  return tab;
}

const openKept = (tab: Tab, id: string) =>
  tab.client.call('open', { id, assetBase, backend: null });

async function steps(tab: Tab, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await tab.client.call('step');
}

/** Of every completion of a step; what is kept beside it is rounded. */
async function tokensOf(tab: Tab, step: number): Promise<unknown> {
  const record = await tab.client.ask('stepRecord', { step });
  return record?.groups.map(({ completions }) => completions.map(({ tokens }) => tokens));
}

async function weights(tab: Tab): Promise<Uint8Array> {
  const files = unzip((await tab.client.call('export')).bytes);
  return files.find(({ path }) => path === 'model.safetensors')!.bytes;
}

afterEach(async () => {
  for (const tab of open.splice(0)) {
    await tab.client.call('dispose');
    tab.close();
  }
});

describe('a run that is trained', () => {
  it('is in the store from its first step on, and not before', async () => {
    const store = newStore();
    const tab = await openLoaded(async () => store);
    expect(await store.list()).toEqual([]);
    await tab.client.call('step');
    expect(await store.list()).toMatchObject([{ id: 'run-1', step: 1, seed: CONFIG.seed }]);
    expect(tab.kept.at(-1)).toEqual({
      ...{ id: 'run-1', step: 1, isReadOnly: false },
      name: expect.stringContaining('locks') as string,
    });
  });

  it('is saved now and then as it plays, and at a pause', async () => {
    const store = newStore();
    const tab = await openLoaded(async () => store);
    await tab.client.call('play');
    const saved = (): number => tab.kept.at(-1)?.step ?? 0;
    await vi.waitFor(() => expect(tab.kept.length).toBeGreaterThan(1));
    tab.wait(60_000);
    await vi.waitFor(() => expect(saved()).toBeGreaterThan(0));
    await tab.client.call('pause');
    await tab.client.call('save');
    const { rows } = (await store.read('run-1')).bundle;
    expect(saved()).toBe(rows.at(-1)!.step);
  });

  it('goes on in another tab as if it had never been away', async () => {
    const store = newStore();
    const first = await openLoaded(async () => store);
    await steps(first, 3);
    const shown = await tokensOf(first, 2);
    await first.client.call('load', { config: { ...CONFIG, seed: 9 }, assetBase });
    const again = openTab(async () => store);
    const reply = await openKept(again, 'run-1');
    expect(reply).toMatchObject({ step: 3, latest: { step: 3 } });
    expect(reply.rows.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(reply.profiles.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(reply.evaluations.map(({ step }) => step)).toEqual([0, 2]);
    expect(await tokensOf(again, 2)).toEqual(shown);
    await steps(again, 2);

    const whole = await openLoaded(async () => newStore());
    await steps(whole, 5);
    expect(await weights(again)).toEqual(await weights(whole));
    expect(await tokensOf(again, 5)).toEqual(await tokensOf(whole, 5));
  });

  it('stays when the run is reset, and a new one begins', async () => {
    const store = newStore();
    const tab = await openLoaded(async () => store);
    await steps(tab, 2);
    await tab.client.call('reset');
    expect(tab.kept.at(-1)).toBeNull();
    await steps(tab, 1);
    const listed = (await store.list()).map(({ id, step }) => [id, step]);
    expect(listed.sort()).toEqual([
      ['run-1', 2],
      ['run-2', 1],
    ]);
  });

  it('is only looked at where another tab trains it, and can be trained when that lets go', async () => {
    const store = newStore();
    const first = await openLoaded(async () => store);
    await steps(first, 1);
    const second = openTab(async () => store);
    await openKept(second, 'run-1');
    expect(second.kept.at(-1)).toMatchObject({ id: 'run-1', isReadOnly: true });
    await expect(second.client.call('step')).rejects.toThrow('trained in another window');
    await expect(second.client.call('play')).rejects.toThrow('trained in another window');
    await first.client.call('dispose');
    await openKept(second, 'run-1');
    await steps(second, 1);
    expect(second.kept.at(-1)).toMatchObject({ id: 'run-1', step: 2, isReadOnly: false });
  });

  it('comes into the store at once where it comes from a file, its steps with it', async () => {
    const first = await openLoaded(async () => newStore());
    await steps(first, 3);
    const { bytes } = await first.client.call('export');
    const store = newStore();
    const second = openTab(async () => store);
    const reply = await second.client.call('import', { bytes, assetBase });
    expect(reply.profiles.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(second.kept.at(-1)).toMatchObject({ id: 'run-1', step: 3 });
    expect(await second.client.ask('stepRecord', { step: 1 })).not.toBeNull();
    await steps(second, 1);
    expect((await store.list())[0]).toMatchObject({ step: 4 });
  });
});

describe('updates that are not finite', () => {
  it('are not saved, and three in a row are told as such', async () => {
    const store = newStore();
    const tab = await openLoaded(async () => store);
    const failures: Events['failure'][] = [];
    tab.client.on('failure', (failure) => failures.push(failure));
    await steps(tab, 2);
    const whole = Object.getOwnPropertyDescriptor(Session.prototype, 'step')!;
    const step = vi.spyOn(Session.prototype, 'step').mockImplementation(async function (
      this: Session,
    ) {
      const made = await (whole.value as Session['step']).call(this);
      return { ...made, row: { ...made.row, skipped_updates: 1 } };
    });
    await tab.client.call('play');
    await vi.waitFor(() => expect(failures).toHaveLength(1));
    step.mockRestore();
    expect(failures[0]).toEqual({
      message: 'three updates in a row were not finite',
      kind: 'diverged',
    });
    tab.wait(60_000);
    await tab.client.call('save');
    expect((await store.list())[0]).toMatchObject({ step: 2 });
    await openKept(
      openTab(async () => store),
      'run-1',
    );
  });
});

describe('where nothing can be kept', () => {
  it('trains all the same, says so once, and exports its steps', async () => {
    const tab = await openLoaded(() => Promise.reject(new Error('no private file system')));
    await steps(tab, 3);
    expect(tab.unkept).toEqual([{ message: 'no private file system' }]);
    const { bytes } = await tab.client.call('export');
    expect(unzip(bytes).map(({ path }) => path)).toContain('steps/000001-000003.bin');
  });

  it('hands the page what it can go on from, which another worker takes up exactly', async () => {
    const nothing = (): Promise<never> => Promise.reject(new Error('no private file system'));
    const tab = await openLoaded(nothing);
    const snapshots: Events['snapshot'][] = [];
    tab.client.on('snapshot', (snapshot) => snapshots.push(snapshot));
    for (let i = 0; i < 3; i++) {
      await steps(tab, 1);
      tab.wait(60_000);
    }
    expect(snapshots.map(({ step }) => step)).toEqual([1, 2, 3]);
    const next = openTab(nothing);
    const { bytes } = snapshots[1]!;
    const reply = await next.client.call('import', { bytes, assetBase, backend: 'cpu' });
    expect(reply).toMatchObject({ step: 2, backend: { name: 'cpu' } });
    const again = openTab(nothing);
    await again.client.call('import', { bytes: snapshots[2]!.bytes, assetBase });
    await steps(again, 2);
    await steps(tab, 2);
    expect(await weights(again)).toEqual(await weights(tab));
  });

  it('warns where there is no room, and drops checkpoints of other runs a minute later', async () => {
    const sets = memorySets();
    let isFull = false;
    const store = newStore({
      ...sets,
      open: async (name, mode) => {
        const files = await sets.open(name, mode);
        return Object.create(files, {
          commit: {
            value: async (changes: Parameters<typeof files.commit>[0]) => {
              if (isFull && changes.write?.has('model.safetensors')) {
                throw new DOMException('no space', 'QuotaExceededError');
              }
              if ([...(changes.remove ?? [])].length > 0) isFull = false;
              await files.commit(changes);
            },
          },
        }) as typeof files;
      },
    });
    const tab = await openLoaded(async () => store);
    const rooms: Events['madeRoom'][] = [];
    tab.client.on('madeRoom', (room) => rooms.push(room));
    await steps(tab, 1);
    await tab.client.call('reset');
    await steps(tab, 1);
    expect((await store.read('run-1')).checkpoints).toEqual([0, 1]);
    isFull = true;
    await steps(tab, 1);
    expect(tab.unkept).toHaveLength(1);
    expect(tab.unkept[0]!.message).toMatch(/^no space\. If there is no room in a minute/);
    expect((await store.read('run-1')).checkpoints).toEqual([0, 1]);
    tab.wait(60_000);
    await steps(tab, 1);
    expect(rooms).toMatchObject([{ checkpoints: 1 }]);
    expect((await store.read('run-1')).checkpoints).toEqual([1]);
    await steps(tab, 1);
    expect(tab.kept.at(-1)).toMatchObject({ id: 'run-2', step: 4 });
  });

  it('tries again after a save that failed, and has all steps then', async () => {
    const sets = memorySets();
    let isFull = false;
    const store = newStore({
      ...sets,
      open: async (name, mode) => {
        const files = await sets.open(name, mode);
        return Object.create(files, {
          commit: {
            value: async (changes: Parameters<typeof files.commit>[0]) => {
              if (isFull) throw new Error('the disk is full');
              await files.commit(changes);
            },
          },
        }) as typeof files;
      },
    });
    const tab = await openLoaded(async () => store);
    await steps(tab, 1);
    isFull = true;
    await steps(tab, 2);
    expect(tab.unkept).toEqual([{ message: 'the disk is full' }]);
    isFull = false;
    await steps(tab, 1);
    expect(tab.kept.at(-1)).toMatchObject({ step: 4 });
    const written: number[] = [];
    for await (const { step } of (await store.read('run-1')).records()) written.push(step);
    expect(written).toEqual([1, 2, 3, 4]);
  });

  it('refuses a run that is not there, and goes on with the one that is', async () => {
    const store = newStore();
    const tab = await openLoaded(async () => store);
    await steps(tab, 1);
    await expect(openKept(tab, 'elsewhere')).rejects.toThrow('got "elsewhere", expected the id');
    await steps(tab, 1);
    expect(tab.kept.at(-1)).toMatchObject({ id: 'run-1', step: 2 });
  });
});
