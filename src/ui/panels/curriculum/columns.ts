/**
 * The curriculum's heat map as numbers: steps gathered into columns, at most one per pixel. Columns are as
 * many steps wide as a power of two, counted from the first step, so that a full one never changes and a
 * longer run only adds to them.
 */
import type { MetricHistory } from '../../../app/history.ts';
import type { ProfileHistory } from '../../../app/profiles.ts';

export interface HeatColumns {
  /** Rows of the profiles that are in it. */
  readonly steps: number;
  /** Steps per column. */
  readonly width: number;
  /** Columns in this view; the arrays may be longer. */
  readonly length: number;
  /** Depths. */
  readonly rows: number;
  /** [length, rows] groups that started at a depth. */
  readonly count: Float32Array;
  /** [length, rows] sums over these groups. */
  readonly learnability: Float32Array;
  readonly distinct: Float32Array;
  readonly quality: Float32Array;
  readonly recency: Float32Array;
  /** [length] all groups. */
  readonly groups: Float32Array;
  /** [length] sum of the depths where they started. */
  readonly depth: Float32Array;
  /** [length] the same, had each replayed start been drawn uniformly from the buffer. */
  readonly control: Float32Array;
}

/** What is summed up cell by cell. */
const SUMS = ['learnability', 'distinct', 'quality', 'recency'] as const;

/** Depths that are always there, so that the first steps do not fill the picture. */
const LEAST_ROWS = 8;

export const NO_COLUMNS: HeatColumns = emptyColumns(1, LEAST_ROWS, 0);

function emptyColumns(width: number, rows: number, most: number): HeatColumns {
  const cells = (): Float32Array => new Float32Array(most * rows);
  const line = (): Float32Array => new Float32Array(most);
  return {
    ...{ steps: 0, width, length: 0, rows },
    ...{ count: cells(), learnability: cells(), distinct: cells() },
    ...{ quality: cells(), recency: cells() },
    ...{ groups: line(), depth: line(), control: line() },
  };
}

/**
 * The columns of a run that may have gone on since `before`.
 * @param most columns that there is room for.
 */
export function heatColumns(
  before: HeatColumns,
  profiles: ProfileHistory,
  metrics: MetricHistory,
  most: number,
): HeatColumns {
  const steps = profiles.length;
  const rows = Math.max(LEAST_ROWS, profiles.deepest + 2);
  let width = 1;
  while (Math.ceil(steps / width) > most) width *= 2;
  const fits = before.width === width && before.rows === rows && before.groups.length === most;
  const goesOn = fits && before.steps <= steps && holds(before, profiles);
  const base = goesOn ? before : emptyColumns(width, rows, most);
  const columns = { ...base, steps, length: Math.ceil(steps / width) };
  const freshShare = freshShares(profiles, metrics);
  for (let at = Math.floor(base.steps / width); at < columns.length; at++) {
    gather(columns, at, profiles, freshShare);
  }
  return columns;
}

/** Whether the columns come from this run: the last one still says the same. */
function holds(before: HeatColumns, profiles: ProfileHistory): boolean {
  if (before.length === 0) return true;
  const at = before.length - 1;
  let groups = 0;
  let depth = 0;
  for (let row = at * before.width; row < before.steps; row++) {
    for (let k = 0; k <= profiles.deepest; k++) {
      const count = profiles.count[row * profiles.stride + k]!;
      groups += count;
      depth += count * k;
    }
  }
  return groups === before.groups[at] && depth === before.depth[at];
}

/** Sums a column up afresh: the last one may have been there in part. */
function gather(
  columns: HeatColumns,
  at: number,
  profiles: ProfileHistory,
  freshShare: (row: number) => number,
): void {
  const { width, rows, steps, count } = columns;
  const cell = at * rows;
  for (const cells of [count, ...SUMS.map((name) => columns[name])]) {
    cells.fill(0, cell, cell + rows);
  }
  let [groups, depth, control] = [0, 0, 0];
  for (let row = at * width; row < Math.min((at + 1) * width, steps); row++) {
    let started = 0;
    for (let k = 0; k <= profiles.deepest; k++) {
      const from = row * profiles.stride + k;
      const n = profiles.count[from]!;
      if (n === 0) continue;
      started += n;
      depth += n * k;
      count[cell + k]! += n;
      for (const name of SUMS) columns[name][cell + k]! += n * profiles[name][from]!;
    }
    groups += started;
    control += started * uniformDepth(profiles, row, freshShare(row));
  }
  columns.groups[at] = groups;
  columns.depth[at] = depth;
  columns.control[at] = control;
}

/**
 * Mean depth of the starts of a step, had those that were replayed been drawn uniformly: from the buffer
 * as the step before left it. Fresh tasks stand at depth 0 either way.
 */
export function uniformDepth(
  { steps, uniformDepth: means }: ProfileHistory,
  row: number,
  freshShare: number,
): number {
  const follows = row > 0 && steps[row - 1] === steps[row]! - 1;
  return (1 - freshShare) * (follows ? means[row - 1]! : means[row]!);
}

/** By row of the profiles; the metrics may go further back, as those of an imported run do. */
export function freshShares(
  profiles: ProfileHistory,
  metrics: MetricHistory,
): (row: number) => number {
  const measured = metrics.columns.get('share/fresh');
  const offset = metrics.length - profiles.length;
  return (row) => {
    const at = row + offset;
    const known = metrics.steps[at] === profiles.steps[row] ? measured?.[at] : undefined;
    return known ?? shareAtZero(profiles, row);
  };
}

function shareAtZero({ count, stride, deepest }: ProfileHistory, row: number): number {
  const counts = count.subarray(row * stride, row * stride + deepest + 1);
  const groups = counts.reduce((sum, n) => sum + n, 0);
  return groups > 0 ? counts[0]! / groups : 1;
}
