/**
 * Jobs in the workers of a page, so many at a time. How a worker is reached, and how its messages are
 * checked, is the page's; what it does with a job is told in `job-server.ts`.
 */
import type { Job } from '../plan.ts';
import type { JobResult } from '../result.ts';
import type { Executor, JobEvents } from '../schedule.ts';

/** A worker that runs one job at a time. */
export interface JobWorker {
  /** Rejects with what went wrong; resolves to undefined where the job was told to stop, or terminated. */
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
        const result = await worker.run(job, events);
        idle.push(worker);
        return result;
      } catch (error) {
        // It may have crashed, or be left half way: the next job gets another.
        workers.delete(worker);
        worker.terminate();
        throw error;
      }
    },
    stop: () => {
      for (const worker of workers) worker.stop();
    },
    dispose: () => {
      for (const worker of workers) worker.terminate();
      workers.clear();
      idle.length = 0;
    },
  };
}
