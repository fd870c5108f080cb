/** Curves of several runs as one: the mean over them and its 95% interval, on a common grid of x. */
import { meanWithInterval } from '../../../base/statistics.ts';
import { metric, type MetricId } from '../../../schema/metrics.ts';
import type { RunCurve } from '../../../schema/run-curve.ts';
import type { Analysis } from '../../../experiments/analysis.ts';
import type { ChartData, SeriesData } from '../../charts/bucket.ts';
import { csv, type Cell } from '../../charts/csv.ts';
import type { SeriesStyle } from '../../charts/series.ts';

/** Runs that differ in their seed alone, or one. */
export interface CurveGroup {
  readonly name: string;
  readonly curves: readonly RunCurve[];
}

export type CurveX = 'step' | 'tokens';

const POINTS = 60;

/**
 * At each x the mean over the runs that have come so far, with Student's interval; one run has no interval.
 * Between its points a run is on the line through them.
 */
export function meanCurves(groups: readonly CurveGroup[], id: MetricId, x: CurveX): ChartData {
  const lines = groups.map(({ curves }) => curves.map((curve) => lineOf(curve, id, x)));
  const ends = lines.flat().flatMap(({ xs }) => xs);
  if (ends.length === 0) return { xs: [], series: groups.map(() => ({ values: [], bands: [] })) };
  const [from, to] = [Math.min(...ends), Math.max(...ends)];
  const xs = gridOf(from, to);
  return { xs, series: lines.map((of) => seriesOf(of, xs, id)) };
}

/** Whole numbers, each once. */
function gridOf(from: number, to: number): number[] {
  const at = Array.from({ length: POINTS }, (_, i) =>
    Math.round(from + ((to - from) * i) / (POINTS - 1)),
  );
  return at.filter((one, i) => one !== at[i - 1]);
}

interface Line {
  readonly xs: readonly number[];
  readonly ys: readonly number[];
}

/** Without the points where the metric was not measured. */
function lineOf({ step, tokensSampled, metrics }: RunCurve, id: MetricId, x: CurveX): Line {
  const values = metrics[id] ?? [];
  const places = x === 'step' ? step : tokensSampled;
  const measured = places.flatMap((at, i) => {
    const value = values[i] ?? null;
    return value === null ? [] : [[at, value] as const];
  });
  return { xs: measured.map(([at]) => at), ys: measured.map(([, value]) => value) };
}

function seriesOf(lines: readonly Line[], xs: readonly number[], id: MetricId): SeriesData {
  const [least, most] = boundsOf(id);
  const points = xs.map((x) => {
    const values = lines.flatMap((line) => valueAt(line, x) ?? []);
    return values.length === 0 ? null : { n: values.length, ...meanWithInterval(values) };
  });
  return {
    values: points.map((point) => point && point.mean),
    bands: points.map((point) =>
      point && point.n > 1
        ? [Math.max(least, point.mean - point.ci95), Math.min(most, point.mean + point.ci95)]
        : null,
    ),
  };
}

/** Null before the first and after the last point. */
export function valueAt({ xs, ys }: Line, x: number): number | null {
  const after = xs.findIndex((one) => one >= x);
  if (after < 0) return null;
  if (xs[after] === x) return ys[after]!;
  if (after === 0) return null;
  const [low, high] = [xs[after - 1]!, xs[after]!];
  return ys[after - 1]! + ((ys[after]! - ys[after - 1]!) * (x - low)) / (high - low);
}

export function boundsOf(id: MetricId): readonly [number, number] {
  return metric(id).domain ?? [-Infinity, Infinity];
}

/** Held-out quality over the sampled tokens at which runs were judged: interquartile means over seeds. */
export function heldOutCurves(analysis: Analysis, arms: readonly string[]): ChartData {
  const of = (arm: string) => analysis.summaries.filter((one) => one.arm === arm);
  const places = new Set(analysis.summaries.map(({ tokensSampled }) => Math.round(tokensSampled)));
  const xs = [...places].sort((a, b) => a - b);
  return {
    xs,
    series: arms.map((arm) => {
      const at = new Map(
        of(arm).map((one) => [Math.round(one.tokensSampled), one.measures.quality]),
      );
      const found = xs.map((x) => at.get(x));
      return {
        values: found.map((one) => one?.value ?? null),
        bands: found.map((one) => (one?.interval ? [one.interval.low, one.interval.high] : null)),
      };
    }),
  };
}

const DASHES = [undefined, '6 3', '2 3', '8 3 2 3', '1 4', '12 4'] as const;

/** The `index`-th run, or group of runs: the same colour wherever it is drawn. */
export function colorOf(index: number): string {
  return `var(--series-${(index % 6) + 1})`;
}

export function stylesOf(groups: readonly Pick<CurveGroup, 'name'>[]): SeriesStyle[] {
  return groups.map(({ name }, i) => ({
    label: name,
    color: colorOf(i),
    dash: DASHES[Math.floor(i / 6) % DASHES.length],
    width: 2,
    band: true,
  }));
}

/** A line per x, with the interval of each group. */
export function curvesCsv(
  xName: string,
  groups: readonly string[],
  { xs, series }: ChartData,
): string {
  const head = groups.flatMap((name) => [name, `${name}, low`, `${name}, high`]);
  const rows = xs.map((x, i): Cell[] => [
    x,
    ...series.flatMap(({ values, bands }) => [
      values[i] ?? null,
      bands[i]?.[0] ?? null,
      bands[i]?.[1] ?? null,
    ]),
  ]);
  return csv([[xName, ...head], ...rows]);
}
