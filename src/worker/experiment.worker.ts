/** Composition root of a worker of an experiment: its jobs, its tables, and where files are. */
import { serveExperiments } from './experiment-server.ts';
import { fetchBytes } from './fetch-bytes.ts';

serveExperiments(self, {
  openPlatform: (assetBase) => ({
    assets: (path) => fetchBytes(new URL(path, assetBase)),
    clock: () => performance.now(),
    onLoading: () => undefined,
  }),
  machine: `${navigator.userAgent}, ${navigator.hardwareConcurrency} cores`,
  clock: () => performance.now(),
  nextTask: () => new Promise((resolve) => setTimeout(resolve, 0)),
});
