/** Lines over the heat map as SVG paths. */
import type { HeatColumns } from './columns.ts';
import { xOf, yOf } from './geometry.ts';
import type { Span } from './geometry.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

interface Point {
  readonly step: number;
  readonly depth: number;
}

/** Columns on each side that a point is averaged with: single steps start at a few dozen places only. */
export const NEIGHBOURS = 3;

/** Mean depth of the starts, or of the control, by column and its neighbours. */
export function columnPoints(
  columns: HeatColumns,
  of: 'depth' | 'control',
  first: number,
): Point[] {
  const { length, width, steps } = columns;
  const points: Point[] = [];
  for (let at = 0; at < length; at++) {
    const from = Math.max(0, at - NEIGHBOURS);
    const to = Math.min(length - 1, at + NEIGHBOURS);
    const groups = sum(columns.groups, from, to);
    if (groups === 0) continue;
    const end = Math.min((at + 1) * width, steps);
    points.push({
      step: first + (at * width + end - 1) / 2,
      depth: sum(columns[of], from, to) / groups,
    });
  }
  return points;
}

function sum(values: ArrayLike<number>, from: number, to: number): number {
  let total = 0;
  for (let i = from; i <= to; i++) total += values[i]!;
  return total;
}

/** Ends where the axis ends. */
export function pathOf(
  points: readonly Point[],
  rows: number,
  span: Span,
  { width, height }: Size,
): string {
  const last = span.first + span.capacity - 1;
  return points
    .filter(({ step, depth }) => step >= span.first && step <= last && Number.isFinite(depth))
    .map(({ step, depth }, i) => {
      const x = xOf(step, span) * width;
      const y = yOf(Math.min(depth, rows - 0.5), rows) * height;
      return `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}
