/** Look-ups in ascending values, in logarithmic time. */

/** Index of the last of `count` ascending values that is at most `wanted`; 0 if none is. */
export function binarySearch(
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

/** Index of `wanted` among the first `count` of ascending values; -1 if it is not there. */
export function sortedIndexOf(
  wanted: number,
  values: ArrayLike<number>,
  count = values.length,
): number {
  const index = binarySearch(wanted, count, (i) => values[i]!);
  return index < count && values[index] === wanted ? index : -1;
}

/** Index of the first element of an ascending list that is greater than `value`; its length if none. */
export function upperBound(ascending: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
