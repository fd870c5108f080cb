/**
 * The metrics of a run in columns: one growing typed array per metric, NaN where a step did not measure
 * it. A history is an immutable view; appending returns a longer view on the same arrays.
 */
import { growArray, paddedRows } from '../base/growableArray.ts';
import { METRIC_IDS } from '../schema/metrics.ts';
import type { MetricId, MetricRow } from '../schema/metrics.ts';

export interface MetricHistory {
  /** Rows in this view; the arrays may be longer. */
  readonly length: number;
  readonly steps: Column;
  /** Metrics that occurred at least once. */
  readonly columns: ReadonlyMap<MetricId, Column>;
}

type Column = Float64Array<ArrayBuffer>;

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
  const capacity = paddedRows(length);
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
  steps: Column,
  columns: ReadonlyMap<MetricId, Column>,
  index: number,
  row: MetricRow,
): void {
  steps[index] = row.step;
  for (const [id, column] of columns) {
    const value = row[id];
    if (value !== undefined) column[index] = value;
  }
}

/** The same numbers with room for `capacity`, the rest NaN. */
function grow(array: Column, capacity: number): Column {
  const { length } = array;
  const next = growArray(Float64Array, array, capacity);
  return length < capacity ? next.fill(NaN, length) : next;
}
