/** Where things lie in the picture: heat map and icicle share their margins, so that they stand in line. */
export const MARGIN = { left: 36, right: 12 } as const;

/** The run fills the width; until it has so many steps it grows into it. */
export const LEAST_STEPS = 60;

/** Steps on the x axis: the first, and how many there is room for. */
export interface Span {
  readonly first: number;
  readonly count: number;
  readonly room: number;
}

export function spanOf(steps: ArrayLike<number>, count: number): Span {
  return { first: steps[0] ?? 1, count, room: Math.max(count, LEAST_STEPS) };
}

/** The middle of a step, as a share of the width. */
export function xOf(step: number, { first, room }: Span): number {
  return (step - first + 0.5) / room;
}

/** The step at a share of the width: one that has been made; null before the first. */
export function stepAt(x: number, { first, count, room }: Span): number | null {
  if (count === 0) return null;
  return first + Math.min(count - 1, Math.max(0, Math.floor(x * room)));
}

/** The middle of a depth, as a share of the height from the top. */
export function yOf(depth: number, rows: number): number {
  return 1 - (depth + 0.5) / rows;
}

export function depthAt(y: number, rows: number): number {
  return Math.min(rows - 1, Math.max(0, Math.floor((1 - y) * rows)));
}
