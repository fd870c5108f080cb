/** A straight line through measured points. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Line {
  readonly slope: number;
  readonly intercept: number;
  /** R²: the share of the variance of y that the line explains. */
  readonly explained: number;
}

/**
 * Ordinary least squares.
 * @throws RangeError with fewer than two different x: there would be many lines.
 */
export function leastSquares(points: readonly Point[]): Line {
  const mean = (values: readonly number[]): number => sum(values) / values.length;
  const [xMean, yMean] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))];
  const spread = sum(points.map(({ x }) => (x - xMean) ** 2));
  if (!(spread > 0)) throw new RangeError('line: it takes two points that differ in x');
  const slope = sum(points.map(({ x, y }) => (x - xMean) * (y - yMean))) / spread;
  const intercept = yMean - slope * xMean;
  const left = sum(points.map(({ x, y }) => (y - intercept - slope * x) ** 2));
  const all = sum(points.map(({ y }) => (y - yMean) ** 2));
  return { slope, intercept, explained: all > 0 ? 1 - left / all : 1 };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
