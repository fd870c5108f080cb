/**
 * From thousands of steps to what a chart can draw: at most 100 buckets of equal width. Widths are
 * powers of two, counted from the first row, so that a bucket once full never changes.
 */
import { metric } from '../../schema/metrics.ts';
import type { Metric, MetricId } from '../../schema/metrics.ts';
import type { MetricHistory } from '../../app/history.ts';
import type { XKind } from '../../app/chart-settings.ts';
import { smooth } from './smooth.ts';
import { xColumn } from './x.ts';

export const MOST_BUCKETS = 100;

/** Values of one series, one per bucket; null where nothing was measured. */
export interface SeriesData {
  readonly values: readonly (number | null)[];
  /** Extremes of the unsmoothed values in each bucket. */
  readonly bands: readonly (readonly [number, number] | null)[];
  /** The values without smoothing, where there is smoothing. */
  readonly raw?: readonly (number | null)[];
}

export interface ChartData {
  /** x at the end of each bucket, ascending. */
  readonly xs: readonly number[];
  /** The last step of each bucket, where the chart is one over training. */
  readonly steps?: readonly number[];
  readonly series: readonly SeriesData[];
}

export interface Bucketing {
  readonly ids: readonly MetricId[];
  /** Share of the past in the smoothed line; 0 is off. */
  readonly smoothing: number;
  /** What x counts; steps if absent. */
  readonly x?: XKind;
  readonly most?: number;
}

/** Rows [from, to). */
export interface Bucket {
  readonly from: number;
  readonly to: number;
}

export function buckets(rows: number, most: number): Bucket[] {
  let width = 1;
  while (Math.ceil(rows / width) > most) width *= 2;
  return Array.from({ length: Math.ceil(rows / width) }, (_, i) => ({
    from: i * width,
    to: Math.min((i + 1) * width, rows),
  }));
}

export function chartData(history: MetricHistory, bucketing: Bucketing): ChartData {
  const { ids, smoothing, x = 'step', most = MOST_BUCKETS } = bucketing;
  const cuts = buckets(history.length, most);
  const column = xColumn(history, x);
  const steps = cuts.map(({ to }) => history.steps[to - 1]!);
  return {
    xs: x === 'step' ? steps : cuts.map(({ to }) => column[to - 1]!),
    steps,
    series: ids.map((id) => seriesOf(history, id, cuts, smoothing)),
  };
}

function seriesOf(
  { columns, length }: MetricHistory,
  id: MetricId,
  cuts: readonly Bucket[],
  smoothing: number,
): SeriesData {
  const raw = columns.get(id);
  if (!raw) return emptySeries(cuts.length);
  const how = metric(id).aggregate;
  const bucketed = (values: ArrayLike<number>): (number | null)[] =>
    cuts.map((cut) => aggregate(values, cut, how));
  const bands = cuts.map((cut) => extremes(raw, cut));
  // Of maxima, sums and last values a mean over time would be something else.
  if (how !== 'mean' || smoothing === 0) return { values: bucketed(raw), bands };
  return { values: bucketed(smooth(raw, length, smoothing)), bands, raw: bucketed(raw) };
}

/** The bucket that holds a step; null where the run has not come that far. `steps` ascend. */
export function indexOfStep(steps: readonly number[], step: number): number | null {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]! < step) low = middle + 1;
    else high = middle;
  }
  return low < steps.length ? low : null;
}

function emptySeries(length: number): SeriesData {
  const nothing = Array.from({ length }, () => null);
  return { values: nothing, bands: nothing };
}

/** One value for the measured rows of a bucket. */
export function aggregate(
  values: ArrayLike<number>,
  { from, to }: Bucket,
  how: Metric['aggregate'],
): number | null {
  let count = 0;
  let sum = 0;
  let max = -Infinity;
  let last = NaN;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    count++;
    sum += value;
    max = Math.max(max, value);
    last = value;
  }
  if (count === 0) return null;
  return { mean: sum / count, sum, max, last }[how];
}

function extremes(values: ArrayLike<number>, { from, to }: Bucket): [number, number] | null {
  let min = Infinity;
  let max = -Infinity;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? [min, max] : null;
}
