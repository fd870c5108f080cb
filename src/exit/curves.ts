/** Held-out curves: what chains of attempts come to, step by step. */
import { mean, meanWithInterval } from '../base/statistics.ts';
import type { Attempt } from '../tasks/task.ts';
import { distinctShare } from './diversity.ts';
import type { Estimate, Evaluation, TurnEstimate } from '../schema/records.ts';

export interface Graded {
  readonly attempt: Attempt;
  readonly solved: boolean;
  readonly valid: boolean;
}

/** One turn of one chain. */
export interface Trace {
  /** Which held-out task it belongs to. */
  readonly task: number;
  /** From 0. */
  readonly turn: number;
  /** [K + 1] the chain's attempts. */
  readonly attempts: readonly Graded[];
  /** [K + 1] independent first attempts; the first is the chain's own. */
  readonly control: readonly Graded[];
}

type Curves = Omit<Evaluation, 'step' | 'tasks' | 'samples' | 'depth' | 'trainedDepth' | 'parts'>;

/** @param depth K; every trace holds K + 1 attempts and as many of the control. */
export function summarise(traces: readonly Trace[], depth: number): Curves {
  const byTask = groupByTask(traces);
  const estimate = (value: (trace: Trace) => number): Estimate =>
    meanWithInterval(byTask.map((group) => mean(group.map(value))));
  const curve = (value: (trace: Trace, k: number) => number): Estimate[] =>
    Array.from({ length: depth + 1 }, (_, k) => estimate((trace) => value(trace, k)));
  return {
    quality: curve(({ attempts }, k) => attempts[k]!.attempt.quality),
    solved: curve(({ attempts }, k) => Number(attempts[k]!.solved)),
    bestQuality: curve(({ attempts }, k) => bestQuality(attempts, k)),
    bestSolved: curve(({ attempts }, k) => anySolved(attempts, k)),
    netCorrections: estimate(({ attempts }) => 100 * correction(attempts)),
    distinct: estimate(({ attempts }) =>
      distinctShare(attempts.map(({ attempt }) => attempt.tokens)),
    ),
    resampleQuality: curve(({ control }, k) => bestQuality(control, k)),
    resampleSolved: curve(({ control }, k) => anySolved(control, k)),
    ...turnEstimates(traces),
  };
}

function turnEstimates(traces: readonly Trace[]): Pick<Curves, 'turns' | 'taskReturn'> {
  const count = Math.max(...traces.map(({ turn }) => turn)) + 1;
  if (count <= 1) return {};
  const turns = Array.from({ length: count }, (_, turn): TurnEstimate => {
    const byTask = groupByTask(traces.filter((trace) => trace.turn === turn));
    const share = (at: number): Estimate =>
      meanWithInterval(
        byTask.map((group) => mean(group.map(({ attempts }) => Number(attempts.at(at)!.solved)))),
      );
    return { first: share(0), last: share(-1) };
  });
  return { turns, taskReturn: { first: returnOf(traces, 0), last: returnOf(traces, -1) } };
}

/** Chains of a task are averaged, the turns of a chain added up. */
function returnOf(traces: readonly Trace[], at: number): Estimate {
  const returns = groupByTask(traces).map((group) => {
    const chains = group.filter(({ turn }) => turn === 0).length;
    const total = group.reduce((sum, { attempts }) => sum + attempts.at(at)!.attempt.quality, 0);
    return total / chains;
  });
  return meanWithInterval(returns);
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

function bestQuality(attempts: readonly Graded[], k: number): number {
  return Math.max(...attempts.slice(0, k + 1).map(({ attempt }) => attempt.quality));
}

function anySolved(attempts: readonly Graded[], k: number): number {
  return Number(attempts.slice(0, k + 1).some(({ solved }) => solved));
}

/** 1 for wrong → right between the first and the last attempt, −1 for right → wrong. */
function correction(attempts: readonly Graded[]): number {
  return Number(attempts.at(-1)!.solved) - Number(attempts[0]!.solved);
}
