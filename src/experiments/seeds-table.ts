/** Arms by their seeds: how many solve anything, and how far single seeds lie apart. */
import { mean } from '../base/statistics.ts';
import { METRICS, type MetricId } from '../schema/metrics.ts';
import {
  budgetOf,
  cellsOf,
  MEASURES,
  metricValues,
  scoresOf,
  type CellRun,
  type MeasureId,
  type Place,
} from './analysis.ts';
import type { PlanOutline } from './plan.ts';
import type { Outcome } from './result.ts';
import { grouped, MEASURE_TITLES, NONE, tableOf } from './tables.ts';

export interface SeedsTable {
  /** Label of the setting; empty where the experiment has no grid. */
  readonly setting: string;
  readonly budget: number;
  /**
   * Measures, metrics, and totals of metrics that every step has, such as `total hard/paid`: each a mean
   * over seeds, with the least and the most of them where they differ.
   */
  readonly columns: readonly string[];
}

/** On the experiment's first split. Null where there is no such setting, budget or column. */
export function seedsTable(
  plan: PlanOutline,
  results: readonly Outcome[],
  { setting, budget, columns }: SeedsTable,
): string | null {
  const { budgets, evaluation } = plan.experiment;
  const place = { split: evaluation.splits[0]!, budget, index: budgets.at.indexOf(budget) };
  const at = plan.settings.findIndex(({ label }) => label === setting);
  const read = columns.map(columnOf);
  if (at < 0 || place.index < 0 || !read.every((one) => one !== null)) return null;
  const cells = cellsOf(plan, results).filter(
    (cell) => cell.setting === at && cell.runs.length > 0,
  );
  const head = ['arm', 'seeds that solve any', ...read.map(({ title }) => title)];
  const rows = cells.map(({ arm, runs }) => {
    const solving = valuesOf(runs, place, 'solved').filter((value) => value > 0).length;
    const shown = read.map(({ values, digits }) => spread(values(runs, place), digits));
    return [arm, `${solving} of ${runs.length}`, ...shown];
  });
  return tableOf(head, rows);
}

interface Column {
  readonly title: string;
  readonly digits: number;
  readonly values: (runs: readonly CellRun[], place: Place) => number[];
}

function columnOf(name: string): Column | null {
  const [total, metric] = /^total (.*)$/.exec(name) ?? [];
  const id = metric ?? name;
  if (isMeasure(id) && !total) {
    const title = MEASURE_TITLES[id];
    return { title, digits: 3, values: (runs, place) => valuesOf(runs, place, id) };
  }
  if (!isMetric(id)) return null;
  const title = METRICS[id].label;
  if (!total) return { title, digits: 3, values: (runs, place) => metricValues(id, runs, place) };
  return { title, digits: 0, values: (runs, place) => totals(id, runs, place) };
}

function isMeasure(id: string): id is MeasureId {
  return Object.hasOwn(MEASURES, id);
}

function isMetric(id: string): id is MetricId {
  return Object.hasOwn(METRICS, id);
}

/** Seed by seed; none where it was not measured. */
function valuesOf(runs: readonly CellRun[], place: Place, id: MeasureId): number[] {
  return (scoresOf(runs, place, MEASURES[id]) ?? []).map((row) => mean(row));
}

/** Means over steps, times the steps since the budget before. */
function totals(id: MetricId, runs: readonly CellRun[], place: Place): number[] {
  return runs.flatMap((run) => {
    const { step, metrics } = budgetOf(run, place);
    const before = run.result.budgets[place.index - 1]?.step ?? 0;
    const value = metrics[id];
    return value === undefined ? [] : [Math.round(value * (step - before))];
  });
}

function spread(values: readonly number[], digits: number): string {
  if (values.length === 0) return NONE;
  const text = (value: number): string => (digits === 0 ? grouped(value) : value.toFixed(digits));
  const [low, high] = [text(Math.min(...values)), text(Math.max(...values))];
  return low === high ? low : `${text(mean(values))} (${low} to ${high})`;
}
