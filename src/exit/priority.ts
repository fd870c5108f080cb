/**
 * The chance of each history to be selected: one pure function per term. All terms are distributions
 * over the buffer, in its order; an empty buffer gives an empty one.
 */
import { upperBound } from '../base/binarySearch.ts';
import type { Config } from '../schema/params.ts';

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
  // Of the least numbers there are, the quotient may be none.
  const factor = scale === 'max' && top > 0 ? Math.min(strength / top, Number.MAX_VALUE) : strength;
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
    const rank = 1 + ascending.length - upperBound(ascending, scores[i]!);
    weights[i] = rank ** -strength;
  }
  return normalised(weights);
}

/** Proportional to the steps since each score was taken. Prioritized level replay, arXiv 2010.03934. */
export function staleness(ages: ArrayLike<number>): Float64Array {
  return normalised(Float64Array.from(ages));
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
