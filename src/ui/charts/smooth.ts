/** Exponential smoothing over rows, before they are put into buckets: a bucket must not hide its lag. */

/**
 * Debiased exponential moving average (as in TensorBoard): early values are not pulled towards 0. What
 * was not measured (NaN) stays so and moves nothing. `weight` in [0, 1) is the share of the past; 0 is off.
 */
export function smooth(values: ArrayLike<number>, length: number, weight: number): Float64Array {
  const smoothed = new Float64Array(length);
  let average = 0;
  let mass = 0;
  for (let i = 0; i < length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) {
      smoothed[i] = NaN;
      continue;
    }
    average = weight * average + (1 - weight) * value;
    mass = weight * mass + (1 - weight);
    smoothed[i] = average / mass;
  }
  return smoothed;
}
