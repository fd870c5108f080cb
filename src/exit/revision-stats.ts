/**
 * How a policy writes and reads: whether its attempts have the format, and whether a revision changes
 * what the attempt before got wrong rather than what it got right.
 */
import { mean, meanWithInterval } from '../base/statistics.ts';
import type { Rng } from '../base/rng.ts';
import type { Attempt, AttemptSpan, Task } from '../tasks/task.ts';
import { groupByTask, summarise, type GradedAttempt, type Trace } from './curves.ts';
import { rolloutHeldOut, type EvaluationOptions } from './evaluate.ts';
import type { DomainEvaluation, Estimate } from '../schema/records.ts';
import type { RolloutContext } from './rollout.ts';

export interface RevisionStats {
  /** Share of attempts that have the domain's format. */
  readonly wellFormed: Estimate;
  /** P(a revision changes a part | the feedback marks it wrong). */
  readonly changesWrong: Estimate;
  /** P(a revision changes a part | the feedback marks it right). */
  readonly changesRight: Estimate;
}

export interface DomainReport extends DomainEvaluation {
  readonly label: string;
  readonly revisionStats: RevisionStats;
}

/** Every domain of the task by itself: held-out curves and revision statistics from the same chains. */
export async function evaluateDomains(
  context: RolloutContext,
  options: EvaluationOptions,
  rng: Rng,
): Promise<DomainReport[]> {
  const { step, samples, depth, trainedDepth } = options;
  const reports: DomainReport[] = [];
  for (const task of context.task.parts ?? [context.task]) {
    const { traces, instances } = await rolloutHeldOut({ ...context, task }, options, rng);
    const tasks = instances.length;
    reports.push({
      ...{ task: task.id, label: task.label, step, tasks, samples, depth, trainedDepth },
      ...summarise(traces, depth),
      revisionStats: revisionStatsOf(task, traces),
    });
  }
  return reports;
}

/** Estimates are over held-out tasks; one without such a span says nothing about it. */
export function revisionStatsOf(
  task: Pick<Task, 'spans'>,
  traces: readonly Trace[],
): RevisionStats {
  const formed = sharesByTask(traces, ({ attempts }) => attempts.map(({ valid }) => valid));
  return {
    wellFormed: meanWithInterval(formed),
    changesWrong: meanWithInterval(changesByTask(task, traces, false)),
    changesRight: meanWithInterval(changesByTask(task, traces, true)),
  };
}

/**
 * How often a revision changes a span that feedback marks so, for each held-out task that has one.
 * @param right of what mark.
 */
export function changesByTask(
  task: Pick<Task, 'spans'>,
  traces: readonly Trace[],
  right: boolean,
): number[] {
  return sharesByTask(traces, (trace) => changedParts(task, trace, right));
}

function sharesByTask(
  traces: readonly Trace[],
  values: (trace: Trace) => readonly boolean[],
): number[] {
  return groupByTask(traces)
    .map((own) => own.flatMap(values).map(Number))
    .filter((own) => own.length > 0)
    .map((own) => mean(own));
}

/** For every span so marked of every attempt that was revised: whether the revision changed it. */
function changedParts(
  task: Pick<Task, 'spans'>,
  { attempts }: Trace,
  right: boolean,
): readonly boolean[] {
  return revisions(attempts).flatMap(([before, after]) =>
    (task.spans?.(before) ?? wholeAttempt(before))
      .filter((part) => part.right === right)
      .map((part) => tokensOf(before, part) !== tokensOf(after, part)),
  );
}

function revisions(attempts: readonly GradedAttempt[]): (readonly [Attempt, Attempt])[] {
  return attempts
    .slice(1)
    .map(({ attempt }, i): [Attempt, Attempt] => [attempts[i]!.attempt, attempt]);
}

function wholeAttempt({ quality }: Attempt): AttemptSpan[] {
  return [{ from: 0, to: Infinity, right: quality === 1 }];
}

function tokensOf({ tokens }: Attempt, { from, to }: AttemptSpan): string {
  return tokens.slice(from, to).join(' ');
}
