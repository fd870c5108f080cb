/** Looks things up in what rises. */

/** The last of `count` rising values that is at most `wanted`; 0 if none is. */
export function lastAtMost(
  wanted: number,
  count: number,
  valueAt: (index: number) => number,
): number {
  let [low, high] = [0, count - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (valueAt(middle) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The index of `wanted` among the first `count` of rising values; -1 where it is not there. */
export function indexOfRising(
  wanted: number,
  values: ArrayLike<number>,
  count = values.length,
): number {
  const index = lastAtMost(wanted, count, (i) => values[i]!);
  return index < count && values[index] === wanted ? index : -1;
}
