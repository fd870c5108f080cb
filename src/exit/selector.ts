/** Draws histories from the buffer by their selection probabilities. */
import { upperBound } from '../base/binarySearch.ts';
import type { Rng } from '../base/rng.ts';
import type { Config } from '../schema/params.ts';
import type { BufferPage } from './buffer-page.ts';
import type { EntryRef } from './buffer-pages.ts';
import { entriesOf, entryAt, isExhausted, sizeOf, use } from './buffer.ts';
import type { BufferEntry, HistoryBuffer } from './buffer.ts';
import { selectionProbabilities } from './priority.ts';
import type { PriorityOptions } from './priority.ts';

export interface Draw {
  readonly entry: BufferEntry;
  readonly ref: EntryRef<BufferEntry>;
  /** Chance per draw as the selector was made. */
  readonly probability: number;
}

export interface Selection extends Draw {
  /** Score and rank (0 = highest) as the selector was made. */
  readonly score: number;
  readonly rank: number;
}

export interface Selector {
  /** With replacement; counts the use. Null when every entry has been used `maxUses` times. */
  draw(rng: Rng): Draw | null;
  /** The draws with their ranks. To be called before any score changes. */
  describe(draws: readonly Draw[]): Selection[];
}

type PageList = readonly BufferPage<BufferEntry>[];

/** A distribution over the buffer: a row of page b has the chance scale·weightsOf(b)[row] + floor. */
interface Density {
  /** [rows], of which as many count as the page has entries. */
  readonly weightsOf: (b: number) => Float64Array;
  /** Where the chances of each page end when those of all are laid end to end. */
  readonly ends: readonly number[];
  readonly scale: number;
  readonly floor: number;
}

/** Takes the scores as they stand: a pass over the pages, then over one page for each draw. */
export function createSelector(
  buffer: HistoryBuffer,
  step: number,
  config: PriorityOptions & Pick<Config, 'maxUses'>,
): Selector {
  const pages = buffer.pages.list;
  const density = densityOf(buffer, step, config);
  const isUsable = ({ uses }: BufferEntry): boolean => !isExhausted(uses, config.maxUses);
  let drawn = density;

  const draw = (rng: Rng): Draw | null => {
    const { ends } = drawn;
    const total = ends.at(-1) ?? 0;
    if (total === 0) return null;
    const target = Math.min(rng.next(), BELOW_ONE) * total;
    const b = upperBound(ends, target);
    const page = pages[b]!;
    const row = rowAt(target - (ends[b - 1] ?? 0), drawn, { b, rows: page.size });
    const ref = { page, row };
    const entry = entryAt(ref);
    if (!isUsable(entry)) {
      // The rest keep their proportions; rare enough to count anew only when such an entry is hit.
      drawn = restrictedTo(isUsable, pages, density);
      return draw(rng);
    }
    use(buffer, ref);
    return { entry, ref, probability: chanceAt(density, b, row) };
  };

  const describe = (draws: readonly Draw[]): Selection[] => {
    const ranks = buffer.scores.ranksOf(draws.map(({ entry }) => entry.score));
    return draws.map(({ entry, ref, probability }, i) => {
      return { entry, ref, probability, score: entry.score, rank: ranks[i]! };
    });
  };
  return { draw, describe };
}

function densityOf(buffer: HistoryBuffer, step: number, config: PriorityOptions): Density {
  const { priorityStrength, uniformShare, stalenessWeight } = config;
  if (config.priority !== 'softmax' || stalenessWeight > 0) {
    return densityOfAll(buffer, step, config);
  }
  // Softmax priority alone reads weights that most entries keep from step to step.
  const top = buffer.scores.highest();
  const scaled = config.priorityScale === 'max' && top > 0;
  const factor = scaled ? priorityStrength / top : priorityStrength;
  const { weight, size } = buffer.pages.applyPriority({ factor, top });
  const scale = (1 - uniformShare) / weight.reduce((sum, value) => sum + value, 0);
  const floor = uniformShare / sizeOf(buffer);
  const ends = runningSums(weight.map((sum, b) => scale * sum + floor * size[b]!));
  return { weightsOf: (b) => buffer.pages.list[b]!.weights, ends, scale, floor };
}

/** In passes over all of them. */
function densityOfAll({ state }: HistoryBuffer, step: number, config: PriorityOptions): Density {
  const entries = entriesOf(state);
  const scores = Float64Array.from(entries, ({ score }) => score);
  const ages = Float64Array.from(entries, ({ scoredStep }) => step - scoredStep);
  const probabilities = selectionProbabilities(scores, ages, config);
  let end = 0;
  return densityFrom(
    state.blocks.map(({ length }) => probabilities.subarray(end, (end += length))),
  );
}

/** The chances of those entries, as they were; the others have none. */
function restrictedTo(
  counts: (entry: BufferEntry) => boolean,
  pages: PageList,
  density: Density,
): Density {
  return densityFrom(
    pages.map(({ entries }, b) =>
      Float64Array.from(entries, (entry, row) => (counts(entry) ? chanceAt(density, b, row) : 0)),
    ),
  );
}

function densityFrom(chances: readonly Float64Array[]): Density {
  const sums = chances.map((own) => own.reduce((sum, chance) => sum + chance, 0));
  return { weightsOf: (b) => chances[b]!, ends: runningSums(sums), scale: 1, floor: 0 };
}

/** Times the total, this stays below the total after rounding. */
const BELOW_ONE = 1 - Number.EPSILON;

function chanceAt({ weightsOf, scale, floor }: Density, b: number, row: number): number {
  return scale * weightsOf(b)[row]! + floor;
}

function runningSums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => (sum += value));
}

/** The row of a page at which the running sum of the chances passes `target`. */
function rowAt(
  target: number,
  { weightsOf, scale, floor }: Density,
  { b, rows }: { b: number; rows: number },
): number {
  const own = weightsOf(b);
  let left = target;
  let last = 0;
  for (let row = 0; row < rows; row++) {
    const chance = scale * own[row]! + floor;
    if (chance === 0) continue;
    // Rounding may leave a remainder after the last.
    last = row;
    left -= chance;
    if (left < 0) break;
  }
  return last;
}
