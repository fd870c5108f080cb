/** How predictions are judged, and how far they are from a predictor that has not looked at the columns. */
import { isClassification, type Metric, type Table } from './table.ts';

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Share of the rows where the prediction is the class. */
export function accuracy(truth: readonly number[], predicted: readonly number[]): number {
  return mean(truth.map((label, i) => Number(label === predicted[i])));
}

/** Harmonic mean of precision and recall of class 1; 0 where none is predicted rightly. */
export function f1(truth: readonly number[], predicted: readonly number[]): number {
  const both = truth.filter((label, i) => label === 1 && predicted[i] === 1).length;
  const either = truth.filter((label) => label === 1).length;
  const claimed = predicted.filter((label) => label === 1).length;
  return both === 0 ? 0 : (2 * both) / (either + claimed);
}

export function rmse(truth: readonly number[], predicted: readonly number[]): number {
  return Math.sqrt(mean(truth.map((value, i) => (value - predicted[i]!) ** 2)));
}

/** 1 − squared error over that of the mean; where the truth is one value, 1 or 0. */
export function r2(truth: readonly number[], predicted: readonly number[]): number {
  const centre = mean(truth);
  const around = rmse(
    truth,
    truth.map(() => centre),
  );
  const error = rmse(truth, predicted);
  if (around === 0) return Number(error === 0);
  return 1 - (error / around) ** 2;
}

const SCORE: Readonly<
  Record<Metric, (truth: readonly number[], predicted: readonly number[]) => number>
> = { accuracy, f1, rmse, r2 };

/** What a perfect prediction scores. */
export const PERFECT: Readonly<Record<Metric, number>> = { accuracy: 1, f1: 1, rmse: 0, r2: 1 };

/** Skills are kept to this many parts of one, and to [-1, 1]. */
const PARTS = 10_000;

/** The score of the best prediction that is the same for every row. */
export function dummyScore({ targets, classes, metric }: Table): number {
  const constant = (value: number): number =>
    SCORE[metric](
      targets,
      targets.map(() => value),
    );
  if (classes.length === 0) return constant(mean(targets));
  return Math.max(...classes.map((_, label) => constant(label)));
}

/** The score as a share of the way from the dummy predictor, 0, to a perfect one, 1; below 0 if worse. */
export function skillOf(
  metric: Metric,
  dummy: number,
  truth: readonly number[],
  predicted: readonly number[],
): number {
  const score = SCORE[metric](truth, predicted);
  const skill = (score - dummy) / (PERFECT[metric] - dummy);
  return Math.round(Math.max(-1, Math.min(1, skill)) * PARTS) / PARTS;
}

/** The score in the metric's own unit. */
export function scoreOfSkill(table: Table, skill: number): number {
  const dummy = dummyScore(table);
  return dummy + skill * (PERFECT[table.metric] - dummy);
}

/** Share of the target's variance that the column alone explains, classes by their means, numbers linearly. */
export function told(
  column: readonly number[],
  targets: readonly number[],
  table: Pick<Table, 'classes'>,
): number {
  return isClassification(table)
    ? betweenClasses(column, targets, table.classes.length)
    : correlation(column, targets) ** 2;
}

function betweenClasses(
  column: readonly number[],
  labels: readonly number[],
  count: number,
): number {
  const centre = mean(column);
  const total = column.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  let between = 0;
  for (let label = 0; label < count; label++) {
    const own = column.filter((_, i) => labels[i] === label);
    if (own.length > 0) between += own.length * (mean(own) - centre) ** 2;
  }
  return total === 0 ? 0 : between / total;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [centreA, centreB] = [mean(a), mean(b)];
  let [both, squareA, squareB] = [0, 0, 0];
  a.forEach((value, i) => {
    const [left, right] = [value - centreA, b[i]! - centreB];
    both += left * right;
    squareA += left * left;
    squareB += right * right;
  });
  return squareA * squareB === 0 ? 0 : both / Math.sqrt(squareA * squareB);
}
