import { describe, expect, it } from 'vitest';
import { toFiles, fromFiles } from '../bundle.ts';
import { RunFormatError } from '../checks.ts';
import { unzip, zip } from '../zip.ts';
import { bundleOf } from '../../training/export.ts';
import { Archive } from '../index/archive.ts';
import { memorySets } from './drivers/memory.ts';
import type { FileSets } from './files.ts';
import { memoryLocks } from './locks.ts';
import { recordsIn } from './reader.ts';
import { RunInUseError } from './run-store.ts';
import type { Session } from '../../training/session.ts';
import { all, newStore, sessionFrom, storedRun, trained } from './store.testing.ts';

const steps = (records: readonly { readonly step: number }[]): number[] =>
  records.map(({ step }) => step);
const filesOf = async (session: Session) => toFiles(await bundleOf(session));

describe('a run in the store', () => {
  it('goes on from where it was saved as the uninterrupted one does, to the bit', async () => {
    const store = newStore();
    const { id, session } = await storedRun(store, 4, 2);
    await trained(session, 4);
    const { bundle } = await store.read(id);
    const resumed = await sessionFrom(bundle);
    const run = await store.write(id);
    await trained(resumed, 4, run);
    expect(await filesOf(resumed)).toEqual(await filesOf(session));
    await run.save(await bundleOf(resumed));
    const again = await sessionFrom((await store.read(id)).bundle);
    expect(await filesOf(again)).toEqual(await filesOf(session));
  });

  it('keeps every step, whole curriculum included', async () => {
    const store = newStore();
    const { id, records } = await storedRun(store, 6, 2);
    const back = await all((await store.read(id)).records());
    expect(steps(back)).toEqual([1, 2, 3, 4, 5, 6]);
    const [own, stored] = [new Archive(), new Archive()];
    records.forEach((record) => own.add(record));
    back.forEach((record) => stored.add(record));
    expect(stored.tasks(5)).toEqual(own.tasks(5));
    const { taskId } = own.tasks(1)[0]!;
    expect(stored.lineage(taskId)).toEqual(own.lineage(taskId));
    expect(back.map(({ groups }) => groups.map(({ prompt }) => prompt))).toEqual(
      records.map(({ groups }) => groups.map(({ prompt }) => prompt)),
    );
  });

  it('comes back whole through an exported zip, and through one without its steps', async () => {
    const store = newStore();
    const { id, session } = await storedRun(store, 4, 2);
    const exported = unzip(zip(await store.export(id)));
    const copy = await newStore().import(exported);
    expect(copy).toBe('run-1');
    const bundle = fromFiles(exported);
    expect(steps(await all(recordsIn(bundle.steps ?? [])))).toEqual([1, 2, 3, 4]);
    expect(await filesOf(await sessionFrom(bundle))).toEqual(await filesOf(session));
    const bare = fromFiles(exported.filter(({ path }) => !path.startsWith('steps/')));
    expect(bare.steps).toBeUndefined();
    expect(bare.rows).toEqual(bundle.rows);
  });

  it('of another store is written on, its former steps carried along', async () => {
    const [one, other] = [newStore(), newStore()];
    const { id } = await storedRun(one, 2);
    const copy = await other.import(await one.export(id));
    const session = await sessionFrom((await other.read(copy)).bundle);
    const run = await other.write(copy);
    await trained(session, 2, run);
    await run.save(await bundleOf(session));
    await run.close();
    expect(steps(await all((await other.read(copy)).records()))).toEqual([1, 2, 3, 4]);
  });

  it('refuses a step that does not follow, and a save that the steps do not lead to', async () => {
    const store = newStore();
    const { id, session } = await storedRun(store, 2);
    const run = await store.write(id);
    const [third, fourth] = await trained(session, 2);
    expect(() => run.add(fourth!)).toThrow('step: got 4, expected 3');
    run.add(third!);
    await expect(run.save(await bundleOf(session))).rejects.toThrow('step: got 4, expected 3');
    run.add(fourth!);
    await run.save(await bundleOf(session));
    expect(steps(await all((await store.read(id)).records()))).toEqual([1, 2, 3, 4]);
  });

  it('goes back to its last save where the steps since are given up', async () => {
    const store = newStore();
    const { id, session } = await storedRun(store, 2);
    const run = await store.write(id);
    await trained(session, 1, run);
    run.discard();
    const restored = await sessionFrom((await store.read(id)).bundle);
    await trained(restored, 2, run);
    await run.save(await bundleOf(restored));
    expect(steps(await all((await store.read(id)).records()))).toEqual([1, 2, 3, 4]);
  });

  it('says which segment is damaged', async () => {
    const sets = memorySets();
    const store = newStore({ sets });
    const { id } = await storedRun(store, 2);
    const path = 'steps/000001-000002.bin';
    await (await sets.open(id)).commit({ write: new Map([[path, new Uint8Array(9)]]) });
    const { records } = await store.read(id);
    await expect(all(records())).rejects.toThrow(RunFormatError);
    await expect(all(records())).rejects.toThrow(`${path}: is damaged`);
  });
});

describe('earlier checkpoints', () => {
  it('make room, those of the run saved longest ago first, and where a run stands is kept', async () => {
    const store = newStore();
    const old = await storedRun(store, 44, 22);
    const [young, held] = [await store.duplicate(old.id), await store.duplicate(old.id)];
    const writing = await store.write(held);
    const sizes = new Map((await store.list()).map(({ id, bytes }) => [id, bytes]));
    const stepsOf = async (id: string) => (await store.read(id)).checkpoints;
    expect(await stepsOf(old.id)).toEqual([0, 22, 44]);

    const first = await store.makeRoom(1);
    expect(first.checkpoints).toBe(1);
    expect(await stepsOf(old.id)).toEqual([22, 44]);
    expect(await stepsOf(young)).toEqual([0, 22, 44]);
    const listed = (await store.list()).find(({ id }) => id === old.id)!;
    expect(listed.bytes).toBe(sizes.get(old.id)! - first.bytes);

    expect((await store.makeRoom(Infinity)).checkpoints).toBe(3);
    expect(await stepsOf(old.id)).toEqual([44]);
    expect(await stepsOf(young)).toEqual([44]);
    // Somebody writes it.
    expect(await stepsOf(held)).toEqual([0, 22, 44]);
    expect(await store.makeRoom(1)).toEqual({ checkpoints: 0, bytes: 0 });
    await writing.close();
  });

  it('are kept, and a run is forked at one with other parameters', async () => {
    const store = newStore();
    const { id } = await storedRun(store, 44, 22);
    const { checkpoints, bundle } = await store.read(id);
    expect(checkpoints).toEqual([0, 22, 44]);
    const fork = await store.fork(id, 22, { learningRate: 0.01 });
    const forked = await store.read(fork);
    expect(forked.about).toMatchObject({
      step: 22,
      parent: { id, step: 22 },
      name: expect.stringContaining('from step 22') as string,
    });
    expect(forked.bundle.run!.config.learningRate).toBe(0.01);
    expect(forked.bundle.run!.marks).toEqual([
      { step: 23, param: 'learningRate', from: bundle.run!.config.learningRate, to: 0.01 },
    ]);
    expect(forked.bundle.rows).toEqual(bundle.rows.slice(0, 22));
    expect(steps(await all(forked.records())).at(-1)).toBe(22);
    expect(forked.bundle.run!.evaluations.every(({ step }) => step <= 22)).toBe(true);
    const session = await sessionFrom(forked.bundle);
    const run = await store.write(fork);
    await trained(session, 1, run);
    await run.save(await bundleOf(session));
    expect((await store.read(id)).about.step).toBe(44);
  });

  it('are gone back to, and what came later is cut off', async () => {
    const store = newStore();
    const { id } = await storedRun(store, 44, 22);
    await store.goBack(id, 22);
    const { about, bundle, checkpoints, records } = await store.read(id);
    expect(about.step).toBe(22);
    expect(bundle.rows).toHaveLength(22);
    expect(checkpoints).toEqual([0, 22]);
    expect(steps(await all(records()))).toHaveLength(22);
    const session = await sessionFrom(bundle);
    const run = await store.write(id);
    await trained(session, 1, run);
    await run.save(await bundleOf(session));
    expect(steps(await all((await store.read(id)).records())).at(-1)).toBe(23);
  });

  it('that are not there, and parameters that are fixed, are refused', async () => {
    const store = newStore();
    const { id } = await storedRun(store, 2);
    await expect(store.fork(id, 1)).rejects.toThrow(
      'step: got 1, expected a checkpoint: one of 0, 2',
    );
    await expect(store.fork(id, 2, { seed: 7 })).rejects.toThrow('seed: got 7, expected 1');
    await expect(store.goBack(id, 5)).rejects.toThrow('step: got 5, expected a checkpoint');
  });
});

describe('many runs', () => {
  it('are listed with what tells them apart, the newest save first', async () => {
    const store = newStore();
    const { id: one } = await storedRun(store, 2);
    const { id: two } = await storedRun(store, 4, 2);
    const [first, second] = await store.list();
    expect([first!.id, second!.id]).toEqual([two, one]);
    expect(first).toMatchObject({
      name: 'ExIt, locks, seed 1',
      note: '',
      task: 'locks',
      strategy: 'exit',
      seed: 1,
      step: 4,
      backend: 'wasm',
      parent: null,
    });
    expect(first!.quality).toEqual({
      step: 4,
      mean: expect.any(Number) as number,
      ci95: expect.any(Number) as number,
    });
    expect(first!.bytes).toBeGreaterThan(second!.bytes);
    expect(second!.saved).toBeGreaterThan(second!.created);
  });

  it('are renamed and noted, while somebody trains them too', async () => {
    const store = newStore();
    const { id, session } = await storedRun(store, 2);
    const run = await store.write(id);
    await store.rename(id, 'Mine');
    await store.setNote(id, 'worth a look');
    await trained(session, 1, run);
    await run.save(await bundleOf(session));
    expect((await store.list())[0]).toMatchObject({ name: 'Mine', note: 'worth a look', step: 3 });
    expect((await store.read(id)).about).toMatchObject({ name: 'Mine', note: 'worth a look' });
  });

  it('are deleted, brought back, and purged for good', async () => {
    const sets = memorySets();
    const store = newStore({ sets });
    const { id } = await storedRun(store, 2);
    await store.remove(id);
    expect(await store.list()).toEqual([]);
    expect((await store.listDeleted()).map((run) => run.id)).toEqual([id]);
    await store.restore(id);
    expect((await store.list()).map((run) => run.id)).toEqual([id]);
    await store.remove(id);
    await store.purge(0);
    expect(await sets.names()).toContain(id);
    await store.purge();
    expect(await sets.names()).not.toContain(id);
    expect(await store.listDeleted()).toEqual([]);
    await expect(store.read(id)).rejects.toThrow(`run: got "${id}", expected the id of a run`);
  });

  it('are duplicated, checkpoints and all', async () => {
    const store = newStore();
    const { id } = await storedRun(store, 44, 22);
    const copy = await store.read(await store.duplicate(id));
    const own = await store.read(id);
    expect(copy.about.name).toBe(`Copy of ${own.about.name}`);
    expect(copy.checkpoints).toEqual(own.checkpoints);
    expect(copy.bundle).toEqual(own.bundle);
    expect(await all(copy.records())).toEqual(await all(own.records()));
  });

  it('are written by one at a time, and let go of', async () => {
    const sets = memorySets();
    const locks = memoryLocks();
    const [here, there] = [newStore({ sets, locks }), newStore({ sets, locks })];
    const { id } = await storedRun(here, 2);
    const run = await here.write(id);
    await expect(there.write(id)).rejects.toThrow(RunInUseError);
    await expect(there.goBack(id, 0)).rejects.toThrow(RunInUseError);
    expect((await there.read(id)).about.step).toBe(2);
    await run.close();
    await (await there.write(id)).close();
  });

  it('are found where the index is lost, behind or damaged', async () => {
    const sets = memorySets();
    const store = newStore({ sets });
    const { id, session } = await storedRun(store, 2);
    const before = await store.list();
    await sets.remove('index');
    expect(await newStore({ sets }).list()).toEqual(before);
    await (await sets.open('index')).commit({ write: new Map([['runs.json', new Uint8Array(5)]]) });
    expect(await newStore({ sets }).list()).toEqual(before);
    // A page that ends between the save of a run and that of the index.
    const dying = newStore({ sets: dyingAt(sets, 'index', 1) });
    const run = await dying.write(id);
    await trained(session, 1, run);
    await run.save(await bundleOf(session));
    expect((await newStore({ sets }).list())[0]).toMatchObject({ id, step: 3 });
  });

  it('are listed from the index alone', async () => {
    const sets = memorySets();
    const store = newStore({ sets });
    await storedRun(store, 2);
    await store.list();
    const opened: string[] = [];
    const counting: FileSets = {
      ...sets,
      open: (name, mode) => (opened.push(name), sets.open(name, mode)),
    };
    await newStore({ sets: counting }).list();
    expect(opened).toEqual(['index']);
  });
});

/** Sets of which one takes so many commits, and no more. */
function dyingAt(sets: FileSets, name: string, commits: number): FileSets {
  let left = commits;
  return {
    ...sets,
    open: async (one, mode) => {
      const files = await sets.open(one, mode);
      if (one !== name) return files;
      return {
        get generation() {
          return files.generation;
        },
        list: () => files.list(),
        read: (path) => files.read(path),
        commit: async (changes) => {
          if (--left < 0) throw new Error('the page has ended');
          await files.commit(changes);
        },
      };
    },
  };
}
