/** How different attempts of a group are: now, and when training began. */
import type { MetricHistory } from '../../../app/history.ts';
import type { MetricId } from '../../../schema/metrics.ts';

export interface SpreadFigure {
  readonly id: MetricId;
  /** Means over the first and the last few steps; null before the first. */
  readonly first: number | null;
  readonly now: number | null;
}

/** Single steps are noisy. */
const STEPS = 10;

export function spreadFigure(history: MetricHistory, id: MetricId): SpreadFigure {
  const column = history.columns.get(id);
  const values = column ? column.subarray(0, history.length).filter((v) => !Number.isNaN(v)) : NONE;
  return { id, first: meanOf(values.subarray(0, STEPS)), now: meanOf(values.subarray(-STEPS)) };
}

const NONE = new Float64Array(0);

function meanOf(values: Float64Array): number | null {
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;
}
