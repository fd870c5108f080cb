/** Which attempts of the archive stand on the map. */
import type { ColumnarStep } from './columnar.ts';

/** Where an attempt lies. */
export interface AttemptRef {
  readonly packed: ColumnarStep;
  readonly group: number;
  /** Within the step. */
  readonly index: number;
  /** Within the group. */
  readonly offset: number;
}

/** Steps that count as recent. */
const RECENT = 16;

/**
 * Up to half are of the newest steps, the others of all steps before. Shares of a part halve as it grows,
 * so that points leave, but those that stay are the same attempts.
 */
export function sample(steps: readonly ColumnarStep[], most: number): AttemptRef[] {
  const half = Math.ceil(most / 2);
  const early = steps.slice(0, -RECENT);
  const room = early.length > 0 ? half : most;
  return [...spread(early, most - half), ...spread(steps.slice(-RECENT), room)];
}

function spread(steps: readonly ColumnarStep[], most: number): AttemptRef[] {
  const total = steps.reduce((sum, { size }) => sum + size, 0);
  if (total === 0 || most === 0) return [];
  let share = 1;
  while (total * share > most) share /= 2;
  // Even as the spread is, it may be one or two too many.
  return steps.flatMap((packed) => refsIn(packed, share * 2 ** 32)).slice(-most);
}

/**
 * Fibonacci hashing: multiples of the golden ratio, modulo 1, fill every interval evenly, whatever the
 * sizes of groups and steps. Attempts are counted as if all steps were as large as this one.
 */
function refsIn(packed: ColumnarStep, below: number): AttemptRef[] {
  const size = packed.size;
  const before = (packed.step - 1) * size;
  const places: AttemptRef[] = [];
  for (let index = 0; index < size; index++) {
    if (Math.imul(before + index, GOLDEN) >>> 0 >= below) continue;
    const group = packed.groups.findLastIndex(({ first }) => first <= index);
    places.push({ packed, group, index, offset: index - packed.groups[group]!.first });
  }
  return places;
}

/** 2³² / φ, odd. */
const GOLDEN = 0x9e3779b1;
