/** A run as curves that are small enough to be compared by the dozen. */
import type { MetricId, MetricRow } from './metrics.ts';

/** What runs are compared by: held-out tasks first, then what training itself records. */
export const CURVE_METRICS = [
  'eval/solved_last',
  'quality/mean',
  'quality/solved',
  'reward',
  'start_depth/mean',
  'learnability/mean',
  'diversity/distinct',
  'entropy',
  'kl',
] as const satisfies readonly MetricId[];

export type CurveMetric = (typeof CURVE_METRICS)[number];

export interface RunCurve {
  /** Steps, rising: the last of each point. */
  readonly step: readonly number[];
  /** Completion tokens sampled by then. */
  readonly tokensSampled: readonly number[];
  /** By metric, one value for each step; null where it was not measured. */
  readonly metrics: { readonly [K in MetricId]?: readonly (number | null)[] };
}

const MOST_POINTS = 100;

/** At most a hundred points, each the mean of as many rows. */
export function runCurve(rows: readonly MetricRow[]): RunCurve {
  const width = Math.max(1, Math.ceil(rows.length / MOST_POINTS));
  const buckets = Array.from({ length: Math.ceil(rows.length / width) }, (_, i) =>
    rows.slice(i * width, (i + 1) * width),
  );
  let tokens = 0;
  return {
    step: buckets.map((bucket) => bucket.at(-1)!.step),
    tokensSampled: buckets.map((bucket) => (tokens = bucket.at(-1)!.num_tokens_sampled ?? tokens)),
    metrics: Object.fromEntries(
      CURVE_METRICS.map((id) => [id, buckets.map((bucket) => meanOf(bucket, id))]),
    ),
  };
}

/** The curve with one more row; a step that it has already is left out. */
export function extended(curve: RunCurve, row: MetricRow): RunCurve {
  if (row.step <= (curve.step.at(-1) ?? -1)) return curve;
  const tokens = row.num_tokens_sampled ?? curve.tokensSampled.at(-1) ?? 0;
  return {
    step: [...curve.step, row.step],
    tokensSampled: [...curve.tokensSampled, tokens],
    metrics: Object.fromEntries(
      CURVE_METRICS.map((id) => [id, [...(curve.metrics[id] ?? []), row[id] ?? null]]),
    ),
  };
}

export const NO_CURVE: RunCurve = { step: [], tokensSampled: [], metrics: {} };

function meanOf(rows: readonly MetricRow[], id: MetricId): number | null {
  let [sum, count] = [0, 0];
  for (const { [id]: value } of rows) {
    if (value === undefined) continue;
    sum += value;
    count++;
  }
  return count === 0 ? null : sum / count;
}
