/** The child's side: runs one job after another for its parent, and ends with it. */
import type { Platform } from '../../training/create-session.ts';
import { runJob, type JobHost } from '../job.ts';
import type { Job } from '../plan.ts';
import { checkpointsIn } from './folder.ts';
import type { Order, Report } from './process.ts';

export interface ChildOptions {
  readonly platform: Platform;
  /** The experiment's. */
  readonly folder: string;
  /** Program, system and processor. */
  readonly machine: string;
}

const PROGRESS_MS = 1000;

export function serveJobs(options: ChildOptions): void {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  // A terminal and a cluster signal the whole group: a job ends at a checkpoint, not in mid-step.
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // The parent is gone, and another may be at these jobs already.
  process.on('disconnect', () => process.exit(1));
  process.on('message', (message) => {
    // Both ends are one program.
    const order = message as Order;
    if (order.kind === 'stop') stop();
    else void serve(order.job, hostFor(order, options, stopping.signal));
  });
}

async function serve(job: Job, host: JobHost): Promise<void> {
  try {
    const result = await runJob(job, host);
    report(result ? { kind: 'finished', result } : { kind: 'stopped' });
  } catch (error) {
    report({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

function hostFor(
  { job, everySeconds }: Extract<Order, { kind: 'run' }>,
  { platform, folder, machine }: ChildOptions,
  signal: AbortSignal,
): JobHost {
  let reported = -Infinity;
  return {
    platform,
    machine,
    signal,
    checkpoints: checkpointsIn(folder, job.id, everySeconds),
    // On a machine that is shared, the clock says little.
    seconds: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
    onStep: async (progress) => {
      if (performance.now() - reported > PROGRESS_MS) {
        report({ kind: 'progress', progress });
        reported = performance.now();
      }
      // Lets messages and signals in: a step may settle without leaving this turn of the event loop.
      await new Promise((resolve) => setImmediate(resolve));
    },
    onNote: (text) => report({ kind: 'note', text }),
  };
}

function report(message: Report): void {
  process.send?.(message);
}
