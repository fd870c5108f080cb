/** Composition root of the worker that answers for the store of runs. */
import { openBrowserModels } from './browser-models.ts';
import { openBrowserStore } from './browser-store.ts';
import { serveCalls } from './calls.ts';
import { RUNS_METHODS } from './runs-methods.ts';
import { createRunsService } from './runs-service.ts';

serveCalls(
  self,
  createRunsService(openBrowserStore, () => Date.now(), openBrowserModels),
  RUNS_METHODS,
);
