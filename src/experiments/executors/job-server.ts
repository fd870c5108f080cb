/** What a worker of a page does with jobs, without its channel. */
import { runJob, type JobHost, type JobProgress } from '../job.ts';
import type { Job } from '../plan.ts';
import type { JobResult } from '../result.ts';

export interface JobServer {
  /** One at a time. @returns undefined where the job was told to stop. */
  run(
    job: Job,
    events: {
      onProgress: (progress: JobProgress) => Promise<void>;
      onNote: (text: string) => void;
    },
  ): Promise<JobResult | undefined>;
  /** The job at hand ends after its step. */
  stop(): void;
}

export function createJobServer(host: Omit<JobHost, 'signal' | 'onStep' | 'onNote'>): JobServer {
  let stopping = new AbortController();
  return {
    run: (job, { onProgress, onNote }) => {
      stopping = new AbortController();
      return runJob(job, { ...host, signal: stopping.signal, onStep: onProgress, onNote });
    },
    stop: () => stopping.abort(),
  };
}
