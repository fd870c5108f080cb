/** Models of the Hugging Face Hub: found where a person asks for one, downloaded where they say so, and kept. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { DownloadProgress } from '../runs/hub/hub-download.ts';
import type { HubModel } from '../runs/hub/hub-model.ts';
import type { KeptModel } from '../runs/hub/kept-models.ts';
import type { HubService } from '../worker/runs-methods.ts';
import { messageOf } from './attempt.ts';

export interface HubModelsState {
  /** Null before they have been read. */
  readonly models: readonly KeptModel[] | null;
  /** What was asked for last: its size and licence are shown before any of it comes. */
  readonly found: HubModel | null;
  readonly busy: 'asking' | 'downloading' | null;
  readonly progress: DownloadProgress | null;
  /** Why the last thing that was asked for did not happen. */
  readonly problem: string | null;
}

export interface HubModelsActions {
  readonly list: () => Promise<void>;
  /** @param name `owner/name[@revision]`. */
  readonly find: (name: string) => Promise<void>;
  /** What was found is of no interest. */
  readonly drop: () => void;
  /** Goes on where an earlier download ended. */
  readonly download: (model: HubModel) => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly remove: (name: string) => Promise<void>;
  /** What a model that is kept is read from; undefined where that failed. */
  readonly files: (name: string) => Promise<ReadonlyMap<string, Blob> | undefined>;
}

export interface HubModels {
  readonly store: StoreApi<HubModelsState>;
  readonly actions: HubModelsActions;
}

const PROGRESS_EVERY_MS = 250;

/** @param onChange told when more or less is kept. */
export function createHubModels(service: () => HubService, onChange: () => void): HubModels {
  const store = createStore<HubModelsState>(() => {
    return { models: null, found: null, busy: null, progress: null, problem: null };
  });
  const trying = async <T>(ask: (hub: HubService) => Promise<T>): Promise<T | undefined> => {
    store.setState({ problem: null });
    try {
      return await ask(service());
    } catch (error) {
      store.setState({ problem: messageOf(error) });
      return undefined;
    }
  };
  const list = async (): Promise<void> => {
    // What went wrong before is still to be read.
    const { problem } = store.getState();
    const models = await trying((hub) => hub.hubModels());
    store.setState((s) => ({ models: models ?? s.models ?? [], problem: s.problem ?? problem }));
    onChange();
  };
  const isBusy = (): boolean => store.getState().busy !== null;
  return {
    store,
    actions: {
      list,
      find: async (name) => {
        if (isBusy()) return;
        store.setState({ busy: 'asking', found: null });
        const found = await trying((hub) => hub.describeModel(name));
        store.setState({ busy: null, found: found ?? null });
      },
      drop: () => store.setState({ found: null, problem: null }),
      download: async (model) => {
        if (isBusy()) return;
        store.setState({ busy: 'downloading', found: null, progress: null });
        const stopWatching = watch(service, store);
        await trying((hub) => hub.downloadModel(model));
        stopWatching();
        store.setState({ busy: null, progress: null });
        await list();
      },
      stop: async () => {
        await service().stopDownload();
      },
      remove: async (name) => {
        await trying((hub) => hub.removeHubModel(name));
        await list();
      },
      files: (name) => trying((hub) => hub.hubModelFiles(name)),
    },
  };
}

/** @returns the way to stop. */
function watch(service: () => HubService, store: StoreApi<HubModelsState>): () => void {
  let isOver = false;
  const timer = setInterval(() => {
    const asking = service().downloadProgress();
    // The download itself says what went wrong.
    void asking
      .then((progress) => {
        if (!isOver) store.setState({ progress });
      })
      .catch(() => undefined);
  }, PROGRESS_EVERY_MS);
  return () => {
    isOver = true;
    clearInterval(timer);
  };
}
