/** Draws histories from the buffer by their selection probabilities. */
import type { Rng } from '../lib/rng.ts';
import type { Config } from '../spec/params.ts';
import { isExhausted, use } from './buffer.ts';
import type { BufferEntry, HistoryBuffer } from './buffer.ts';
import { firstAbove, ranksOf, selectionProbabilities } from './priority.ts';
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
  draw(rng: Rng): Draw | null;
  /** The draws with their ranks: one pass for all of them. To be called before any score changes. */
  describe(draws: readonly Draw[]): Selection[];
}

/** A place in the buffer. */
export interface Draw {
  readonly index: number;
  readonly entry: BufferEntry;
}

/** Takes the scores as they stand: O(n) once, then O(log n) a draw. */
export function createSelector(
  buffer: HistoryBuffer,
  step: number,
  config: PriorityOptions & Pick<Config, 'maxUses'>,
): Selector {
  const { score: scores, scoredStep, uses } = buffer.columns;
  const ages = config.stalenessWeight > 0 ? scoredStep.map((scored) => step - scored) : [];
  const probabilities = selectionProbabilities(scores, ages, config);
  const isUsable = (index: number): boolean => !isExhausted(uses[index]!, config.maxUses);
  let cumulative = runningSum(probabilities, () => true);

  const draw = (rng: Rng): Draw | null => {
    const total = cumulative.at(-1) ?? 0;
    if (total === 0) return null;
    const index = firstAbove(cumulative, Math.min(rng.next(), BELOW_ONE) * total);
    if (!isUsable(index)) {
      // The rest keep their proportions; rare enough to rebuild only when such an entry is hit.
      cumulative = runningSum(probabilities, isUsable);
      return draw(rng);
    }
    return { index, entry: use(buffer, index) };
  };

  const describe = (draws: readonly Draw[]): Selection[] => {
    const drawn = draws.map(({ index }) => scores[index]!);
    const ranks = ranksOf(drawn, scores);
    return draws.map(({ index, entry }, i) => ({
      entry,
      score: drawn[i]!,
      rank: ranks[i]!,
      probability: probabilities[index]!,
    }));
  };
  return { draw, describe };
}

/** Times the total, this stays below the total after rounding. */
const BELOW_ONE = 1 - Number.EPSILON;

function runningSum(weights: Float64Array, counts: (index: number) => boolean): Float64Array {
  const sums = new Float64Array(weights.length);
  let sum = 0;
  for (let i = 0; i < sums.length; i++) sums[i] = sum += counts(i) ? weights[i]! : 0;
  return sums;
}
