/** The pictures of an experiment: quality over tokens, and over a parameter where the grid has one. */
import { mean } from '../base/statistics.ts';
import { METRICS, type Metric, type MetricId } from '../schema/metrics.ts';
import { PARAMS, type ParamId } from '../schema/params.ts';
import {
  cellsOf,
  estimate,
  heldOutOf,
  MEASURES,
  metricValues,
  scoresOf,
  budgetOf,
  type Cell,
  type Place,
} from './analysis.ts';
import type { PlanOutline } from './plan.ts';
import type { Outcome } from './result.ts';
import { grouped, UNITS } from './tables.ts';
import { svg, type Panel, type Series, type SeriesPoint } from './svg.ts';

export interface Plot {
  /** Without a folder, e.g. `quality-test.svg`. */
  readonly name: string;
  readonly content: string;
}

const SHARE = [0, 1] as const;

export function plots(plan: PlanOutline, results: readonly Outcome[]): Plot[] {
  const cells = cellsOf(plan, results).filter(({ runs }) => runs.length > 0);
  if (cells.length === 0) return [];
  return plan.experiment.evaluation.splits.flatMap((split) => [
    ...plan.settings.flatMap((_, setting) => learningPlot(plan, cells, { split, setting })),
    ...doseResponsePlots(plan, cells, split),
    ...(plan.experiment.plots?.includes('depth')
      ? plan.settings.map((_, setting) => depthPlot(plan, cells, { split, setting }))
      : []),
  ]);
}

/** Quality at K after each budget, with bands: what a token buys. */
function learningPlot(
  plan: PlanOutline,
  cells: readonly Cell[],
  { split, setting }: { split: string; setting: number },
): Plot[] {
  const own = cells.filter((cell) => cell.setting === setting);
  if (own.length === 0) return [];
  const { label } = plan.settings[setting]!;
  const places = placesOf(plan, split);
  const series = own.map((cell) =>
    seriesOf(
      plan,
      cell,
      places.map((place) => ({ x: tokensAt(cell, place), ...qualityAt(cell, place) })),
    ),
  );
  const title = [plan.experiment.name, label].filter(Boolean).join(', ');
  return [
    {
      name: `${slug(['quality', split, label])}.svg`,
      content: svg({
        title,
        description: `Held-out quality on ${split} at the last attempt over sampled tokens: interquartile means over seeds with 95% bootstrap intervals, for ${own.map(({ arm }) => arm).join('; ')}.`,
        xLabel: 'completion tokens sampled',
        panels: [{ yLabel: `quality on ${split}, last attempt`, series, yRange: SHARE }],
      }),
    },
  ];
}

/** After the last budget: what share is solved after k revisions, seed by seed and on average. */
function depthPlot(
  plan: PlanOutline,
  cells: readonly Cell[],
  { split, setting }: { split: string; setting: number },
): Plot {
  const own = cells.filter((cell) => cell.setting === setting);
  const { label } = plan.settings[setting]!;
  const place = placesOf(plan, split).at(-1)!;
  const { unit } = plan.experiment.budgets;
  const series = own.map((cell): Series => {
    const { points } = heldOutOf(cell.runs[0]!, place).domains[0]!;
    const at = points.map((k, i) => {
      const runs = scoresOf(cell.runs, place, (one) => one.solved[i])!.map((row) => mean(row));
      return { x: k, y: mean(runs), runs };
    });
    return { ...seriesOf(plan, cell, at), traced: true };
  });
  const spent = `${grouped(place.budget)} ${UNITS[unit]}`;
  return {
    name: `${slug(['depth', split, label])}.svg`,
    content: svg({
      title: [plan.experiment.name, label].filter(Boolean).join(', '),
      description: `Share of tasks of ${split} solved after k revisions, after ${spent}: thick lines are means over seeds, thin ones single seeds, for ${own.map(({ arm }) => arm).join('; ')}.`,
      xLabel: 'k, revisions of the first attempt',
      panels: [{ yLabel: `share solved, ${split}`, series, yRange: SHARE }],
    }),
  };
}

/** Where the grid is one parameter of numbers: quality over it at each budget, and what training recorded. */
function doseResponsePlots(plan: PlanOutline, cells: readonly Cell[], split: string): Plot[] {
  const [id, ...others] = Object.keys(plan.experiment.grid) as ParamId[];
  if (id === undefined || others.length > 0) return [];
  const doses = plan.settings.map(({ values }) => values[id]);
  if (doses.length < 2 || !doses.every((dose) => typeof dose === 'number')) return [];
  const over: OverDoses = (point) =>
    plan.arms.flatMap((arm) => {
      const own = cells.filter((cell) => cell.arm === arm);
      const points = own.flatMap((cell) => {
        const y = point(cell);
        return y ? [{ x: doses[cell.setting]!, ...y }] : [];
      });
      points.sort((a, b) => a.x - b.x);
      return points.length > 0 ? [seriesOf(plan, own[0]!, points)] : [];
    });
  return placesOf(plan, split).map((place) =>
    doseResponsePlot(plan, PARAMS[id].label, place, over),
  );
}

type OverDoses = (point: (cell: Cell) => Omit<SeriesPoint, 'x'> | undefined) => Series[];

function doseResponsePlot(
  { experiment }: PlanOutline,
  label: string,
  place: Place,
  over: OverDoses,
): Plot {
  const { split, budget } = place;
  const quality: Panel = {
    yLabel: `quality on ${split}, last attempt`,
    series: over((cell) => qualityAt(cell, place)),
    yRange: SHARE,
  };
  const metrics = experiment.metrics.map((metric) => metricPanel(metric, over, place));
  const spent = `${grouped(budget)} ${UNITS[experiment.budgets.unit]}`;
  return {
    name: `${slug(['dose-response', split, String(budget)])}.svg`,
    content: svg({
      title: `${experiment.name}: ${label}, ${spent}`,
      description: `Over ${label}: held-out quality on ${split} after ${spent}, interquartile means with 95% bootstrap intervals and a dot per seed${metrics.length > 0 ? '; below, what training recorded' : ''}.`,
      xLabel: label,
      panels: [quality, ...metrics.filter(({ series }) => series.length > 0)],
    }),
  };
}

function metricPanel(id: MetricId, over: OverDoses, place: Place): Panel {
  const { label, domain }: Metric = METRICS[id];
  const series = over(({ runs }) => {
    const values = metricValues(id, runs, place);
    return values.length > 0 ? { y: mean(values), runs: values } : undefined;
  });
  return { yLabel: label, series, ...(domain && { yRange: domain }) };
}

function qualityAt({ runs }: Cell, place: Place): Omit<SeriesPoint, 'x'> {
  const scores = scoresOf(runs, place, MEASURES.quality)!;
  const { value, interval } = estimate(scores);
  return { y: value, interval, runs: scores.map((row) => mean(row)) };
}

function tokensAt({ runs }: Cell, place: Place): number {
  return mean(runs.map((run) => budgetOf(run, place).tokensSampled));
}

function seriesOf(plan: PlanOutline, { arm }: Cell, points: readonly SeriesPoint[]): Series {
  return { name: arm, style: plan.arms.indexOf(arm), points };
}

function placesOf({ experiment }: PlanOutline, split: string): Place[] {
  return experiment.budgets.at.map((budget, index) => ({ split, budget, index }));
}

/** A file name of what a person reads. */
function slug(parts: readonly string[]): string {
  const text = parts.filter(Boolean).join('-');
  return text.replace(/[^A-Za-z0-9.]+/g, '-').replace(/^-|-$/g, '');
}
