/** All runs that this browser keeps: the list of them, and what can be done with each. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { isLive } from '../schema/params.ts';
import type { Config } from '../schema/params.ts';
import type { ExportTargetId } from '../exports/target-names.ts';
import type { BundleFile } from '../runs/zip.ts';
import type { RunCourse, RunListing, RunsService, UploadRequest } from '../worker/runs-methods.ts';
import { messageOf } from './attempt.ts';
import type { ConfigStore } from './config.ts';
import { createHubModels } from './hub-models.ts';
import type { HubModels } from './hub-models.ts';
import type { Kept } from './kept.ts';
import { notify } from './notices.ts';
import type { NoticesStore } from './notices.ts';

export interface RunLibraryState {
  /** The list lies open. */
  readonly isOpen: boolean;
  /** Null before it has been read. */
  readonly listing: RunListing | null;
  /** When that was, in milliseconds since 1970. */
  readonly listedAt: number;
  /** Why the last thing that was asked for did not happen. */
  readonly problem: string | null;
  /** What was deleted last, while it can be taken back with one press. */
  readonly removed: { readonly id: string; readonly name: string } | null;
  /** In bytes, all that the browser keeps for this address; null where it does not say. */
  readonly usage: { readonly used: number; readonly quota: number } | null;
  /** Whether the browser keeps it until a person clears it; null while that is not known. */
  readonly isPersistent: boolean | null;
  /** Ids of the runs that are drawn side by side, in the order in which they were chosen. */
  readonly eyed: readonly string[];
  /** What is known of those, by id. */
  readonly courses: ReadonlyMap<string, KnownCourse>;
}

export interface KnownCourse extends RunCourse {
  /** When the run had been saved that this was read from, in milliseconds since 1970. */
  readonly saved: number;
}

export interface RunLibraryActions {
  readonly show: (isOpen: boolean) => void;
  /** Reads the list anew, and what is drawn of the runs that were saved meanwhile. */
  readonly refresh: () => Promise<void>;
  readonly eye: (ids: readonly string[]) => Promise<void>;
  /**
   * Where nothing tells which run was the last one, the newest save does: a browser that was killed may have
   * forgotten what it was told a moment before, and has the run all the same.
   */
  readonly recall: () => Promise<void>;
  readonly rename: (id: string, name: string) => Promise<void>;
  readonly setNote: (id: string, note: string) => Promise<void>;
  readonly remove: (id: string, name: string) => Promise<void>;
  /** Brings a deleted run back. */
  readonly restore: (id: string) => Promise<void>;
  /** Gives up for good all that was deleted. */
  readonly purge: () => Promise<void>;
  /** A copy, which is opened where asked for. */
  readonly duplicate: (id: string, opens: boolean) => Promise<void>;
  /** A new run from one of its checkpoints, opened; `changed`: with the live parameters that are set now. */
  readonly fork: (id: string, step: number, changed: boolean) => Promise<void>;
  readonly open: (id: string) => Promise<void>;
  /** Undefined where it failed; the state says why. */
  readonly checkpoints: (id: string) => Promise<readonly number[] | undefined>;
  /** As the run's own files, or as those of another program. */
  readonly export: (id: string, target?: ExportTargetId) => Promise<BundleFile | undefined>;
  /** What the run says of itself on the Hugging Face Hub. Rejects where it cannot be read. */
  readonly card: (id: string) => Promise<string>;
  /** @returns the address of the commit. Rejects with what the hub said. */
  readonly upload: (id: string, request: UploadRequest) => Promise<string>;
}

export interface RunLibrary {
  readonly store: StoreApi<RunLibraryState>;
  readonly actions: RunLibraryActions;
  readonly hub: HubModels;
  readonly close: () => void;
}

export interface RunLibraryOptions {
  /** The worker that answers for the store, begun when it is first asked for; absent where there is none. */
  readonly openRuns: (() => RunsService) | undefined;
  /** As of `navigator.storage`. */
  readonly storage: BrowserQuota | undefined;
  readonly kept: Kept;
  readonly config: ConfigStore;
  readonly notices: NoticesStore;
  readonly openRun: (id: string) => Promise<boolean>;
}

export type BrowserQuota = Pick<StorageManager, 'estimate' | 'persist' | 'persisted'>;

/** Deleted runs are given up for good a day later, when the list is next opened. */
const DELETED_FOR_MS = 24 * 3600 * 1000;

const CLOSED: RunLibraryState = {
  ...{ isOpen: false, listing: null, listedAt: 0, problem: null, removed: null },
  ...{ usage: null, isPersistent: null, eyed: [], courses: new Map() },
};

export function createRunLibrary(options: RunLibraryOptions): RunLibrary {
  const store = createStore<RunLibraryState>(() => CLOSED);
  const service = (): RunsService => {
    if (!options.openRuns) throw new Error('this browser keeps no runs');
    return options.openRuns();
  };
  const trying = async <T>(ask: (runs: RunsService) => Promise<T>): Promise<T | undefined> => {
    try {
      const answer = await ask(service());
      store.setState({ problem: null });
      return answer;
    } catch (error) {
      store.setState({ problem: messageOf(error) });
      return undefined;
    }
  };
  const refresh = async (): Promise<void> => {
    const listing = await trying((runs) => runs.list());
    if (listing) store.setState({ listing, listedAt: Date.now() });
    store.setState(await quotaOf(options.storage));
  };
  const changing = async (ask: (runs: RunsService) => Promise<unknown>): Promise<void> => {
    await trying(ask);
    const { problem } = store.getState();
    await refresh();
    if (problem !== null) store.setState({ problem });
  };
  const stop = options.kept.store.subscribe(({ run }, before) => {
    if (run && !before.run) void firstKept(options);
    // Each save changes what the list says of the run.
    if (store.getState().isOpen && run?.step !== before.run?.step) void refresh();
  });
  return {
    store,
    actions: {
      ...actionsOf({ options, store, trying, changing }),
      refresh: async () => {
        await refresh();
        await readCourses(store, trying);
      },
      eye: async (eyed) => {
        store.setState({ eyed });
        await readCourses(store, trying);
      },
      show: (isOpen) => {
        store.setState({ isOpen, problem: null, ...(!isOpen && { removed: null }) });
        if (isOpen) void changing((runs) => runs.purge(DELETED_FOR_MS));
      },
      recall: () => recall(options, service),
      card: async (id) => service().card(id),
      upload: async (id, request) => service().upload(id, request),
    },
    hub: createHubModels(service, () => void quotaOf(options.storage).then(store.setState)),
    close: stop,
  };
}

interface Parts {
  readonly options: RunLibraryOptions;
  readonly store: StoreApi<RunLibraryState>;
  readonly trying: <T>(ask: (runs: RunsService) => Promise<T>) => Promise<T | undefined>;
  /** The same for what changes the list. */
  readonly changing: (ask: (runs: RunsService) => Promise<unknown>) => Promise<void>;
}

function actionsOf({
  options,
  store,
  trying,
  changing,
}: Parts): Omit<RunLibraryActions, 'show' | 'refresh' | 'eye' | 'recall' | 'card' | 'upload'> {
  const { kept, openRun } = options;
  const open = async (id: string): Promise<void> => {
    if (await openRun(id)) store.setState({ isOpen: false, removed: null });
    else
      store.setState({ problem: 'The run could not be opened; the notice on the page says why.' });
  };
  return {
    open,
    rename: async (id, name) => {
      await changing((runs) => runs.rename(id, name));
      kept.rename(id, name);
    },
    setNote: (id, note) => changing((runs) => runs.setNote(id, note)),
    remove: async (id, name) => {
      await changing((runs) => runs.remove(id));
      if (store.getState().problem !== null) return;
      kept.forget(id);
      store.setState({ removed: { id, name } });
    },
    restore: async (id) => {
      await changing((runs) => runs.restore(id));
      store.setState(({ removed }) => (removed?.id === id ? { removed: null } : {}));
    },
    purge: async () => {
      await changing((runs) => runs.purge(-1));
      store.setState({ removed: null });
    },
    duplicate: async (id, opens) => {
      const copy = await trying((runs) => runs.duplicate(id));
      if (copy === undefined) return;
      if (opens) await open(copy);
      else await changing(() => Promise.resolve());
    },
    fork: async (id, step, changed) => {
      const changes = changed ? liveChanges(options.config) : {};
      const child = await trying((runs) => runs.fork(id, step, changes));
      if (child !== undefined) await open(child);
    },
    checkpoints: (id) => trying((runs) => runs.checkpoints(id)),
    export: (id, target) =>
      trying((runs) => (target === undefined ? runs.export(id) : runs.exportTo(id, target))),
  };
}

/** One after the other, those that are not known or were saved since; a run that is gone is not eyed. */
async function readCourses(
  store: StoreApi<RunLibraryState>,
  trying: Parts['trying'],
): Promise<void> {
  const { eyed, listing } = store.getState();
  const runs = new Map(listing?.runs.map((run) => [run.id, run]));
  const there = eyed.filter((id) => runs.has(id));
  if (listing && there.length < eyed.length) store.setState({ eyed: there });
  for (const id of there) {
    const { saved } = runs.get(id)!;
    if (store.getState().courses.get(id)?.saved === saved) continue;
    const course = await trying((service) => service.course(id));
    if (!course) continue;
    store.setState(({ courses }) => ({ courses: new Map(courses).set(id, { ...course, saved }) }));
  }
}

/** All that may change within a run, as it is set now. */
function liveChanges(config: ConfigStore): Partial<Config> {
  const { current } = config.getState();
  const live = Object.entries(current).filter(([id]) => isLive(id as keyof Config));
  return Object.fromEntries(live);
}

async function quotaOf(
  storage: BrowserQuota | undefined,
): Promise<Pick<RunLibraryState, 'usage' | 'isPersistent'>> {
  try {
    const { usage, quota } = (await storage?.estimate()) ?? {};
    const isPersistent = (await storage?.persisted()) ?? null;
    const isSaid = usage !== undefined && quota !== undefined && quota > 0;
    return { usage: isSaid ? { used: usage, quota } : null, isPersistent };
  } catch {
    return { usage: null, isPersistent: null };
  }
}

async function recall(
  { openRuns, storage, kept }: RunLibraryOptions,
  service: () => RunsService,
): Promise<void> {
  const { last, run } = kept.store.getState();
  if (last !== null || run !== null || !openRuns) return;
  const { usage } = await quotaOf(storage);
  // The first visit, which is spared a worker.
  if (!usage || usage.used === 0) return;
  const { runs } = await service()
    .list()
    .catch(() => ({ runs: [] }));
  const newest = runs.find(({ step }) => step > 0);
  if (newest) kept.recall({ id: newest.id, name: newest.name, step: newest.step });
}

const NEARLY_FULL = 0.9;

/** Asks that what is kept stays, and says in time that there is little room for it. */
async function firstKept({ storage, notices }: RunLibraryOptions): Promise<void> {
  await storage?.persist().catch(() => false);
  const { usage } = await quotaOf(storage);
  if (!usage || usage.used < NEARLY_FULL * usage.quota) return;
  const share = Math.round((100 * usage.used) / usage.quota);
  notify(notices, 'The room for runs is nearly full.', [
    `${share}% of what the browser gives this page is used.`,
    'Nothing has been dropped. Export and delete runs under "Runs" to make room.',
  ]);
}
