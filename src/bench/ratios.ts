/** Medians and spreads, and ratios paired by round: what disturbs a round disturbs both of its sides. */

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws RangeError on an empty list. */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('spread: there is no value');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const median =
    sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}

/**
 * How many times as fast as `reference`, round by round.
 * @throws RangeError if the two did not run the same rounds.
 */
export function speedRatio(times: readonly number[], reference: readonly number[]): Spread {
  if (times.length !== reference.length) {
    throw new RangeError(`ratio: ${times.length} rounds beside ${reference.length}`);
  }
  return spreadOf(times.map((time, round) => reference[round]! / time));
}

/** How sure the interval of a median is to hold it, if there are rounds enough. */
const CONFIDENCE = 0.9;

/** Of a median. */
export interface Interval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Where the median of what `values` were drawn from lies, whatever its distribution: between the k-th
 * least and the k-th greatest, k being as large as leaves `CONFIDENCE`. With fewer than five values that
 * cannot be had: then between the least and the greatest.
 * @throws RangeError on an empty list.
 */
export function medianInterval(values: readonly number[]): Interval {
  const n = values.length;
  if (n === 0) throw new RangeError('interval: there is no value');
  const sorted = [...values].sort((a, b) => a - b);
  let k = 1;
  // The median lies outside as often as fewer than k of n fair coins fall on one given side.
  while (1 - 2 * fewerHeads(n, k + 1) >= CONFIDENCE) k += 1;
  return { median: spreadOf(values).median, low: sorted[k - 1]!, high: sorted[n - k]! };
}

/** The probability of fewer than `k` heads of `n` fair coins. */
function fewerHeads(n: number, k: number): number {
  let [ways, sum] = [1, 0];
  for (let heads = 0; heads < k; heads++) {
    sum += ways;
    ways = (ways * (n - heads)) / (heads + 1);
  }
  return sum / 2 ** n;
}
