/** Held-out curves: what chains of attempts come to, step by step. */
import { mean, meanWithInterval } from '../base/statistics.ts';
import type { Attempt } from '../tasks/task.ts';
import { distinctShare } from './diversity.ts';
import type { Estimate, Evaluation, TurnEstimate } from '../schema/records.ts';

export interface GradedAttempt {
  readonly attempt: Attempt;
  readonly solved: boolean;
  readonly valid: boolean;
  readonly cost?: number;
  readonly standing?: number;
}

/** One turn of one chain. */
export interface Trace {
  /** Which held-out task it belongs to. */
  readonly task: number;
  /** From 0. */
  readonly turn: number;
  /** The first attempt where no earlier turn was revised: what k = 0 is. */
  readonly first: GradedAttempt;
  /** [K + 1] the chain's attempts, after earlier turns that were revised. */
  readonly attempts: readonly GradedAttempt[];
  /** [K + 1] independent first attempts where no earlier turn was revised, `first` among them. */
  readonly control: readonly GradedAttempt[];
}

export type Curves = Omit<
  Evaluation,
  'step' | 'tasks' | 'samples' | 'depth' | 'trainedDepth' | 'parts'
> &
  Required<Pick<Evaluation, 'wrongToRight' | 'rightToWrong'>>;

/** @param depth K; every trace holds K + 1 attempts and as many of the control. */
export function summarise(traces: readonly Trace[], depth: number): Curves {
  const byTask = groupByTask(traces);
  const estimate = (value: (trace: Trace) => number): Estimate =>
    meanWithInterval(byTask.map((group) => mean(group.map(value))));
  const curve = (value: (trace: Trace, k: number) => number): Estimate[] =>
    Array.from({ length: depth + 1 }, (_, k) => estimate((trace) => value(trace, k)));
  const ends = (from: boolean, to: boolean): Estimate =>
    estimate(({ first, attempts }) => {
      return 100 * Number(first.solved === from && attempts.at(-1)!.solved === to);
    });
  return {
    quality: curve((trace, k) => attemptAt(trace, k).attempt.quality),
    solved: curve((trace, k) => Number(attemptAt(trace, k).solved)),
    bestQuality: curve((trace, k) => bestQuality(upTo(trace, k), k)),
    bestSolved: curve((trace, k) => anySolved(upTo(trace, k), k)),
    netCorrections: estimate((trace) => 100 * correction(trace)),
    wrongToRight: ends(false, true),
    rightToWrong: ends(true, false),
    distinct: estimate(({ attempts }) =>
      distinctShare(attempts.map(({ attempt }) => attempt.tokens)),
    ),
    resampleQuality: curve(({ control }, k) => bestQuality(control, k)),
    resampleSolved: curve(({ control }, k) => anySolved(control, k)),
    ...atEqualCost(traces, curve),
    ...turnEstimates(traces),
  };
}

function atEqualCost(
  traces: readonly Trace[],
  curve: (value: (trace: Trace, k: number) => number) => Estimate[],
): Pick<Curves, 'cost' | 'equalCostQuality' | 'equalCostSolved'> {
  if (!traces.every(isPriced)) return {};
  return {
    cost: curve(costUpTo),
    equalCostQuality: curve(equalCostQuality),
    equalCostSolved: curve((trace, k) => Number(equalCostChoice(trace, k).solved)),
  };
}

/** Whether what its attempts took is known. */
export function isPriced({ attempts }: Trace): boolean {
  return attempts.every(({ cost }) => cost !== undefined);
}

/** Of the chain's attempts up to k together. */
export function costUpTo({ attempts }: Trace, k: number): number {
  return attempts.slice(0, k + 1).reduce((sum, { cost = 0 }) => sum + cost, 0);
}

/**
 * Of as many independent first attempts as could be had for what the chain took up to k, the first in any
 * case: that of the one which would be chosen by its standing. Equal ones are paid once.
 */
function equalCostChoice(trace: Trace, k: number): GradedAttempt {
  let left = costUpTo(trace, k);
  const paid = new Map<string, GradedAttempt>();
  for (const draw of trace.control) {
    const key = draw.attempt.tokens.join(' ');
    if (paid.has(key)) continue;
    left -= draw.cost ?? 0;
    if (left < 0 && paid.size > 0) break;
    paid.set(key, draw);
  }
  return [...paid.values()].reduce((best, other) =>
    (other.standing ?? 0) > (best.standing ?? 0) ? other : best,
  );
}

export function equalCostQuality(trace: Trace, k: number): number {
  return equalCostChoice(trace, k).attempt.quality;
}

/** Attempt k of a chain; k = 0 is where nothing was revised. */
export function attemptAt({ first, attempts }: Trace, k: number): GradedAttempt {
  return k === 0 ? first : attempts[k]!;
}

/** The attempts of which the first k + 1 count. */
export function upTo({ first, attempts }: Trace, k: number): readonly GradedAttempt[] {
  return k === 0 ? [first] : attempts;
}

function turnEstimates(traces: readonly Trace[]): Pick<Curves, 'turns' | 'taskReturn'> {
  const count = Math.max(...traces.map(({ turn }) => turn)) + 1;
  if (count <= 1) return {};
  const turns = Array.from({ length: count }, (_, turn): TurnEstimate => {
    const byTask = groupByTask(traces.filter((trace) => trace.turn === turn));
    const share = (of: (trace: Trace) => GradedAttempt): Estimate =>
      meanWithInterval(byTask.map((group) => mean(group.map((trace) => Number(of(trace).solved)))));
    return {
      first: share(({ first }) => first),
      ...(turn > 0 && { afterRevised: share(({ attempts }) => attempts[0]!) }),
      last: share(({ attempts }) => attempts.at(-1)!),
      resampled: share(({ control }) => bestOf(control)),
    };
  });
  const paid = (of: (trace: Trace) => GradedAttempt): Estimate =>
    meanWithInterval(returnsByTask(traces, of));
  return {
    turns,
    taskReturn: {
      first: paid(({ first }) => first),
      afterRevised: paid(({ attempts }) => attempts[0]!),
      last: paid(({ attempts }) => attempts.at(-1)!),
      resampled: paid(({ control }) => bestOf(control)),
    },
  };
}

/** Quality summed over the turns of a conversation, whose chains are averaged. */
export function returnsByTask(
  traces: readonly Trace[],
  of: (trace: Trace) => GradedAttempt,
): number[] {
  return groupByTask(traces).map((group) => {
    const chains = group.filter(({ turn }) => turn === 0).length;
    return group.reduce((sum, trace) => sum + of(trace).attempt.quality, 0) / chains;
  });
}

/** The one that the grader would choose. */
export function bestOf(attempts: readonly GradedAttempt[]): GradedAttempt {
  return attempts.reduce((best, other) =>
    other.attempt.quality > best.attempt.quality ? other : best,
  );
}

/** Curves of several domains to one: means of their means, as independent as the domains are. */
export function averageCurves(parts: readonly Curves[]): Curves {
  const average = (estimates: readonly Estimate[]): Estimate => ({
    mean: mean(estimates.map((estimate) => estimate.mean)),
    ci95: Math.hypot(...estimates.map(({ ci95 }) => ci95)) / estimates.length,
  });
  const one = (of: (part: Curves) => Estimate): Estimate => average(parts.map(of));
  const curve = (of: (part: Curves) => readonly Estimate[]): Estimate[] =>
    of(parts[0]!).map((_, k) => average(parts.map((part) => of(part)[k]!)));
  return {
    quality: curve(({ quality }) => quality),
    solved: curve(({ solved }) => solved),
    bestQuality: curve((part) => part.bestQuality),
    bestSolved: curve((part) => part.bestSolved),
    netCorrections: one(({ netCorrections }) => netCorrections),
    wrongToRight: one((part) => part.wrongToRight),
    rightToWrong: one((part) => part.rightToWrong),
    distinct: one(({ distinct }) => distinct),
    resampleQuality: curve(({ resampleQuality }) => resampleQuality),
    resampleSolved: curve(({ resampleSolved }) => resampleSolved),
  };
}

export function groupByTask(traces: readonly Trace[]): Trace[][] {
  const groups = new Map<number, Trace[]>();
  for (const trace of traces) groups.set(trace.task, [...(groups.get(trace.task) ?? []), trace]);
  return [...groups.values()];
}

/** Of the first k + 1 attempts. */
export function bestQuality(attempts: readonly GradedAttempt[], k: number): number {
  return Math.max(...attempts.slice(0, k + 1).map(({ attempt }) => attempt.quality));
}

/** 1 if one of the first k + 1 attempts is solved, else 0. */
export function anySolved(attempts: readonly GradedAttempt[], k: number): number {
  return Number(attempts.slice(0, k + 1).some(({ solved }) => solved));
}

/** 1 for wrong → right between the first and the last attempt, −1 for right → wrong. */
function correction({ first, attempts }: Trace): number {
  return Number(attempts.at(-1)!.solved) - Number(first.solved);
}
