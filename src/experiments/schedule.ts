/** Hands the jobs of a plan to whoever runs them, so many at a time, and keeps what comes back. */
import type { JobProgress } from './job.ts';
import type { Job } from './plan.ts';
import type { JobResult } from './result.ts';

/** Runs jobs: processes of this machine, workers of a page. */
export interface Executor {
  /** Jobs at a time. */
  readonly slots: number;
  /**
   * @returns undefined where the job was told to stop before its end.
   * @throws Error that says why the job failed.
   */
  run(job: Job, events: JobEvents): Promise<JobResult | undefined>;
  /** Tells the jobs in flight to keep a checkpoint and end. */
  stop(): void;
  dispose(): void;
}

export interface JobEvents {
  readonly onProgress: (progress: JobProgress) => void;
  readonly onNote: (text: string) => void;
}

/** Where results are kept: a folder, or the memory of a page. */
export interface ResultStore {
  /** Ids of the jobs that need not be run again. */
  readonly finished: ReadonlySet<string>;
  /** Whole or not at all, whenever the process ends. */
  put(result: JobResult): Promise<void>;
}

export type ScheduleEvent =
  | { readonly kind: 'started'; readonly job: Job }
  | { readonly kind: 'progress'; readonly job: Job; readonly progress: JobProgress }
  | { readonly kind: 'note'; readonly job: Job; readonly text: string }
  | { readonly kind: 'finished'; readonly job: Job; readonly result: JobResult }
  | { readonly kind: 'failed'; readonly job: Job; readonly error: Error };

export interface ScheduleOutcome {
  readonly finished: number;
  readonly failed: readonly Job[];
  /** Jobs that were stopped, or not begun. */
  readonly left: number;
}

export interface Schedule {
  readonly jobs: readonly Job[];
  readonly executor: Executor;
  readonly store: ResultStore;
  readonly onEvent: (event: ScheduleEvent) => void;
  /** Asked before each job. */
  readonly stopping: () => boolean;
}

/** Those that are finished are left out; one that fails does not hold up the others. */
export async function runJobs(schedule: Schedule): Promise<ScheduleOutcome> {
  const { executor, store, stopping } = schedule;
  const waiting = schedule.jobs.filter(({ id }) => !store.finished.has(id));
  const total = waiting.length;
  const failed: Job[] = [];
  let finished = 0;
  const lane = async (): Promise<void> => {
    for (let job = waiting.shift(); job && !stopping(); job = waiting.shift()) {
      const outcome = await runOne(job, schedule);
      if (outcome === 'finished') finished++;
      if (outcome === 'failed') failed.push(job);
    }
  };
  await Promise.all(Array.from({ length: Math.min(executor.slots, total) }, lane));
  return { finished, failed, left: total - finished - failed.length };
}

async function runOne(
  job: Job,
  { executor, store, onEvent }: Schedule,
): Promise<'finished' | 'failed' | 'stopped'> {
  onEvent({ kind: 'started', job });
  let result: JobResult | undefined;
  try {
    result = await executor.run(job, {
      onProgress: (progress) => onEvent({ kind: 'progress', job, progress }),
      onNote: (text) => onEvent({ kind: 'note', job, text }),
    });
  } catch (error) {
    onEvent({
      kind: 'failed',
      job,
      error: error instanceof Error ? error : new Error(String(error)),
    });
    return 'failed';
  }
  if (!result) return 'stopped';
  // A result that cannot be kept is no matter of one job: it ends the whole run.
  await store.put(result);
  onEvent({ kind: 'finished', job, result });
  return 'finished';
}
