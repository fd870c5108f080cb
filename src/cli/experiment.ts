/**
 * Runs an experiment: arms, seeds and budgets from a file, jobs over processes, tables and plots from what
 * is finished. May be killed at any point and begun again.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import { clearUnfinished, openFolder } from '../experiments/executors/folder.ts';
import { writeReport } from '../experiments/executors/merge.ts';
import { createProcessExecutor } from '../experiments/executors/process.ts';
import { ExperimentError, readExperiment } from '../experiments/experiment.ts';
import { planExperiment, type Job } from '../experiments/plan.ts';
import { runJobs, type Executor } from '../experiments/schedule.ts';
import {
  jobsOf,
  readShard,
  shardFromEnvironment,
  WHOLE,
  type Shard,
} from '../experiments/shard.ts';
import { CliError } from '../node/args.ts';
import type { FlagValues } from '../node/flags.ts';
import { defineCommand } from '../node/command.ts';
import { jobLines } from './job-lines.ts';

const FLAGS = {
  file: { kind: 'string', required: true, help: 'JSON file that describes the experiment.' },
  out: {
    kind: 'string',
    required: true,
    help: 'Folder of its results; may be shared by machines.',
  },
  jobs: {
    kind: 'integer',
    range: [1, 1024],
    help: 'Processes at a time; as many as there are cores where absent.',
  },
  shard: {
    kind: 'string',
    help: 'i/n: every n-th job, from the i-th. Where absent, what a Slurm array or a Kubernetes Indexed Job says, else all.',
  },
  completions: {
    kind: 'integer',
    range: [1, 100_000],
    help: 'Number of indices of a Kubernetes Indexed Job, if JOB_COMPLETIONS does not say.',
  },
  checkpointSeconds: {
    kind: 'integer',
    range: [0, 86_400],
    default: 60,
    help: 'Seconds of work between two checkpoints of a job.',
  },
  plan: { kind: 'boolean', help: 'Prints the jobs and runs none.' },
  merge: { kind: 'boolean', help: 'Writes tables and plots of what is finished and runs nothing.' },
} as const;

/** As a shell reports a process that a signal ended. */
const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

export const experiment = defineCommand({
  flags: FLAGS,
  params: [],
  run: async ({ flags }) => {
    try {
      await runExperiment(flags);
    } catch (error) {
      throw error instanceof ExperimentError ? new CliError(error.message) : error;
    }
  },
});

async function runExperiment(flags: FlagValues<typeof FLAGS>): Promise<void> {
  const { file, out, plan: listing, merge, checkpointSeconds } = flags;
  const plan = planExperiment(readExperiment(await readJson(file)));
  const shard = shardOf(flags);
  const jobs = jobsOf(plan.jobs, shard);
  if (listing) {
    process.stdout.write(jobs.map(({ id, label }) => `${id} ${label}\n`).join(''));
    return;
  }
  const folder = await openFolder(out, plan);
  if (!merge) {
    const slots = flags.jobs ?? availableParallelism();
    await work({ jobs, shard, folder, out, slots, checkpointSeconds });
  }
  // Others may have finished theirs meanwhile; the last of several machines writes.
  const { results } = await openFolder(out, plan);
  const whole = merge || shard.count === 1;
  if (!whole && results().length < plan.jobs.length) return;
  const report = await writeReport(out, plan, results());
  if (whole) process.stdout.write(report);
}

interface Work {
  readonly jobs: readonly Job[];
  readonly shard: Shard;
  readonly folder: Awaited<ReturnType<typeof openFolder>>;
  readonly out: string;
  /** Processes at a time. */
  readonly slots: number;
  readonly checkpointSeconds: number;
}

/** Runs what is not finished. Sets the exit code where something is left. */
async function work({ jobs, shard, folder, out, slots, checkpointSeconds }: Work): Promise<void> {
  const done = jobs.filter(({ id }) => folder.finished.has(id)).length;
  const which = shard.count === 1 ? '' : `, shard ${shard.index}/${shard.count}`;
  process.stderr.write(`${out}: ${done} of ${jobs.length} jobs finished${which}\n`);
  if (done === jobs.length) return;
  await clearUnfinished(out, jobs);
  const executor = createProcessExecutor({
    slots: Math.min(slots, jobs.length - done),
    module: new URL('./experiment-job.ts', import.meta.url),
    args: [out],
    execArgv: ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href],
    everySeconds: checkpointSeconds,
  });
  const signals = heedSignals(executor);
  const lines = jobLines(
    { waiting: jobs.length - done, done },
    () => performance.now(),
    process.stderr,
  );
  const stopping = (): boolean => signals.received() !== undefined;
  try {
    const outcome = await runJobs({
      jobs,
      executor,
      store: folder,
      onEvent: lines.onEvent,
      stopping,
    });
    lines.end();
    const signal = signals.received();
    if (outcome.failed.length > 0) process.exitCode = 1;
    if (signal) process.exitCode = SIGNAL_CODES[signal];
    if (outcome.left > 0) process.stderr.write(`${outcome.left} jobs left; begin again to go on\n`);
  } finally {
    signals.end();
    executor.dispose();
  }
}

/** The first signal ends jobs at a checkpoint, the second at once. */
function heedSignals(executor: Executor): {
  readonly received: () => keyof typeof SIGNAL_CODES | undefined;
  readonly end: () => void;
} {
  let received: keyof typeof SIGNAL_CODES | undefined;
  const heed = (signal: NodeJS.Signals): void => {
    if (received) {
      executor.dispose();
      process.exit(SIGNAL_CODES[received]);
    }
    received = signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM';
    process.stderr.write(`${signal}: jobs end at a checkpoint\n`);
    executor.stop();
  };
  process.on('SIGINT', heed);
  process.on('SIGTERM', heed);
  return {
    received: () => received,
    end: () => {
      process.off('SIGINT', heed);
      process.off('SIGTERM', heed);
    },
  };
}

function shardOf(flags: {
  readonly shard: string | undefined;
  readonly completions: number | undefined;
}): Shard {
  if (flags.shard !== undefined) return readShard(flags.shard);
  const { completions } = flags;
  const given = completions === undefined ? {} : { JOB_COMPLETIONS: String(completions) };
  return shardFromEnvironment({ ...process.env, ...given }) ?? WHOLE;
}

/** @throws ExperimentError if there is no such file, or it is not JSON. */
async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new ExperimentError(`--file: got "${file}", expected a file that can be read`);
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ExperimentError(`${file}: is not JSON: ${(error as Error).message}`);
  }
}
