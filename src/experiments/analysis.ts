/**
 * What the finished jobs of a plan say: estimates for each arm, and differences from the control. Quality
 * is that of the last attempt at K self-improvement steps unless a name says otherwise.
 */
import { mean } from '../base/statistics.ts';
import type { MetricId } from '../schema/metrics.ts';
import type { PlanOutline } from './plan.ts';
import type { BudgetResult, HeldOutResult, Outcome, TaskOutcomes } from './result.ts';
import {
  bootstrapEstimate,
  interquartileMean,
  meanEstimate,
  pairedDifference,
  pairedDifferenceOverTasks,
  probabilityOfImprovement,
  type IntervalEstimate,
  type PairedDifference,
  type Scores,
} from './statistics.ts';

/** The runs of an arm at one point of the grid, by seed. */
export interface Cell {
  readonly arm: string;
  /** Index among the plan's settings. */
  readonly setting: number;
  readonly runs: readonly CellRun[];
}

export interface CellRun {
  readonly seed: number;
  readonly result: Outcome;
}

/** One column of estimates: how an evaluation becomes one number per held-out task. */
type Measure = (outcomes: TaskOutcomes) => readonly number[] | undefined;

export const MEASURES = {
  quality: (one) => one.quality.at(-1),
  firstQuality: (one) => one.quality[0],
  solved: (one) => one.solved.at(-1),
  bestQuality: (one) => one.bestQuality.at(-1),
  resampleQuality: (one) => one.resampleQuality.at(-1),
  wrongToRight: (one) => one.wrongToRight,
  rightToWrong: (one) => one.rightToWrong,
  netCorrections: (one) => [mean(one.wrongToRight) - mean(one.rightToWrong)],
  changesWrong: (one) => one.changesWrong,
  changesRight: (one) => one.changesRight,
  searchQuality: (one) => one.searchQuality?.at(-1),
  cost: (one) => one.cost?.at(-1),
  equalCostQuality: (one) => one.equalCostQuality?.at(-1),
  firstTurn: (one) => one.turnsFirst?.[0],
  firstTurnLast: (one) => one.turnsLast?.[0],
  laterTurns: (one) => afterFirst(one.turnsFirst),
  laterTurnsAfterRevised: (one) => afterFirst(one.turnsAfterRevised),
  returnFirst: (one) => one.returnFirst,
  returnLast: (one) => one.returnLast,
  returnResample: (one) => one.returnResample,
  // Of means: an archive keeps the tasks of quality alone.
  equalCostGain: ({ quality, equalCostQuality: of }) =>
    of && [mean(quality.at(-1)!) - mean(of.at(-1)!)],
} as const satisfies Record<string, Measure>;
export type MeasureId = keyof typeof MEASURES;

/** Turns after the first, each as much as another, whoever has it. */
function afterFirst(turns: TaskOutcomes['turnsFirst']): readonly number[] | undefined {
  const later = turns?.slice(1) ?? [];
  return later.length > 0 ? [mean(later.map((row) => mean(row)))] : undefined;
}

export interface ArmSummary {
  readonly setting: string;
  readonly split: string;
  readonly budget: number;
  readonly arm: string;
  readonly seeds: number;
  /** Interquartile means with bootstrap intervals; absent where nothing was measured. */
  readonly measures: { readonly [K in MeasureId]?: IntervalEstimate };
  /** Mean quality with Student's interval. */
  readonly meanQuality: IntervalEstimate;
  /** Interquartile mean of quality at each k. */
  readonly byDepth: readonly (IntervalEstimate & { readonly k: number })[];
  readonly tokensSampled: number;
  readonly tokensTrained: number;
  readonly steps: number;
  /** The metrics of training that the experiment asks for: means over seeds. */
  readonly metrics: { readonly [K in MetricId]?: IntervalEstimate };
}

export interface Comparison {
  readonly setting: string;
  readonly split: string;
  readonly budget: number;
  readonly arm: string;
  readonly control: string;
  /** Of quality, seed by seed. */
  readonly seeds: PairedDifference;
  /** Of quality, held-out task by held-out task; absent where the arms were not judged on the same ones. */
  readonly tasks?: PairedDifference;
  readonly probabilityOfImprovement: IntervalEstimate;
}

export interface Price {
  readonly setting: string;
  readonly split: string;
  readonly arm: string;
  readonly target: number;
  /** Sampled tokens at which the interquartile mean reaches the target; null if it does not. */
  readonly tokens: number | null;
  /** Whether the first judgement had reached it already: `tokens` is the most that it can have taken. */
  readonly atMost: boolean;
  /** Seeds that reach it, of how many, and the median of what they needed; null if half do not. */
  readonly reached: number;
  readonly seeds: number;
  readonly median: number | null;
  /** The same of the median. */
  readonly medianAtMost: boolean;
}

export interface Analysis {
  readonly name: string;
  readonly finished: number;
  readonly planned: number;
  readonly summaries: readonly ArmSummary[];
  readonly comparisons: readonly Comparison[];
  readonly prices: readonly Price[];
}

/** All random draws of an analysis are of this seed, so that it is the same every time. */
const BOOTSTRAP = { seed: 1 } as const;

export function cellsOf(plan: PlanOutline, results: readonly Outcome[]): Cell[] {
  const byId = new Map(results.map((result) => [result.id, result]));
  return plan.settings.flatMap((_, setting) =>
    plan.arms.map((arm): Cell => {
      const own = plan.runs.filter((run) => run.arm === arm && run.setting === setting);
      const runs = own.flatMap(({ seed, job }) => {
        const result = byId.get(job);
        return result ? [{ seed, result }] : [];
      });
      return { arm, setting, runs };
    }),
  );
}

export function analyse(plan: PlanOutline, results: readonly Outcome[]): Analysis {
  const cells = cellsOf(plan, results).filter(({ runs }) => runs.length > 0);
  const { evaluation, budgets, name } = plan.experiment;
  const places = evaluation.splits.flatMap((split) =>
    budgets.at.map((budget, index): Place => ({ split, budget, index })),
  );
  return {
    name,
    finished: results.length,
    planned: plan.jobs.length,
    summaries: places.flatMap((place) => cells.map((cell) => summarise(plan, cell, place))),
    comparisons: places.flatMap((place) => compareAll(plan, cells, place)),
    prices: evaluation.splits.flatMap((split) => pricesOf(plan, cells, split)),
  };
}

/** Where a run is looked at. */
export interface Place {
  readonly split: string;
  readonly budget: number;
  /** Of the budget. */
  readonly index: number;
}

export function budgetOf({ result }: CellRun, { index }: Place): BudgetResult {
  return result.budgets[index]!;
}

export function heldOutOf(run: CellRun, place: Place): HeldOutResult {
  return budgetOf(run, place).heldOut.find(({ split }) => split === place.split)!;
}

/** [runs][domains]; undefined where nothing was measured. */
export function scoresOf(
  runs: readonly CellRun[],
  place: Place,
  measure: Measure,
): Scores | undefined {
  const scores = runs.map((run) =>
    heldOutOf(run, place).domains.map((outcomes) => {
      const values = measure(outcomes);
      return values === undefined ? undefined : mean(values);
    }),
  );
  const complete = scores.every((row): row is number[] => row.every((one) => one !== undefined));
  return complete ? scores : undefined;
}

export function estimate(scores: Scores): IntervalEstimate {
  return bootstrapEstimate([scores], interquartileMean, BOOTSTRAP);
}

function summarise(plan: PlanOutline, { arm, setting, runs }: Cell, place: Place): ArmSummary {
  const measures = Object.entries(MEASURES).flatMap(([id, measure]) => {
    const scores = scoresOf(runs, place, measure);
    return scores ? [[id, estimate(scores)]] : [];
  });
  const quality = scoresOf(runs, place, MEASURES.quality)!;
  const { points } = heldOutOf(runs[0]!, place).domains[0]!;
  const over = (value: (budget: BudgetResult) => number): number =>
    mean(runs.map((run) => value(budgetOf(run, place))));
  return {
    setting: plan.settings[setting]!.label,
    split: place.split,
    budget: place.budget,
    arm,
    seeds: runs.length,
    measures: Object.fromEntries(measures) as ArmSummary['measures'],
    meanQuality: meanEstimate(quality.map((row) => mean(row))),
    byDepth: points.map((k, i) => ({
      k,
      ...estimate(scoresOf(runs, place, (one) => one.quality[i])!),
    })),
    tokensSampled: over((budget) => budget.tokensSampled),
    tokensTrained: over((budget) => budget.tokensTrained),
    steps: over((budget) => budget.step),
    metrics: metricsOf(plan.experiment.metrics, runs, place),
  };
}

function metricsOf(
  ids: readonly MetricId[],
  runs: readonly CellRun[],
  place: Place,
): ArmSummary['metrics'] {
  const entries = ids.flatMap((id) => {
    const values = metricValues(id, runs, place);
    return values.length > 0 ? [[id, meanEstimate(values)]] : [];
  });
  return Object.fromEntries(entries) as ArmSummary['metrics'];
}

export function metricValues(id: MetricId, runs: readonly CellRun[], place: Place): number[] {
  return runs.map((run) => budgetOf(run, place).metrics[id]).filter((value) => value !== undefined);
}

function compareAll(plan: PlanOutline, cells: readonly Cell[], place: Place): Comparison[] {
  return cells.flatMap((cell) => {
    const control = cells.find(
      ({ arm, setting }) => arm === plan.control && setting === cell.setting,
    );
    if (!control || cell.arm === plan.control) return [];
    return compare(plan, cell, { control, place });
  });
}

function compare(
  plan: PlanOutline,
  cell: Cell,
  { control, place }: { control: Cell; place: Place },
): Comparison[] {
  const shared = cell.runs.flatMap((run) => {
    const other = control.runs.find(({ seed }) => seed === run.seed);
    return other ? [[run, other] as const] : [];
  });
  if (shared.length === 0) return [];
  const [ours, theirs] = [shared.map(([run]) => run), shared.map(([, other]) => other)];
  const means = (runs: readonly CellRun[]): number[] =>
    scoresOf(runs, place, MEASURES.quality)!.map((row) => mean(row));
  const tasks = pairedTasks(ours, theirs, place);
  return [
    {
      setting: plan.settings[cell.setting]!.label,
      split: place.split,
      budget: place.budget,
      arm: cell.arm,
      control: control.arm,
      seeds: pairedDifference(means(ours), means(theirs), BOOTSTRAP),
      ...(tasks && { tasks }),
      probabilityOfImprovement: bootstrapEstimate(
        [cell.runs, control.runs].map((runs) => scoresOf(runs, place, MEASURES.quality)!),
        probabilityOfImprovement,
        BOOTSTRAP,
      ),
    },
  ];
}

/** Arms of a seed are judged on the same held-out tasks, unless they differ in the task itself. */
function pairedTasks(
  ours: readonly CellRun[],
  theirs: readonly CellRun[],
  place: Place,
): PairedDifference | undefined {
  const values = (runs: readonly CellRun[]): number[][] =>
    runs.map((run) => heldOutOf(run, place).domains.flatMap((one) => one.quality.at(-1)!));
  const domains = (runs: readonly CellRun[]): string =>
    JSON.stringify(runs.map((run) => heldOutOf(run, place).domains.map(({ domain }) => domain)));
  const [x, y] = [values(ours), values(theirs)];
  const same =
    domains(ours) === domains(theirs) && x.every((row, s) => row.length === y[s]!.length);
  return same ? pairedDifferenceOverTasks(x, y, BOOTSTRAP) : undefined;
}

function pricesOf(plan: PlanOutline, cells: readonly Cell[], split: string): Price[] {
  const { targets, budgets } = plan.experiment;
  const places = budgets.at.map((budget, index): Place => ({ split, budget, index }));
  return targets.flatMap((target) =>
    cells.map(({ arm, setting, runs }): Price => {
      const tokens = (run: CellRun, place: Place): number => budgetOf(run, place).tokensSampled;
      const quality = (of: readonly CellRun[], place: Place): number =>
        interquartileMean(scoresOf(of, place, MEASURES.quality)!);
      const pooled = places.map((place) => ({
        tokens: mean(runs.map((run) => tokens(run, place))),
        quality: quality(runs, place),
      }));
      const needed = runs.map((run) =>
        tokensToReach(
          places.map((place) => ({
            tokens: tokens(run, place),
            quality: quality([run], place),
          })),
          target,
        ),
      );
      const reached = tokensToReach(pooled, target);
      const median = medianOf(needed);
      return {
        setting: plan.settings[setting]!.label,
        split,
        arm,
        target,
        tokens: reached?.tokens ?? null,
        atMost: reached?.atMost ?? false,
        reached: needed.filter((one) => one !== null).length,
        seeds: runs.length,
        median: median?.tokens ?? null,
        medianAtMost: median?.atMost ?? false,
      };
    }),
  );
}

export interface Reached {
  readonly tokens: number;
  /** Whether the first evaluation was there already, so that fewer may have done; none do with less than 0. */
  readonly atMost: boolean;
}

/** On the line between the evaluations around it; null if none reaches the target. */
export function tokensToReach(
  curve: readonly { readonly tokens: number; readonly quality: number }[],
  target: number,
): Reached | null {
  const at = curve.findIndex(({ quality }) => quality >= target);
  if (at < 0) return null;
  const [before, after] = [curve[at - 1], curve[at]!];
  if (!before) return { tokens: after.tokens, atMost: after.tokens > 0 };
  const share = (target - before.quality) / (after.quality - before.quality);
  return { tokens: before.tokens + share * (after.tokens - before.tokens), atMost: false };
}

/** What was not reached counts as more than all else. */
function medianOf(values: readonly (Reached | null)[]): Reached | null {
  const sorted = values
    .map((value) => value ?? { tokens: Infinity, atMost: false })
    .sort((a, b) => a.tokens - b.tokens);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)]!, sorted[Math.ceil(middle)]!];
  const tokens = (low.tokens + high.tokens) / 2;
  return Number.isFinite(tokens) ? { tokens, atMost: low.atMost || high.atMost } : null;
}
