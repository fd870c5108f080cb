/**
 * Rows of metrics as columns of numbers: as objects, the rows of a long run would fill the memory of a tab.
 */
import { METRIC_IDS, type MetricId, type MetricRow } from '../schema/metrics.ts';

/** Rows in one piece: what is there is never copied to something larger. */
const PIECE = 1024;

interface Piece {
  readonly steps: Float64Array;
  /** Of those measured in it; NaN where a step did not. */
  readonly columns: Map<MetricId, Float64Array>;
}

export class MetricTable {
  length = 0;
  private readonly pieces: Piece[] = [];

  constructor(rows: readonly MetricRow[] = []) {
    for (const row of rows) this.add(row);
  }

  /** Steps rise from row to row. */
  add(row: MetricRow): void {
    const at = this.length % PIECE;
    if (at === 0) this.pieces.push({ steps: new Float64Array(PIECE), columns: new Map() });
    const { steps, columns } = this.pieces.at(-1)!;
    steps[at] = row.step;
    for (const id of METRIC_IDS) {
      const value = row[id];
      if (value === undefined) continue;
      const column = columns.get(id) ?? new Float64Array(PIECE).fill(NaN);
      columns.set(id, column);
      column[at] = value;
    }
    this.length++;
  }

  /** All rows after a step, as objects. */
  after(step: number): MetricRow[] {
    let from = this.length;
    while (from > 0 && this.stepAt(from - 1) > step) from--;
    return Array.from({ length: this.length - from }, (_, i) => this.row(from + i));
  }

  /** The newest values of a metric, at most so many rows back; those not measured are left out. */
  latest(id: MetricId, rows: number): number[] {
    const values: number[] = [];
    for (let i = Math.max(0, this.length - rows); i < this.length; i++) {
      const value = this.piece(i).columns.get(id)?.[i % PIECE];
      if (value !== undefined && !Number.isNaN(value)) values.push(value);
    }
    return values;
  }

  private piece(index: number): Piece {
    return this.pieces[Math.floor(index / PIECE)]!;
  }

  private stepAt(index: number): number {
    return this.piece(index).steps[index % PIECE]!;
  }

  private row(index: number): MetricRow {
    const { columns } = this.piece(index);
    const row: { step: number } & Partial<Record<MetricId, number>> = { step: this.stepAt(index) };
    // In the order of the declarations, however the row came.
    for (const id of METRIC_IDS) {
      const value = columns.get(id)?.[index % PIECE];
      if (value !== undefined && !Number.isNaN(value)) row[id] = value;
    }
    return row;
  }
}
