/** Answers what the page asks of the store of runs. */
import { runCurve } from '../schema/run-curve.ts';
import { fromFiles } from '../runs/bundle.ts';
import type { ModelStore } from '../runs/model-store.ts';
import type { RunStore } from '../runs/store/run-store.ts';
import { zip } from '../runs/zip.ts';
import type { StoredRuns } from './runs-methods.ts';

/**
 * @param openStore gives the same store each time; rejects where the browser keeps nothing.
 * @param now milliseconds since 1970.
 */
export function createRunsService(
  openStore: () => Promise<RunStore>,
  now: () => number,
  openModels: () => Promise<ModelStore> = () =>
    Promise.reject(new Error('no models are kept here')),
): StoredRuns {
  return {
    list: async () => {
      const store = await openStore();
      return { runs: await store.list(), deleted: await store.listDeleted() };
    },
    checkpoints: async (id) => (await (await openStore()).read(id)).checkpoints,
    course: async (id) => {
      const { bundle } = await (await openStore()).read(id);
      if (!bundle.run) throw new RangeError(`run: got "${id}", which holds weights only`);
      return { config: bundle.run.config, curve: runCurve(bundle.rows) };
    },
    rename: async (id, name) => (await openStore()).rename(id, name),
    setNote: async (id, note) => (await openStore()).setNote(id, note),
    remove: async (id) => (await openStore()).remove(id),
    restore: async (id) => (await openStore()).restore(id),
    purge: async (age) => (await openStore()).purge(now() - age),
    duplicate: async (id) => (await openStore()).duplicate(id),
    fork: async (id, step, changes) => (await openStore()).fork(id, step, changes),
    export: async (id) => {
      const store = await openStore();
      const { about } = await store.read(id);
      const path = `exit-lab-${about.task}-step-${about.step}.zip`;
      return { path, bytes: zip(await store.export(id)) };
    },
    ownModels: async () => (await openModels()).list(),
    removeOwnModel: async (id) => (await openModels()).remove(id),
    exportTo: async (id, target) => {
      const store = await openStore();
      const { about } = await store.read(id);
      const path = `exit-lab-${about.task}-step-${about.step}-${target}.zip`;
      // Fetched when it is asked for: the list of runs needs none of it.
      const { exportTo } = await import('../exports/targets.ts');
      const bundle = fromFiles(await store.export(id));
      const base = bundle.base && (await (await openModels()).read(bundle.base.id));
      return { path, bytes: zip(await exportTo(target, bundle, base?.files)) };
    },
  };
}
