/** What the x axis of a chart over training counts, row by row, and how it is written. */
import type { XKind } from '../../app/chart-settings.ts';
import type { MetricHistory } from '../../app/history.ts';
import { formatCompact, formatDuration } from '../format.ts';
import { tightAxis, tightDurationAxis, tightLogAxis } from './axis.ts';
import type { Axis } from './axis.ts';

export interface XScale {
  /** Under the axis. */
  readonly label: string;
  readonly format: (x: number) => string;
}

export const X_SCALES: { readonly [K in XKind]: XScale } = {
  step: { label: 'step', format: String },
  tokens: { label: 'tokens', format: formatCompact },
  time: { label: 'time', format: formatDuration },
};

/**
 * x of each row, never falling. Time is that of the training steps alone: neither pauses nor evaluations
 * count. A row that did not measure it stands where the one before stands.
 */
export function xColumn({ length, steps, columns }: MetricHistory, kind: XKind): ArrayLike<number> {
  if (kind === 'step') return steps;
  const source = columns.get(kind === 'tokens' ? 'num_tokens' : 'step_time');
  const xs = new Float64Array(length);
  let x = 0;
  for (let row = 0; row < length; row++) {
    const value = source?.[row] ?? NaN;
    if (!Number.isNaN(value)) x = kind === 'tokens' ? Math.max(x, value) : x + value / 1000;
    xs[row] = x;
  }
  return xs;
}

/** The axis over the first to the last x; on a logarithmic one, what is not positive has no place. */
export function xAxisOf(kind: XKind, log: boolean, xs: readonly number[]): Axis {
  const placed = log ? xs.filter((x) => x > 0) : xs;
  const min = placed.reduce((a, b) => Math.min(a, b), Infinity);
  const max = placed.reduce((a, b) => Math.max(a, b), -Infinity);
  if (placed.length === 0) return log ? tightLogAxis(1, 10) : tightAxis(0, 1);
  if (log) return tightLogAxis(min, max);
  return kind === 'time' ? tightDurationAxis(min, max) : tightAxis(min, max);
}
