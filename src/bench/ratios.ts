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
