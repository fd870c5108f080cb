/** Summary statistics of plain number lists. */

/** Arithmetic mean; NaN of nothing. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Mean squared deviation from the mean (÷ n); NaN of nothing. */
export function populationVariance(values: ArrayLike<number>): number {
  return squaredDeviations(values) / values.length;
}

/** Square root of the unbiased variance (÷ n − 1); 0 for fewer than two values. */
export function sampleStd(values: ArrayLike<number>): number {
  return values.length < 2 ? 0 : Math.sqrt(squaredDeviations(values) / (values.length - 1));
}

/**
 * The mean and the half-width of its 95% interval by the normal approximation, 1.96·s/√n. A single
 * value says nothing about its spread: its half-width is 0.
 */
export function meanWithInterval(values: ArrayLike<number>): { mean: number; ci95: number } {
  return { mean: mean(values), ci95: (1.96 * sampleStd(values)) / Math.sqrt(values.length) };
}

function squaredDeviations(values: ArrayLike<number>): number {
  const center = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - center) ** 2;
  return sum;
}
