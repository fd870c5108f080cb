/** Answers what the page asks of the Hugging Face Hub: models that come from there, runs that go there. */
import { CARD } from '../runs/run-paths.ts';
import type { DownloadProgress } from '../runs/hub/hub-download.ts';
import { describeModel } from '../runs/hub/hub-model.ts';
import { HubError, type Hub } from '../runs/hub/hub.ts';
import { filesOfModel, keepModel, listModels, type ModelShelf } from '../runs/hub/kept-models.ts';
import type { RunStore } from '../runs/store/run-store.ts';
import type { BundleFile } from '../runs/zip.ts';
import type { HubService } from './runs-methods.ts';

interface HubParts {
  readonly hub: Hub;
  /** Rejects where the browser keeps no files. */
  readonly openShelf: () => Promise<ModelShelf>;
  readonly openStore: () => Promise<Pick<RunStore, 'export'>>;
  readonly pause: (milliseconds: number) => Promise<void>;
}

export function createHubService({ hub, openShelf, openStore, pause }: HubParts): HubService {
  let current: { readonly controller: AbortController; progress: DownloadProgress } | null = null;
  const filesOf = async (id: string): Promise<readonly BundleFile[]> =>
    (await openStore()).export(id);
  return {
    describeModel: (name) => describeModel(hub, name),
    downloadModel: async (model) => {
      if (current) throw new HubError('another model is being downloaded: wait for it or stop it.');
      const controller = new AbortController();
      const own = { controller, progress: { path: '', received: 0, total: model.size } };
      current = own;
      try {
        await keepModel(await openShelf(), {
          ...{ hub, model, pause, signal: controller.signal },
          onProgress: (progress) => (own.progress = progress),
        });
      } finally {
        current = null;
      }
    },
    downloadProgress: () => Promise.resolve(current?.progress ?? null),
    stopDownload: () => {
      current?.controller.abort(new HubError('stopped; what came is kept.'));
      return Promise.resolve();
    },
    hubModels: async () => listModels(await openShelf()),
    removeHubModel: async (name) => (await openShelf()).remove(name),
    hubModelFiles: async (name) => filesOfModel(await openShelf(), name),
    card: async (id) => {
      const card = (await filesOf(id)).find(({ path }) => path === CARD);
      return card ? new TextDecoder().decode(card.bytes) : '';
    },
    upload: async (id, { to, isPrivate, token }) => {
      const files = await filesOf(id);
      // The hub's client is fetched where something goes there.
      const { repoNameProblem, tokenProblem, uploadFiles } =
        await import('../exports/hub-upload.ts');
      const expected = repoNameProblem(to);
      if (expected !== undefined) {
        throw new HubError(`Repository: got ${JSON.stringify(to)}, expected ${expected}`);
      }
      const problem = tokenProblem(token);
      if (problem !== undefined) throw new HubError(`Token: ${problem}`);
      return uploadFiles({ to, isPrivate, token, files, endpoint: hub.endpoint });
    },
  };
}
