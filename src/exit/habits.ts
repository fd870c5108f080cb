/**
 * How a policy writes and reads: whether its attempts have the format, and whether a revision changes
 * what the attempt before got wrong rather than what it got right.
 */
import { mean, meanWithInterval } from '../base/statistics.ts';
import type { Rng } from '../base/rng.ts';
import type { Attempt, MarkedPart, Task } from '../tasks/task.ts';
import { groupByTask, summarise, type Graded, type Trace } from './curves.ts';
import { playHeldOut, type EvaluationOptions } from './evaluate.ts';
import type { DomainEvaluation, Estimate } from '../schema/records.ts';
import type { RolloutContext } from './rollout.ts';

export interface Habits {
  /** Share of attempts that have the domain's format. */
  readonly wellFormed: Estimate;
  /** P(a revision changes a part | the part was marked wrong). */
  readonly changesWrong: Estimate;
  /** P(a revision changes a part | the part was marked right). */
  readonly changesRight: Estimate;
}

export interface Portrait extends DomainEvaluation {
  readonly label: string;
  readonly habits: Habits;
}

/** Every domain of the task by itself: held-out curves and habits from the same chains. */
export async function portray(
  context: RolloutContext,
  options: EvaluationOptions,
  rng: Rng,
): Promise<Portrait[]> {
  const { step, samples, depth, trainedDepth } = options;
  const portraits: Portrait[] = [];
  for (const task of context.task.parts ?? [context.task]) {
    const { traces, tasks } = await playHeldOut({ ...context, task }, options, rng);
    portraits.push({
      ...{ task: task.id, label: task.label, step, tasks, samples, depth, trainedDepth },
      ...summarise(traces, depth),
      habits: habitsOf(task, traces),
    });
  }
  return portraits;
}

/** Estimates are over held-out tasks; one without such a part says nothing about it. */
export function habitsOf(task: Pick<Task, 'marked'>, traces: readonly Trace[]): Habits {
  const share = (values: (trace: Trace) => readonly boolean[]): Estimate => {
    const shares = groupByTask(traces).map((own) => mean(own.flatMap(values).map(Number)));
    return meanWithInterval(shares.filter((value) => !Number.isNaN(value)));
  };
  const changes = (right: boolean) => (trace: Trace) => changedParts(task, trace, right);
  return {
    wellFormed: share(({ attempts }) => attempts.map(({ valid }) => valid)),
    changesWrong: share(changes(false)),
    changesRight: share(changes(true)),
  };
}

/** For every part so marked of every attempt that was revised: whether the revision changed it. */
function changedParts(
  task: Pick<Task, 'marked'>,
  { attempts }: Trace,
  right: boolean,
): readonly boolean[] {
  return revisions(attempts).flatMap(([before, after]) =>
    (task.marked?.(before) ?? wholeOf(before))
      .filter((part) => part.right === right)
      .map((part) => wordsOf(before, part) !== wordsOf(after, part)),
  );
}

function revisions(attempts: readonly Graded[]): (readonly [Attempt, Attempt])[] {
  return attempts
    .slice(1)
    .map(({ attempt }, i): [Attempt, Attempt] => [attempts[i]!.attempt, attempt]);
}

function wholeOf({ quality }: Attempt): MarkedPart[] {
  return [{ from: 0, to: Infinity, right: quality === 1 }];
}

function wordsOf({ tokens }: Attempt, { from, to }: MarkedPart): string {
  return tokens.slice(from, to).join(' ');
}
