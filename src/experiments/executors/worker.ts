/**
 * Jobs in the workers of a page. A worker runs `runJob` with what it has for a platform and answers over a
 * channel of one job at a time; how a channel is made, and how its messages are checked, is the page's.
 */
import { runJob, type JobHost, type JobProgress } from '../job.ts';
import type { Job } from '../plan.ts';
import type { JobResult } from '../result.ts';
import type { Executor, JobEvents } from '../schedule.ts';

/** All that goes to a worker. */
export interface JobWorker {
  /** Rejects with what went wrong; resolves to undefined where the job was told to stop. */
  run(job: Job, events: JobEvents): Promise<JobResult | undefined>;
  /** The job at hand ends after its step. */
  stop(): void;
  /** The worker is gone, whatever it was doing. */
  terminate(): void;
}

/** @param start a new worker; each has its own engine, so as many as there are cores to spare. */
export function createWorkerExecutor(slots: number, start: () => JobWorker): Executor {
  const workers = new Set<JobWorker>();
  const idle: JobWorker[] = [];
  const take = (): JobWorker => {
    const worker = idle.pop() ?? start();
    workers.add(worker);
    return worker;
  };
  return {
    slots,
    run: async (job, events) => {
      const worker = take();
      try {
        return await worker.run(job, events);
      } finally {
        idle.push(worker);
      }
    },
    stop: () => {
      for (const worker of workers) worker.stop();
    },
    dispose: () => {
      for (const worker of workers) worker.terminate();
    },
  };
}

/** The worker's side, without a channel: what a message of each kind does. */
export function createJobServer(host: Omit<JobHost, 'stopping' | 'onStep' | 'onNote'>): {
  readonly run: (
    job: Job,
    events: {
      onProgress: (progress: JobProgress) => Promise<void>;
      onNote: (text: string) => void;
    },
  ) => Promise<JobResult | undefined>;
  readonly stop: () => void;
} {
  let stopping = false;
  return {
    run: (job, { onProgress, onNote }) => {
      stopping = false;
      return runJob(job, { ...host, stopping: () => stopping, onStep: onProgress, onNote });
    },
    stop: () => void (stopping = true),
  };
}
