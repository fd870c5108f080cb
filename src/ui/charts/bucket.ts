/**
 * From thousands of steps to what a chart can draw: at most 150 buckets of equal width. Widths are
 * powers of two, counted from the first row, so that a bucket once full never changes.
 */
import { metric } from '../../spec/metrics.ts';
import type { Metric, MetricId } from '../../spec/metrics.ts';
import type { MetricHistory } from '../../store/history.ts';
import { smooth } from './smooth.ts';

export const MOST_BUCKETS = 150;

/** Values of one series, one per bucket; null where nothing was measured. */
export interface SeriesData {
  readonly values: readonly (number | null)[];
  /** Extremes of the unsmoothed values in each bucket. */
  readonly bands: readonly (readonly [number, number] | null)[];
}

export interface ChartData {
  /** The last step of each bucket, ascending. */
  readonly xs: readonly number[];
  readonly series: readonly SeriesData[];
}

export interface Bucketing {
  readonly ids: readonly MetricId[];
  /** Share of the past in the smoothed line; 0 is off. */
  readonly smoothing: number;
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
  const cuts = buckets(history.length, bucketing.most ?? MOST_BUCKETS);
  return {
    xs: cuts.map(({ to }) => history.steps[to - 1]!),
    series: bucketing.ids.map((id) => {
      const raw = history.columns.get(id);
      if (!raw) return emptySeries(cuts.length);
      const smoothing = metric(id).aggregate === 'mean' ? bucketing.smoothing : 0;
      const smoothed = smooth(raw, history.length, smoothing);
      return {
        values: cuts.map((cut) => aggregate(smoothed, cut, metric(id).aggregate)),
        bands: cuts.map((cut) => extremes(raw, cut)),
      };
    }),
  };
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
