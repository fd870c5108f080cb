/**
 * The buffer as a page shows it: counts by depth and recency, and one page of a filtered and sorted table.
 * It is asked for while training waits, so that a hundred thousand histories may cost a few milliseconds:
 * they are read once, rows are made for the page alone, and only what stands on it is sorted.
 */
import type { BufferEntry } from '../../exit/buffer.ts';
import { DEEPEST_PROFILED, RECENCY_BINS } from '../../schema/bins.ts';
import { MODES } from '../../tasks/task.ts';
import type { BufferCell, BufferFilter, BufferQuery, BufferRow, BufferView } from './queries.ts';
import { placeRange } from './select.ts';
import { createTextFilter } from './text-filter.ts';

/** Entries in the order of their ids. */
export interface StoredBuffer {
  readonly entries: readonly BufferEntry[];
  /** The step after which it stands so. */
  readonly step: number;
}

export type BufferViewer = (stored: StoredBuffer, query: BufferQuery) => BufferView;

/** Remembers what was found by a text, since histories never change. */
export function createBufferViewer(): BufferViewer {
  const texts = createTextFilter();
  return (stored, query) => {
    const { entries, step } = stored;
    const { sort, offset } = query;
    const survey = take(stored, query, texts(query.text, entries));
    return {
      ...{ step, size: entries.length, total: survey.found.length, offset, sort },
      hasTurns: survey.hasTurns,
      cells: cellsOf(survey),
      rows: Array.from(pageOf(survey, query), (index) => rowOf(entries[index]!)),
    };
  };
}

/** What one reading of all entries leaves. */
interface Survey {
  /** Indices of the entries that the filter lets through, ascending. */
  readonly found: Uint32Array;
  /** What to sort by, of each of those. */
  readonly keys: Float64Array;
  /** By cell: how many of all entries, and the sum of their scores. */
  readonly counts: Uint32Array;
  readonly sums: Float64Array;
  readonly hasTurns: boolean;
}

const BINS = RECENCY_BINS.length;
const CELLS = (DEEPEST_PROFILED + 1) * BINS;

function take(
  { entries, step }: StoredBuffer,
  query: BufferQuery,
  speaks: ((entry: BufferEntry) => boolean) | null,
): Survey {
  const key = KEYS[query.sort.by];
  const counts = new Uint32Array(CELLS);
  const sums = new Float64Array(CELLS);
  const found = new Uint32Array(entries.length);
  const keys = new Float64Array(entries.length);
  let length = 0;
  let hasTurns = false;
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i]!;
    const cell = cellOf(entry, step);
    counts[cell]! += 1;
    sums[cell]! += entry.score;
    hasTurns ||= entry.turn > 0;
    if (!admits(query, cell, entry.mode)) continue;
    if (speaks !== null && !speaks(entry)) continue;
    if (key !== null) keys[i] = key(entry);
    found[length++] = i;
  }
  return { found: found.subarray(0, length), keys, counts, sums, hasTurns };
}

function cellOf({ depth, createdStep }: BufferEntry, step: number): number {
  return Math.min(depth, DEEPEST_PROFILED) * BINS + recencyBin(step - createdStep);
}

function admits({ depth, bin, modes }: BufferFilter, cell: number, mode: BufferEntry['mode']) {
  if (depth !== null && Math.trunc(cell / BINS) !== depth) return false;
  if (bin !== null && cell % BINS !== bin) return false;
  return modes.length === 0 || modes.includes(mode);
}

/** Null is the order in which entries stand. */
const KEYS = {
  id: null,
  created: null,
  depth: ({ depth }) => depth,
  turn: ({ turn }) => turn,
  mode: ({ mode }) => MODES.indexOf(mode),
  score: ({ score }) => score,
  uses: ({ uses }) => uses,
  quality: ({ history }) => history.latest?.quality ?? -1,
} as const satisfies Record<BufferQuery['sort']['by'], ((entry: BufferEntry) => number) | null>;

/** Those of `found` that stand on the page, in order; reorders `found`. */
function pageOf({ found, keys }: Survey, { sort, offset, limit }: BufferQuery): Uint32Array {
  const end = Math.min(found.length, offset + limit);
  if (KEYS[sort.by] !== null) {
    placeRange(found, { from: offset, end, keys, descending: sort.descending });
  } else if (sort.descending) found.reverse();
  return found.subarray(offset, end);
}

function rowOf({ history, mode, ...entry }: BufferEntry): BufferRow {
  return {
    ...entry,
    mode: MODES.indexOf(mode),
    earlier: history.earlier,
    latest: history.latest ?? null,
  };
}

/** One cell per depth and recency that occurs. */
function cellsOf({ counts, sums }: Survey): BufferCell[] {
  return Array.from(counts, (count, at) => ({
    depth: Math.trunc(at / BINS),
    bin: at % BINS,
    count,
    learnability: sums[at]! / count,
  })).filter(({ count }) => count > 0);
}

/** @param age steps, at least 0. */
export function recencyBin(age: number): number {
  return age < BIN_OF_AGE.length ? BIN_OF_AGE[age]! : BINS - 1;
}

const BIN_OF_AGE = Uint8Array.from({ length: RECENCY_BINS.at(-1)!.from }, (_, age) =>
  RECENCY_BINS.findLastIndex(({ from }) => age >= from),
);
