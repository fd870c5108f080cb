/** Composition root of the page: worker, client, stores, view. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { PARAMS } from './schema/params.ts';
import { browserStorage } from './app/guide.ts';
import { onUserActivity } from './app/user-activity.ts';
import type { Comparison } from './app/comparison.ts';
import { createLab } from './app/lab.ts';
import { noticeMissingParts } from './app/missing-parts.ts';
import type { Player } from './app/recording.ts';
import { App } from './ui/App.tsx';
import { restoreTheme } from './ui/theme.tsx';
import { remote } from './worker/calls.ts';
import { createClient } from './worker/client.ts';
import { createRestartableClient } from './worker/restartable-client.ts';
import { RUNS_METHODS } from './worker/runs-methods.ts';
import type { RunsService } from './worker/runs-methods.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
if (typeof Worker === 'undefined') {
  root.textContent =
    'ExIt Lab trains in a Web Worker, which this browser does not offer. A current Chrome, Edge, Firefox or Safari does.';
  throw new Error('no Web Worker');
}

const client = createRestartableClient({
  open: () => {
    const worker = new Worker(new URL('./worker/train.worker.ts', import.meta.url), {
      type: 'module',
      name: 'train',
    });
    return { port: worker, terminate: () => worker.terminate() };
  },
  whenFree: (lock, signal, callBack) => {
    // Rejects when it is waited for no longer.
    navigator.locks.request(lock, { signal }, callBack).catch(() => undefined);
  },
  clock: () => performance.now(),
});

function openPlayer(): Player {
  const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const player = new Worker(new URL('./worker/replay.worker.ts', import.meta.url), {
    type: 'module',
    name: reducedMotion ? 'replay still' : 'replay',
  });
  const client = createClient(player);
  return {
    client,
    close: () => {
      client.close();
      player.terminate();
    },
  };
}

/** Begun when something of it is first asked for. */
let runs: RunsService | undefined;

function openRuns(): RunsService {
  const worker = new Worker(new URL('./worker/runs.worker.ts', import.meta.url), {
    type: 'module',
    name: 'runs',
  });
  return remote<RunsService>(worker, RUNS_METHODS);
}

const assetBase = new URL(import.meta.env.BASE_URL, document.baseURI).href;

const lab = createLab({
  client,
  restart: () => client.restart(),
  openPlayer,
  assetBase,
  query: location.search,
  hash: {
    read: () => location.hash,
    write: (hash) => (location.hash = hash),
    onChange: (listener) => addEventListener('hashchange', listener),
  },
  writeQuery: (query) =>
    history.replaceState(null, '', `${location.pathname}${query && `?${query}`}${location.hash}`),
  randomSeed: () => crypto.getRandomValues(new Uint32Array(1))[0]! % (PARAMS.seed.range[1] + 1),
  openRuns: () => (runs ??= openRuns()),
  // Absent where the address is not a safe one.
  ...('storage' in navigator && { quota: navigator.storage }),
  storage: browserStorage('local'),
  tabStorage: browserStorage('session'),
});

// A page that is hidden may be gone the next moment, without another word.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') lab.actions.saveRun();
});
addEventListener('pagehide', () => lab.actions.saveRun());

let comparison: Promise<Comparison> | undefined;

/** A storage that has not answered by then is done without. */
const STORAGE_WITHIN_MS = 8000;

/** Fetched with its panel; the same one every time, unless it could not be fetched. */
function openComparison(): Promise<Comparison> {
  comparison ??= fetchComparison().catch((error: unknown) => {
    comparison = undefined;
    throw error;
  });
  return comparison;
}

async function fetchComparison(): Promise<Comparison> {
  const [{ createComparison, slotsOf }, { createExperimentWorker }, storage, { holdBy }] =
    await Promise.all([
      import('./app/comparison.ts'),
      import('./worker/experiment-client.ts'),
      import('./app/text-storage.ts'),
      import('./app/hold.ts'),
    ]);
  // Types say that locks are everywhere; they are where the address is a safe one.
  const { locks }: Partial<Navigator> = navigator;
  return createComparison({
    openWorker: () => {
      const port = new Worker(new URL('./worker/experiment.worker.ts', import.meta.url), {
        type: 'module',
        name: 'experiment',
      });
      return createExperimentWorker({ port, close: () => port.terminate(), assetBase });
    },
    slots: slotsOf(navigator.hardwareConcurrency),
    storage: storage.answering(storage.indexedDbStorage('exit-lab-comparison'), STORAGE_WITHIN_MS),
    hold: holdBy(locks),
    config: lab.config,
    pauseRun: async () => {
      if (lab.session.getState().running) await lab.actions.pause();
    },
    clock: () => performance.now(),
  });
}

// Whatever asked for it says so in its own place as well, if it has one.
noticeMissingParts(window, lab.notices);

// Training leaves a core to the page only where there are more.
if (navigator.hardwareConcurrency <= 2) {
  // A worker that is gone says so by its failure.
  onUserActivity(window, () => void client.call('yieldToInput').catch(() => undefined));
}

restoreTheme();
createRoot(root).render(
  <StrictMode>
    <App lab={lab} openComparison={openComparison} />
  </StrictMode>,
);
void lab.actions.begin().then(() => lab.library.actions.recall());
