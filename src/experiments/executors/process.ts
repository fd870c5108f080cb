/** Jobs in child processes, so many at a time: a job that crashes takes no other with it. */
import { fork, type ChildProcess } from 'node:child_process';
import type { JobProgress } from '../job.ts';
import type { Job } from '../plan.ts';
import type { JobResult } from '../result.ts';
import type { Executor, JobEvents } from '../schedule.ts';

/** To a child. */
export type Order =
  | { readonly kind: 'run'; readonly job: Job; readonly everySeconds: number }
  | { readonly kind: 'stop' };

/** From a child, about the job that it is at. */
export type Report =
  | { readonly kind: 'progress'; readonly progress: JobProgress }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'finished'; readonly result: JobResult }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly message: string };

export interface ProcessOptions {
  readonly slots: number;
  /** The child's program, which calls `serveJobs`. */
  readonly module: URL;
  readonly args: readonly string[];
  /** Of Node itself. */
  readonly execArgv: readonly string[];
  /** Least seconds of work between two checkpoints. */
  readonly everySeconds: number;
}

/** A job whose process ended by itself goes on from its checkpoint this often. */
const RETRIES = 1;

export function createProcessExecutor(options: ProcessOptions): Executor {
  const children = new Set<ChildProcess>();
  const idle: ChildProcess[] = [];
  let stopped = false;
  const start = (): ChildProcess => {
    const child = fork(options.module, options.args, { execArgv: [...options.execArgv] });
    children.add(child);
    child.once('exit', () => children.delete(child));
    return child;
  };
  const runOnce = async (job: Job, events: JobEvents): Promise<Outcome> => {
    const child = takeAlive(idle) ?? start();
    const outcome = await runIn(child, { job, events, everySeconds: options.everySeconds });
    if (outcome.kind !== 'ended') idle.push(child);
    return outcome;
  };
  return {
    slots: options.slots,
    run: async (job, events) => {
      for (let attempt = 0; ; attempt++) {
        const outcome = await runOnce(job, events);
        if (outcome.kind === 'finished') return outcome.result;
        if (outcome.kind === 'stopped' || stopped) return undefined;
        if (outcome.kind === 'failed') throw new Error(outcome.message);
        if (attempt === RETRIES) throw new Error(`its process ended, ${outcome.how}`);
        events.onNote(`its process ended, ${outcome.how}; it goes on in another`);
      }
    },
    stop: () => {
      stopped = true;
      for (const child of children) send(child, { kind: 'stop' });
    },
    dispose: () => {
      for (const child of children) child.kill('SIGKILL');
    },
  };
}

type Outcome =
  | Extract<Report, { kind: 'finished' | 'stopped' | 'failed' }>
  | { readonly kind: 'ended'; readonly how: string };

function takeAlive(idle: ChildProcess[]): ChildProcess | undefined {
  for (let child = idle.pop(); child; child = idle.pop()) {
    if (child.connected) return child;
  }
  return undefined;
}

function runIn(
  child: ChildProcess,
  { job, events, everySeconds }: { job: Job; events: JobEvents; everySeconds: number },
): Promise<Outcome> {
  return new Promise((resolve) => {
    const settle = (outcome: Outcome): void => {
      child.off('message', hear);
      child.off('exit', end);
      resolve(outcome);
    };
    const hear = (message: unknown): void => {
      // Both ends are one program.
      const report = message as Report;
      if (report.kind === 'progress') events.onProgress(report.progress);
      else if (report.kind === 'note') events.onNote(report.text);
      else settle(report);
    };
    const end = (code: number | null, signal: string | null): void =>
      settle({ kind: 'ended', how: signal ? `killed by ${signal}` : `exit code ${code ?? 0}` });
    child.on('message', hear);
    child.once('exit', end);
    send(child, { kind: 'run', job, everySeconds });
  });
}

/** A child that is gone says so by its exit. */
function send(child: ChildProcess, order: Order): void {
  if (child.connected) child.send(order, () => undefined);
}
