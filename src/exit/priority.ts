/**
 * The chance of each history to be selected: one pure function per term. All terms are distributions
 * over the buffer, in its order; an empty buffer gives an empty one.
 */
import type { Config } from '../spec/params.ts';

export type Scores = ArrayLike<number>;

export type PriorityOptions = Pick<
  Config,
  'priority' | 'priorityScale' | 'priorityStrength' | 'uniformShare' | 'stalenessWeight'
>;

/**
 * P(i) = (1 − u)·((1 − ρ)·priority_i + ρ·staleness_i) + u/n; with u = ρ = 0 and raw scores this is
 * the paper (arXiv 2509.04575).
 *
 * @param scores [n] S, at least 0.
 * @param ages [n] steps since each was last scored, at least 0.
 * @returns [n], sums to 1; each at least u/n.
 */
export function selectionProbabilities(
  scores: Scores,
  ages: ArrayLike<number>,
  options: PriorityOptions,
): Float64Array {
  const { uniformShare: u, stalenessWeight: rho } = options;
  const result = priority(scores, options);
  if (rho > 0) {
    const stale = staleness(ages);
    for (let i = 0; i < result.length; i++) result[i] = (1 - rho) * result[i]! + rho * stale[i]!;
  }
  const floor = u / result.length;
  for (let i = 0; i < result.length; i++) result[i] = (1 - u) * result[i]! + floor;
  return result;
}

function priority(scores: Scores, options: PriorityOptions): Float64Array {
  switch (options.priority) {
    case 'softmax':
      return softmaxPriority(scores, options.priorityStrength, options.priorityScale);
    case 'rank':
      return rankPriority(scores, options.priorityStrength);
    case 'uniform':
      return normalised(new Float64Array(scores.length));
    default:
      return options.priority satisfies never;
  }
}

/** softmax(κ·S / max S), or softmax(κ·S) for `raw`. */
export function softmaxPriority(
  scores: Scores,
  strength: number,
  scale: Config['priorityScale'],
): Float64Array {
  const top = maximum(scores);
  const factor = scale === 'max' && top > 0 ? strength / top : strength;
  const weights = new Float64Array(scores.length);
  // Histories of one group have one score: most exponentials are the one before.
  let [score, weight] = [NaN, NaN];
  for (let i = 0; i < weights.length; i++) {
    if (scores[i] !== score) {
      score = scores[i]!;
      weight = Math.exp(factor * (score - top));
    }
    weights[i] = weight;
  }
  return normalised(weights);
}

/**
 * (1 / rank)^κ, normalised; rank 1 is the highest score and equal scores share their best rank.
 * Prioritized level replay, arXiv 2010.03934.
 */
export function rankPriority(scores: Scores, strength: number): Float64Array {
  const ascending = Float64Array.from(scores).sort();
  const weights = new Float64Array(scores.length);
  for (let i = 0; i < weights.length; i++) {
    const rank = 1 + ascending.length - firstAbove(ascending, scores[i]!);
    weights[i] = rank ** -strength;
  }
  return normalised(weights);
}

/** Proportional to the steps since each score was taken. Prioritized level replay, arXiv 2010.03934. */
export function staleness(ages: ArrayLike<number>): Float64Array {
  return normalised(Float64Array.from(ages));
}

/** Fine enough that hardly any score shares its bin with one of a few. */
const BINS = 4096;

/**
 * How many scores are higher than each of a few: 0 is the best rank. One pass: the bin of a score says
 * which of the few are surely lower, and those in the same bin are compared.
 *
 * @param few some of the scores.
 * @param top the greatest score.
 */
export function ranksOf(few: readonly number[], scores: Scores, top: number): number[] {
  const scale = top > 0 ? (BINS - 1) / top : 0;
  const ascending = Float64Array.from(new Set(few)).sort();
  const surelyLower = lowerByBin(ascending, scale);
  // higherThan[n]: scores above exactly n of the few.
  const higherThan = new Int32Array(ascending.length + 1);
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    let lower = surelyLower[Math.trunc(score * scale)]!;
    while (lower < ascending.length && ascending[lower]! < score) lower++;
    higherThan[lower]! += 1;
  }
  const ranks = new Map<number, number>();
  let higher = 0;
  for (let n = ascending.length; n > 0; n--) {
    higher += higherThan[n]!;
    ranks.set(ascending[n - 1]!, higher);
  }
  return few.map((score) => ranks.get(score)!);
}

/** [BINS] how many of the ascending values lie in a lower bin. */
function lowerByBin(ascending: Float64Array, scale: number): Int32Array {
  const lower = new Int32Array(BINS);
  for (const value of ascending) {
    const bin = Math.trunc(value * scale) + 1;
    if (bin < BINS) lower[bin]! += 1;
  }
  for (let bin = 1; bin < BINS; bin++) lower[bin]! += lower[bin - 1]!;
  return lower;
}

/** Index of the first element of an ascending list that is greater than `value`; its length if none. */
export function firstAbove(ascending: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** In place; uniform if all weights are 0. */
function normalised(weights: Float64Array): Float64Array {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i]!;
  if (total === 0) return weights.fill(1 / weights.length);
  for (let i = 0; i < weights.length; i++) weights[i]! /= total;
  return weights;
}

function maximum(values: ArrayLike<number>): number {
  let top = 0;
  for (let i = 0; i < values.length; i++) if (values[i]! > top) top = values[i]!;
  return top;
}
