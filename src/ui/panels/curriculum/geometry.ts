/** Where things lie in the plot: heat map and icicle share their margins, so that they stand in line. */
export const MARGIN = { left: 36, right: 12 } as const;

/** The run fills the width; until it has so many steps it grows into it. */
export const LEAST_STEPS = 60;

/** Steps on the x axis: the first, and how many fit. */
export interface Span {
  readonly first: number;
  readonly count: number;
  readonly capacity: number;
}

export function spanOf(steps: ArrayLike<number>, count: number): Span {
  return { first: steps[0] ?? 1, count, capacity: Math.max(count, LEAST_STEPS) };
}

/** The middle of a step, as a share of the width. */
export function xOf(step: number, { first, capacity }: Span): number {
  return (step - first + 0.5) / capacity;
}

/** The step at a share of the width: one that has been made; null before the first. */
export function stepAt(x: number, { first, count, capacity }: Span): number | null {
  if (count === 0) return null;
  return first + Math.min(count - 1, Math.max(0, Math.floor(x * capacity)));
}

/** The middle of a depth, as a share of the height from the top. */
export function yOf(depth: number, rows: number): number {
  return 1 - (depth + 0.5) / rows;
}

export function depthAt(y: number, rows: number): number {
  return Math.min(rows - 1, Math.max(0, Math.floor((1 - y) * rows)));
}
