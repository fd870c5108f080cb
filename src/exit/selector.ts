/** Draws histories from the buffer by their selection probabilities. */
import type { Rng } from '../lib/rng.ts';
import type { Config } from '../spec/params.ts';
import { isExhausted } from './buffer.ts';
import type { BufferEntry } from './buffer.ts';
import { firstAbove, rankOf, selectionProbabilities } from './priority.ts';
import type { PriorityOptions } from './priority.ts';

export interface Selection {
  readonly entry: BufferEntry;
  /** Score, rank (0 = highest) and chance per draw as the selector was made. */
  readonly score: number;
  readonly rank: number;
  readonly probability: number;
}

export interface Selector {
  /** With replacement; counts the use. Null when every entry has been used `maxUses` times. */
  draw(rng: Rng): Selection | null;
}

/** Takes the scores as they stand: O(n) once, then O(log n) a draw and O(n) compares for its rank. */
export function createSelector(
  entries: readonly BufferEntry[],
  step: number,
  config: PriorityOptions & Pick<Config, 'maxUses'>,
): Selector {
  const scores = toArray(entries, (entry) => entry.score);
  const ages = toArray(entries, (entry) => step - entry.scoredStep);
  const probabilities = selectionProbabilities(scores, ages, config);
  const isUsable = (entry: BufferEntry): boolean => !isExhausted(entry, config.maxUses);
  let cumulative = runningSum(probabilities, () => true);

  const draw = (rng: Rng): Selection | null => {
    const total = cumulative.at(-1) ?? 0;
    if (total === 0) return null;
    const index = firstAbove(cumulative, Math.min(rng.next(), BELOW_ONE) * total);
    const entry = entries[index]!;
    if (!isUsable(entry)) {
      // The rest keep their proportions; rare enough to rebuild only when such an entry is hit.
      cumulative = runningSum(probabilities, (i) => isUsable(entries[i]!));
      return draw(rng);
    }
    entry.uses++;
    const score = scores[index]!;
    return { entry, score, rank: rankOf(score, scores), probability: probabilities[index]! };
  };
  return { draw };
}

/** Times the total, this stays below the total after rounding. */
const BELOW_ONE = 1 - Number.EPSILON;

function toArray(
  entries: readonly BufferEntry[],
  value: (entry: BufferEntry) => number,
): Float64Array {
  const values = new Float64Array(entries.length);
  for (let i = 0; i < values.length; i++) values[i] = value(entries[i]!);
  return values;
}

function runningSum(weights: Float64Array, counts: (index: number) => boolean): Float64Array {
  const sums = new Float64Array(weights.length);
  let sum = 0;
  for (let i = 0; i < sums.length; i++) sums[i] = sum += counts(i) ? weights[i]! : 0;
  return sums;
}
