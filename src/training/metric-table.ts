/**
 * Rows of metrics as columns of numbers: as objects, the rows of a long run would fill the memory of a tab.
 */
import { Growing } from '../runs/index/growing.ts';
import { METRIC_IDS, type MetricId, type MetricRow } from '../schema/metrics.ts';

export class MetricTable {
  length = 0;
  private readonly steps = new Growing(Float64Array);
  /** NaN where a step did not measure it; what comes after the last row is not to be read. */
  private readonly columns = new Map<MetricId, Growing<Float64Array<ArrayBuffer>>>();

  constructor(rows: readonly MetricRow[] = []) {
    for (const row of rows) this.add(row);
  }

  /** Steps rise from row to row. */
  add(row: MetricRow): void {
    this.steps.set(this.length, row.step);
    for (const id of METRIC_IDS) {
      const value = row[id];
      const column = this.columns.get(id) ?? (value === undefined ? undefined : this.begun(id));
      column?.set(this.length, value ?? NaN);
    }
    this.length++;
  }

  private begun(id: MetricId): Growing<Float64Array<ArrayBuffer>> {
    const column = new Growing(Float64Array);
    for (let i = 0; i < this.length; i++) column.set(i, NaN);
    this.columns.set(id, column);
    return column;
  }

  /** All rows after a step, as objects. */
  after(step: number): MetricRow[] {
    let from = this.length;
    while (from > 0 && this.steps.values[from - 1]! > step) from--;
    return Array.from({ length: this.length - from }, (_, i) => this.row(from + i));
  }

  /** The newest values of a metric, at most so many rows back; those not measured are left out. */
  latest(id: MetricId, rows: number): number[] {
    const values = this.columns
      .get(id)
      ?.values.subarray(Math.max(0, this.length - rows), this.length);
    return values ? [...values].filter((value) => !Number.isNaN(value)) : [];
  }

  private row(index: number): MetricRow {
    const row: { step: number } & Partial<Record<MetricId, number>> = {
      step: this.steps.values[index]!,
    };
    // In the order of the declarations, however the row came.
    for (const id of METRIC_IDS) {
      const value = this.columns.get(id)?.values[index];
      if (value !== undefined && !Number.isNaN(value)) row[id] = value;
    }
    return row;
  }
}
