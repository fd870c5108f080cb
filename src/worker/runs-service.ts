/** Answers what the page asks of the store of runs. */
import { runCurve } from '../schema/run-curve.ts';
import { fromFiles } from '../runs/bundle.ts';
import type { ModelStore } from '../runs/model-store.ts';
import type { RunStore } from '../runs/store/run-store.ts';
import { zip } from '../runs/zip.ts';
import type { StoredRuns } from './runs-methods.ts';

/**
 * @param openStore rejects where the browser keeps nothing.
 * @param now milliseconds since 1970.
 */
export function createRunsService(
  openStore: () => Promise<RunStore>,
  now: () => number,
  openModels: () => Promise<ModelStore> = () =>
    Promise.reject(new Error('no models are kept here')),
): StoredRuns {
  let opening: Promise<RunStore> | undefined;
  const opened = (): Promise<RunStore> => {
    opening ??= openStore();
    return opening;
  };
  return {
    list: async () => {
      const store = await opened();
      return { runs: await store.list(), deleted: await store.listDeleted() };
    },
    checkpoints: async (id) => (await (await opened()).read(id)).checkpoints,
    course: async (id) => {
      const { bundle } = await (await opened()).read(id);
      if (!bundle.run) throw new RangeError(`run: got "${id}", which holds weights only`);
      return { config: bundle.run.config, curve: runCurve(bundle.rows) };
    },
    rename: async (id, name) => (await opened()).rename(id, name),
    setNote: async (id, note) => (await opened()).setNote(id, note),
    remove: async (id) => (await opened()).remove(id),
    restore: async (id) => (await opened()).restore(id),
    purge: async (age) => (await opened()).purge(now() - age),
    duplicate: async (id) => (await opened()).duplicate(id),
    fork: async (id, step, changes) => (await opened()).fork(id, step, changes),
    export: async (id) => {
      const store = await opened();
      const { about } = await store.read(id);
      const path = `exit-lab-${about.task}-step-${about.step}.zip`;
      return { path, bytes: zip(await store.export(id)) };
    },
    ownModels: async () => (await openModels()).list(),
    removeOwnModel: async (id) => (await openModels()).remove(id),
    exportTo: async (id, target) => {
      const store = await opened();
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
