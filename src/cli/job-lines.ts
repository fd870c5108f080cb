/** What is said of jobs on standard error: one line for each that ends, and on a terminal where the rest are. */
import { mean } from '../base/statistics.ts';
import type { Job } from '../experiments/plan.ts';
import type { JobResult } from '../experiments/result.ts';
import type { ScheduleEvent } from '../experiments/schedule.ts';

interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface JobLines {
  readonly onEvent: (event: ScheduleEvent) => void;
  /** Takes the line of running jobs away. */
  readonly end: () => void;
}

const ERASE_LINE = '\r\x1b[K';

/**
 * @param waiting jobs that are to be run.
 * @param done jobs that are finished already.
 * @param clock milliseconds.
 */
export function jobLines(
  { waiting, done }: { waiting: number; done: number },
  clock: () => number,
  output: Output,
): JobLines {
  const began = clock();
  const running = new Map<string, { job: Job; began: number; share: number }>();
  const total = waiting + done;
  let ended = 0;
  const say = (line: string): void => {
    output.write(`${output.isTTY ? ERASE_LINE : ''}${line}\n`);
  };
  const left = (): string => {
    const shares = [...running.values()].reduce((sum, { share }) => sum + share, ended);
    if (shares === 0) return '';
    const seconds = ((clock() - began) / 1000 / shares) * (waiting - shares);
    return ` · ${duration(seconds)} to go`;
  };
  const status = (): void => {
    if (!output.isTTY || running.size === 0) return;
    const shares = [...running.values()].map(({ share }) => `${Math.floor(100 * share)}%`);
    output.write(`${ERASE_LINE}running: ${shares.join(' ')}${left()}`);
  };
  const end = ({ id }: Job): string => {
    const took = (clock() - (running.get(id)?.began ?? began)) / 1000;
    running.delete(id);
    ended++;
    return `${duration(took)}${left()}`;
  };
  const onEvent = (event: ScheduleEvent): void => {
    const { job } = event;
    if (event.kind === 'started') running.set(job.id, { job, began: clock(), share: 0 });
    if (event.kind === 'progress') running.get(job.id)!.share = Math.min(1, event.progress.done);
    if (event.kind === 'note') say(`  ${job.label}: ${event.text}`);
    if (event.kind === 'finished') {
      const time = end(job);
      say(`[${done + ended}/${total}] ${job.label}: ${summary(event.result)} · ${time}`);
    }
    if (event.kind === 'failed') {
      const time = end(job);
      say(`[${done + ended}/${total}] ${job.label}: failed: ${event.error.message} · ${time}`);
    }
    status();
  };
  const clear = (): void => {
    if (output.isTTY) output.write(ERASE_LINE);
  };
  return { onEvent, end: clear };
}

function summary({ budgets }: JobResult): string {
  const { heldOut, tokensSampled } = budgets.at(-1)!;
  const [first] = heldOut;
  const quality = mean(first!.domains.map((one) => mean(one.quality.at(-1)!)));
  return `quality ${quality.toFixed(3)} after ${tokensSampled} sampled tokens`;
}

export function duration(seconds: number): string {
  if (seconds < 100) return `${Math.max(0, seconds).toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
