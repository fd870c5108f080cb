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
 * The mean and the half-width of its 95% interval, t·s/√n with Student's t at n − 1 degrees of freedom.
 * A single value says nothing about its spread: its half-width is 0.
 */
export function meanWithInterval(values: ArrayLike<number>): { mean: number; ci95: number } {
  const t = STUDENT_T[values.length - 2] ?? NORMAL;
  return { mean: mean(values), ci95: (t * sampleStd(values)) / Math.sqrt(values.length) };
}

/** 97.5% quantiles of Student's t for 1 … 30 degrees of freedom; the normal's beyond. */
const STUDENT_T = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145,
  2.131, 2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048,
  2.045, 2.042,
];
const NORMAL = 1.96;

/**
 * Spearman's ρ: the correlation of ranks, equal values sharing their mean rank. In [−1, 1]; undefined
 * where one side is constant.
 */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number | undefined {
  const [x, y] = [ranks(a), ranks(b)];
  const center = (a.length + 1) / 2;
  const covariance = x.reduce((sum, rank, i) => sum + (rank - center) * (y[i]! - center), 0);
  const scale = Math.sqrt(squaredDeviations(x) * squaredDeviations(y));
  return scale > 0 ? covariance / scale : undefined;
}

/** From 1; equal values get the mean of theirs. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const result = new Array<number>(values.length);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let at = from; at < to; at++) result[order[at]!] = (from + 1 + to) / 2;
    from = to;
  }
  return result;
}

function squaredDeviations(values: ArrayLike<number>): number {
  const center = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - center) ** 2;
  return sum;
}
