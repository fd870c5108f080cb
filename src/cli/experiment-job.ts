/** A process that runs jobs for `experiment`: node experiment-job.ts FOLDER. */
import { serveJobs } from '../experiments/executors/process-child.ts';
import { machineName } from './machine.ts';
import { nodePlatform } from '../node/platform.ts';

serveJobs({
  platform: nodePlatform(),
  folder: process.argv[2]!,
  machine: machineName(),
});
