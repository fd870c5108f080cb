/** What training itself recorded, made small: means between budgets, and a curve of a few dozen points. */
import { mean } from '../base/statistics.ts';
import {
  METRIC_IDS,
  METRICS,
  type Metric,
  type MetricId,
  type MetricRow,
} from '../schema/metrics.ts';
import { short } from './held-out.ts';
import type { BudgetResult, LearningCurve } from './result.ts';

/** Those of the clock and of memory differ between machines; those of evaluations are kept apart. */
const KEPT: readonly MetricId[] = METRIC_IDS.filter((id) => {
  const { timing, group }: Metric = METRICS[id];
  return !timing && group !== 'heldout' && !id.startsWith('memory/');
});

const MOST_POINTS = 50;

export function meanMetrics(rows: readonly MetricRow[]): BudgetResult['metrics'] {
  const entries = KEPT.map((id) => [id, meanOf(rows, id)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== null));
}

export function learningCurve(rows: readonly MetricRow[]): LearningCurve {
  const width = Math.max(1, Math.ceil(rows.length / MOST_POINTS));
  const buckets = Array.from({ length: Math.ceil(rows.length / width) }, (_, i) =>
    rows.slice(i * width, (i + 1) * width),
  );
  const columns = KEPT.map((id) => [id, buckets.map((bucket) => meanOf(bucket, id))] as const);
  return {
    step: buckets.map((bucket) => bucket.at(-1)!.step),
    tokensSampled: buckets.map((bucket) => bucket.at(-1)!.num_tokens_sampled!),
    metrics: Object.fromEntries(columns.filter(([, values]) => values.some((v) => v !== null))),
  };
}

/** Null where no row has it. */
function meanOf(rows: readonly MetricRow[], id: MetricId): number | null {
  const values = rows.map((row) => row[id]).filter((value) => value !== undefined);
  return values.length === 0 ? null : short(mean(values));
}
