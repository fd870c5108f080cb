/** Draws histories from the buffer by their selection probabilities. */
import type { Rng } from '../lib/rng.ts';
import type { Config } from '../spec/params.ts';
import { isExhausted, use } from './buffer.ts';
import type { BufferEntry, HistoryBuffer } from './buffer.ts';
import type { Columns } from './columns.ts';
import { ranksOf, selectionProbabilities } from './priority.ts';
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

/** A distribution over the buffer: entry i has the chance scale·weights[i] + floor. */
interface Density {
  readonly weights: Float64Array;
  /** Of the weights, `BLOCK` by `BLOCK`. */
  readonly sums: Float64Array;
  readonly scale: number;
  readonly floor: number;
}

/** Takes the scores as they stand: one pass over them, then a few hundred additions a draw. */
export function createSelector(
  buffer: HistoryBuffer,
  step: number,
  config: PriorityOptions & Pick<Config, 'maxUses'>,
): Selector {
  const { columns } = buffer;
  const { score: scores, uses } = columns;
  const density = densityOf(columns, step, config);
  const isUsable = (index: number): boolean => !isExhausted(uses[index]!, config.maxUses);
  let counts: Filter = null;
  let masses = massesOf(density, counts);

  const draw = (rng: Rng): Draw | null => {
    const total = sumOf(masses);
    if (total === 0) return null;
    const index = place(density, masses, Math.min(rng.next(), BELOW_ONE) * total, counts);
    if (!isUsable(index)) {
      // The rest keep their proportions; rare enough to count anew only when such an entry is hit.
      counts = isUsable;
      masses = massesOf(density, counts);
      return draw(rng);
    }
    return { index, entry: use(buffer, index) };
  };

  const describe = (draws: readonly Draw[]): Selection[] => {
    const drawn = draws.map(({ index }) => scores[index]!);
    const ranks = ranksOf(drawn, scores, columns.topScore());
    return draws.map(({ index, entry }, i) => ({
      entry,
      score: drawn[i]!,
      rank: ranks[i]!,
      probability: density.scale * density.weights[index]! + density.floor,
    }));
  };
  return { draw, describe };
}

/** Softmax priority alone reads weights that most entries keep from step to step. */
function densityOf(columns: Columns, step: number, config: PriorityOptions): Density {
  const { score, scoredStep } = columns;
  const { priorityStrength, uniformShare, stalenessWeight } = config;
  if (config.priority !== 'softmax' || stalenessWeight > 0) {
    const ages = stalenessWeight > 0 ? scoredStep.map((scored) => step - scored) : [];
    const weights = selectionProbabilities(score, ages, config);
    return { weights, sums: blockSums(weights), scale: 1, floor: 0 };
  }
  const top = columns.topScore();
  const scaled = config.priorityScale === 'max' && top > 0;
  const weights = columns.weights(scaled ? priorityStrength / top : priorityStrength);
  const sums = blockSums(weights);
  const scale = (1 - uniformShare) / sumOf(sums);
  return { weights, sums, scale, floor: uniformShare / weights.length };
}

/** Times the total, this stays below the total after rounding. */
const BELOW_ONE = 1 - Number.EPSILON;

const BLOCK = 256;

type Filter = ((index: number) => boolean) | null;

function blockSums(weights: Float64Array): Float64Array {
  const sums = new Float64Array(Math.ceil(weights.length / BLOCK));
  for (let block = 0; block < sums.length; block++) {
    sums[block] = sumOf(weights.subarray(block * BLOCK, (block + 1) * BLOCK));
  }
  return sums;
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

/** The chance of each block, of the entries that count. */
function massesOf({ weights, sums, scale, floor }: Density, counts: Filter): Float64Array {
  if (!counts) {
    const rest = (block: number): number => Math.min(BLOCK, weights.length - block * BLOCK);
    return sums.map((sum, block) => scale * sum + floor * rest(block));
  }
  const masses = new Float64Array(sums.length);
  for (let i = 0; i < weights.length; i++) {
    if (counts(i)) masses[Math.floor(i / BLOCK)]! += scale * weights[i]! + floor;
  }
  return masses;
}

/** The entry at which the running sum of those that count passes `target`. */
function place(
  { weights, scale, floor }: Density,
  masses: Float64Array,
  target: number,
  counts: Filter,
): number {
  let left = target;
  let block = masses.findIndex((mass) => (left -= mass) < 0);
  left = block < 0 ? Infinity : left + masses[block]!;
  // Rounding may leave a hair after the last chance.
  if (block < 0) block = masses.findLastIndex((mass) => mass > 0);
  const end = Math.min(weights.length, (block + 1) * BLOCK);
  let last = block * BLOCK;
  for (let i = last; i < end; i++) {
    const mass = scale * weights[i]! + floor;
    if (mass === 0 || (counts && !counts(i))) continue;
    last = i;
    left -= mass;
    if (left < 0) break;
  }
  return last;
}
