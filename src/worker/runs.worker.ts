/** Composition root of the worker that answers for the store of runs, and asks the hub. */
import { HUB } from '../runs/hub/hub.ts';
import { openBrowserModels, openBrowserStore, openModelShelf } from './browser-store.ts';
import { serveCalls } from './calls.ts';
import { createHubService } from './runs-hub.ts';
import { RUNS_METHODS } from './runs-methods.ts';
import { createRunsService } from './runs-service.ts';

let opening: ReturnType<typeof openBrowserStore> | undefined;
const openStore = (): ReturnType<typeof openBrowserStore> => {
  opening ??= openBrowserStore();
  return opening;
};

const service = {
  ...createRunsService(openStore, () => Date.now(), openBrowserModels),
  ...createHubService({
    hub: { endpoint: HUB, fetch: (address, init) => fetch(address, init) },
    openShelf: openModelShelf,
    openStore,
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  }),
};

serveCalls(self, service, RUNS_METHODS);
