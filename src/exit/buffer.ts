/**
 * The task space that grows while training: histories that can be started from again, each with its
 * learnability. `BufferState` is plain JSON, entries in the order of their ids; what lookups need
 * beside it is derived when it is opened.
 */
import type { Rng } from '../lib/rng.ts';
import { hashString } from '../lib/rng.ts';
import type { Config } from '../spec/params.ts';
import type { History, Json, Mode } from '../tasks/task.ts';
import { Columns } from './columns.ts';

export interface BufferEntry {
  /** Unique over the run, and greater than every earlier id. */
  readonly id: number;
  /** The history that this one continues; null at the root of a lineage. The parent may have left. */
  readonly parentId: number | null;
  readonly taskId: number;
  readonly instance: Json;
  /** From 0: the number of earlier turns. */
  readonly turn: number;
  /** Self-iterations behind the latest attempt; 0 where there is none. */
  readonly depth: number;
  /** How the latest attempt came about; `solve` for base tasks. */
  readonly mode: Mode;
  readonly history: History;
  /** S, in [0, 0.25]. */
  score: number;
  readonly createdStep: number;
  scoredStep: number;
  /** How often it was selected. */
  uses: number;
}

/** What a new entry is made from; the buffer adds the rest. */
export type Candidate = Omit<BufferEntry, 'id' | 'createdStep' | 'scoredStep' | 'uses'>;

export interface BufferState {
  content: Config['bufferContent'];
  entries: BufferEntry[];
  nextId: number;
}

export interface HistoryBuffer {
  readonly state: BufferState;
  /** Finds exact duplicates. */
  readonly byKey: Map<string, BufferEntry>;
  /** In the order of the entries. */
  readonly columns: Columns;
  /** Ids of those that left since the list was last taken. */
  readonly left: number[];
  /** Selected since the buffer was last settled, and the `maxUses` that it was settled with. */
  readonly worn: { entries: BufferEntry[]; maxUses: number | null };
}

export function createBufferState(): BufferState {
  return { content: 'none', entries: [], nextId: 1 };
}

export function openBuffer(state: BufferState): HistoryBuffer {
  return {
    state,
    byKey: new Map(state.entries.map((entry) => [keyOf(entry), entry])),
    columns: new Columns(state.entries),
    left: [],
    worn: { entries: [], maxUses: null },
  };
}

/** Identifies a base task by what it is: 52 bits of its hash. */
export function taskIdOf(instance: Json): number {
  const text = JSON.stringify(instance);
  return (hashString(text, 1) >>> 0) * 2 ** 20 + (hashString(text, 2) >>> 12);
}

/** The entry with exactly this task and history, if it is stored. */
export function find(buffer: HistoryBuffer, candidate: Candidate): BufferEntry | undefined {
  return buffer.byKey.get(keyOf(candidate));
}

/** @returns the new entry, or null where the same history is stored already. */
export function insert(
  buffer: HistoryBuffer,
  candidate: Candidate,
  step: number,
): BufferEntry | null {
  const key = keyOf(candidate);
  if (buffer.byKey.has(key)) return null;
  const id = buffer.state.nextId++;
  const entry = { id, ...candidate, createdStep: step, scoredStep: step, uses: 0 };
  buffer.state.entries.push(entry);
  buffer.columns.push(entry);
  buffer.byKey.set(key, entry);
  return entry;
}

export function rescore(
  { state, columns }: HistoryBuffer,
  entry: BufferEntry,
  score: number,
  step: number,
): void {
  entry.score = score;
  entry.scoredStep = step;
  columns.set(indexOf(state.entries, entry), entry);
}

/** Counts that the history at `index` was selected. */
export function use({ state, columns, worn }: HistoryBuffer, index: number): BufferEntry {
  const entry = state.entries[index]!;
  entry.uses += 1;
  columns.uses[index] = entry.uses;
  worn.entries.push(entry);
  return entry;
}

/** Entries stand in the order of their ids. */
function indexOf(entries: readonly BufferEntry[], { id }: BufferEntry): number {
  let [low, high] = [0, entries.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (entries[middle]!.id < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Once a step, before anything is selected: S ← S·decay. */
export function decayScores(buffer: HistoryBuffer, decay: number): void {
  if (decay === 1) return;
  const { score } = buffer.columns;
  buffer.state.entries.forEach((entry, i) => {
    entry.score *= decay;
    score[i] = entry.score;
  });
  buffer.columns.invalidate();
}

/** A buffer holds one kind of start: when the kind changes, the others leave. */
export function setContent(buffer: HistoryBuffer, content: Config['bufferContent']): number {
  if (buffer.state.content === content) return 0;
  buffer.state.content = content;
  const kept = content === 'base' ? 'base' : 'histories';
  const leaves = (entry: BufferEntry): boolean => content === 'none' || kindOf(entry) !== kept;
  return remove(buffer, indicesWhere(buffer.state.entries, leaves));
}

/** A history retires when it was selected `maxUses` times; 0 is never. */
export function isExhausted(uses: number, maxUses: number): boolean {
  return maxUses > 0 && uses >= maxUses;
}

function indicesWhere<T>(list: ArrayLike<T>, condition: (item: T) => boolean): number[] {
  const indices: number[] = [];
  for (let i = 0; i < list.length; i++) if (condition(list[i]!)) indices.push(i);
  return indices;
}

/** Lets exhausted entries go, then those over capacity. @returns how many left. */
export function settle(
  buffer: HistoryBuffer,
  config: Pick<Config, 'maxUses' | 'bufferCapacity' | 'eviction'>,
  rng: Rng,
): number {
  const retired = remove(buffer, exhaustedIndices(buffer, config.maxUses));
  const excess = buffer.state.entries.length - config.bufferCapacity;
  if (excess <= 0) return retired;
  const leaving = leavers(buffer.columns.score, { excess, eviction: config.eviction, rng });
  return retired + remove(buffer, leaving);
}

/** Ascending. Only what was selected since can have become so, unless the limit is another. */
function exhaustedIndices({ state, columns, worn }: HistoryBuffer, maxUses: number): number[] {
  const selected = worn.entries.splice(0);
  if (worn.maxUses !== maxUses) {
    worn.maxUses = maxUses;
    return indicesWhere(columns.uses, (uses) => isExhausted(uses, maxUses));
  }
  const exhausted = new Set(selected.filter(({ uses }) => isExhausted(uses, maxUses)));
  return [...exhausted].map((entry) => indexOf(state.entries, entry)).sort((a, b) => a - b);
}

/** Ascending indices of the `excess` entries to evict; among equal scores the oldest leave first. */
function leavers(
  scores: Float64Array,
  { excess, eviction, rng }: { excess: number; eviction: Config['eviction']; rng: Rng },
): number[] {
  switch (eviction) {
    case 'oldest':
      return Array.from({ length: excess }, (_, i) => i);
    case 'lowest':
      return lowest(scores, excess);
    case 'random': {
      const chosen = new Set<number>();
      while (chosen.size < excess) chosen.add(rng.int(scores.length));
      return [...chosen].sort((a, b) => a - b);
    }
    default:
      return eviction satisfies never;
  }
}

/** Ascending indices of the `count` lowest scores, earlier ones first among equals. */
function lowest(scores: Float64Array, count: number): number[] {
  const threshold = nthLowest(scores, count - 1);
  let ties = count;
  for (const score of scores) if (score < threshold) ties--;
  return indicesWhere(scores, (score) => score < threshold || (score === threshold && ties-- > 0));
}

/** The score at place `n` of the sorted list, without sorting it all: Hoare's selection. */
function nthLowest(scores: Float64Array, n: number): number {
  const list = scores.slice();
  let [low, high] = [0, list.length - 1];
  while (low < high) {
    const pivot = list[(low + high) >>> 1]!;
    let [i, j] = [low, high];
    while (i <= j) {
      while (list[i]! < pivot) i++;
      while (list[j]! > pivot) j--;
      if (i > j) break;
      [list[i], list[j]] = [list[j]!, list[i]!];
      i++;
      j--;
    }
    if (n <= j) high = j;
    else if (n >= i) low = i;
    else break;
  }
  return list[n]!;
}

/** @param leaving ascending indices. @returns how many. */
function remove(buffer: HistoryBuffer, leaving: readonly number[]): number {
  if (leaving.length === 0) return 0;
  const { entries } = buffer.state;
  for (const index of leaving) {
    buffer.byKey.delete(keyOf(entries[index]!));
    buffer.left.push(entries[index]!.id);
  }
  takeOut(entries, leaving);
  buffer.columns.remove(leaving);
  return leaving.length;
}

/** @param leaving ascending indices. */
function takeOut<T>(list: T[], leaving: readonly number[]): void {
  if (leaving.at(-1) === leaving.length - 1) {
    list.splice(0, leaving.length);
    return;
  }
  let left = 0;
  for (let i = leaving[0]!; i < list.length; i++) {
    if (i === leaving[left]) left++;
    else list[i - left] = list[i]!;
  }
  list.length -= left;
}

function kindOf(entry: BufferEntry): 'base' | 'histories' {
  return entry.history.latest ? 'histories' : 'base';
}

function keyOf({ instance, history }: Candidate): string {
  return JSON.stringify([instance, history.earlier, history.latest ?? null]);
}
