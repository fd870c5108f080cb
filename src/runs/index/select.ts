/** A part of a sorted order without sorting all: Hoare's selection on both of its ends. */

export interface Range {
  readonly from: number;
  /** Exclusive. */
  readonly end: number;
  /** What to sort by, per index. */
  readonly keys: Float64Array;
  /** The whole order is reversed: equals stand in it with the greater index first. */
  readonly descending: boolean;
}

/** Reorders `indices` so that from…end holds what would stand there if all were sorted by key, then index. */
export function placeRange(
  indices: Uint32Array,
  { from, end, keys, descending }: Range,
): Uint32Array {
  const before = descending
    ? (a: number, b: number): boolean => keys[a]! > keys[b]! || (keys[a] === keys[b] && a > b)
    : (a: number, b: number): boolean => keys[a]! < keys[b]! || (keys[a] === keys[b] && a < b);
  if (end <= from) return indices;
  if (from > 0) partition(indices, { low: 0, high: indices.length - 1, at: from }, before);
  if (end < indices.length)
    partition(indices, { low: from, high: indices.length - 1, at: end }, before);
  indices.subarray(from, end).sort((a, b) => (before(a, b) ? -1 : 1));
  return indices;
}

/** Afterwards nothing between `low` and `at` belongs behind anything from `at` on. */
function partition(
  list: Uint32Array,
  { low, high, at }: { low: number; high: number; at: number },
  before: (a: number, b: number) => boolean,
): void {
  while (low < high) {
    const pivot = list[(low + high) >>> 1]!;
    let [i, j] = [low, high];
    while (i <= j) {
      while (before(list[i]!, pivot)) i++;
      while (before(pivot, list[j]!)) j--;
      if (i > j) break;
      [list[i], list[j]] = [list[j]!, list[i]!];
      i++;
      j--;
    }
    if (at <= j) high = j;
    else if (at >= i) low = i;
    else return;
  }
}
