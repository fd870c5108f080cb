/**
 * The metrics of a run in columns: one growing typed array per metric, NaN where a step did not measure
 * it. A history is an immutable view; appending returns a longer view on the same arrays.
 */
import { METRIC_IDS } from '../spec/metrics.ts';
import type { MetricId, MetricRow } from '../spec/metrics.ts';

export interface MetricHistory {
  /** Rows in this view; the arrays may be longer. */
  readonly length: number;
  readonly steps: Float64Array;
  /** Metrics that occurred at least once. */
  readonly columns: ReadonlyMap<MetricId, Float64Array>;
}

const FIRST_CAPACITY = 256;

export const EMPTY_HISTORY: MetricHistory = {
  length: 0,
  steps: new Float64Array(0),
  columns: new Map(),
};

/**
 * The view after `rows`. Only the newest view may be appended to: an older one shares its spare room
 * with it.
 */
export function appendRows(history: MetricHistory, rows: readonly MetricRow[]): MetricHistory {
  if (rows.length === 0) return history;
  const length = history.length + rows.length;
  const capacity = capacityFor(length, history.steps.length);
  const steps = grow(history.steps, capacity);
  const columns = new Map(history.columns);
  for (const id of METRIC_IDS) {
    const known = columns.get(id);
    if (known) columns.set(id, grow(known, capacity));
    else if (rows.some((row) => row[id] !== undefined)) columns.set(id, grow(NONE, capacity));
  }
  rows.forEach((row, i) => writeRow(steps, columns, history.length + i, row));
  return { length, steps, columns };
}

/** The newest measured value of a metric, if any. */
export function latestValue(history: MetricHistory, id: MetricId): number | undefined {
  const column = history.columns.get(id);
  if (!column) return undefined;
  for (let i = history.length - 1; i >= 0; i--) {
    if (!Number.isNaN(column[i]!)) return column[i];
  }
  return undefined;
}

const NONE = new Float64Array(0);

function writeRow(
  steps: Float64Array,
  columns: ReadonlyMap<MetricId, Float64Array>,
  index: number,
  row: MetricRow,
): void {
  steps[index] = row.step;
  for (const [id, column] of columns) {
    const value = row[id];
    if (value !== undefined) column[index] = value;
  }
}

/** Rooms that grow by a quarter: twice as long, ten minutes of training would take megabytes for nothing. */
export function capacityFor(length: number, capacity: number): number {
  let next = Math.max(capacity, FIRST_CAPACITY);
  while (next < length) next += Math.ceil(next / 4);
  return next;
}

/** The same numbers in an array of `capacity`, the rest NaN; the array itself if it is long enough. */
function grow(array: Float64Array, capacity: number): Float64Array {
  if (array.length >= capacity) return array;
  const next = new Float64Array(capacity).fill(NaN);
  next.set(array);
  return next;
}
