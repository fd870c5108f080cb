/**
 * The task space that grows while training: histories that can be started from again, each with its
 * learnability. `BufferState` is plain JSON; what lookups need beside it is derived when it is opened.
 */
import type { Rng } from '../base/rng.ts';
import { hashString } from '../base/rng.ts';
import type { Config } from '../schema/params.ts';
import type { History, Json, Mode } from '../tasks/task.ts';
import { BufferPages, type EntryRef } from './buffer-pages.ts';
import { ScoreCounts } from './score-counts.ts';

export interface BufferEntry {
  /** Unique over the run, and greater than every earlier id. */
  readonly id: number;
  /** The history that this one continues; null at the root of a lineage. The parent may be gone. */
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
  /** In the order of their ids, in pages of up to `PAGE_SIZE`, none of them empty. Saved runs spell it `blocks`. */
  blocks: BufferEntry[][];
  nextId: number;
}

export interface HistoryBuffer {
  readonly state: BufferState;
  /** Finds exact duplicates. */
  readonly byKey: Map<string, BufferEntry>;
  /** Over those of the state. */
  readonly pages: BufferPages<BufferEntry>;
  /** Of all entries. */
  readonly scores: ScoreCounts;
  /** Sums over all entries. */
  readonly sums: { size: number; createdStep: number; depth: number };
  /** Ids of those removed since the list was last taken. */
  readonly evictedIds: number[];
  /** Selected since the last eviction, and the `maxUses` that held then. */
  readonly recentlyUsed: { entries: BufferEntry[]; maxUses: number | null };
}

export function createBufferState(): BufferState {
  return { content: 'none', blocks: [], nextId: 1 };
}

export function openBuffer(state: BufferState): HistoryBuffer {
  const buffer: HistoryBuffer = {
    state,
    byKey: new Map(),
    pages: new BufferPages(state.blocks, keyOf),
    scores: new ScoreCounts(),
    sums: { size: 0, createdStep: 0, depth: 0 },
    evictedIds: [],
    recentlyUsed: { entries: [], maxUses: null },
  };
  for (const page of buffer.pages.list) {
    page.each((entry, key) => {
      indexEntry(buffer, entry, key);
    });
  }
  return buffer;
}

/** Oldest first. */
export function entriesOf({ blocks }: Pick<BufferState, 'blocks'>): BufferEntry[] {
  return blocks.flat();
}

export function sizeOf({ sums }: HistoryBuffer): number {
  return sums.size;
}

/** Sums over the whole buffer. */
export interface BufferSums {
  readonly size: number;
  readonly score: number;
  readonly squaredScore: number;
  readonly createdStep: number;
  readonly depth: number;
}

export function sumUp({ pages, sums }: HistoryBuffer): BufferSums {
  const { score, square } = pages.sums();
  return { score: sumOf(score), squaredScore: sumOf(square), ...sums };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Adds a new entry to what is derived from all of them. */
function indexEntry({ byKey, scores, sums }: HistoryBuffer, entry: BufferEntry, key: string): void {
  byKey.set(key, entry);
  scores.add(entry.score);
  sums.size += 1;
  sums.createdStep += entry.createdStep;
  sums.depth += entry.depth;
}

/** Identifies a base task by what it is: 52 bits of its hash. */
export function taskIdOf(instance: Json): number {
  const text = JSON.stringify(instance);
  return (hashString(text, 1) >>> 0) * 2 ** 20 + (hashString(text, 2) >>> 12);
}

/** Where exactly this task and history is, if it is stored. */
export function find(
  { byKey, pages }: HistoryBuffer,
  candidate: Candidate,
): EntryRef<BufferEntry> | undefined {
  const entry = byKey.get(keyOf(candidate));
  return entry && pages.find(entry);
}

export function entryAt({ page, row }: EntryRef<BufferEntry>): BufferEntry {
  return page.entries[row]!;
}

/** @returns the new entry, or null where the same history is stored already. */
export function insert(
  buffer: HistoryBuffer,
  candidate: Candidate,
  step: number,
): BufferEntry | null {
  const key = keyOf(candidate);
  if (buffer.byKey.has(key)) return null;
  // Spelled out: spread, such a literal takes several times as long.
  const { parentId, taskId, instance, turn, depth, mode, history, score } = candidate;
  const id = buffer.state.nextId++;
  const entry: BufferEntry = {
    id,
    parentId,
    taskId,
    instance,
    turn,
    depth,
    mode,
    history,
    score,
    createdStep: step,
    scoredStep: step,
    uses: 0,
  };
  buffer.pages.push(entry, key);
  indexEntry(buffer, entry, key);
  return entry;
}

export function rescore(
  { pages, scores }: HistoryBuffer,
  ref: EntryRef<BufferEntry>,
  score: number,
  step: number,
): void {
  const entry = entryAt(ref);
  scores.remove(entry.score);
  scores.add(score);
  entry.score = score;
  entry.scoredStep = step;
  pages.setScore(ref, score);
}

/** Counts that the history was selected. */
export function use({ recentlyUsed }: HistoryBuffer, ref: EntryRef<BufferEntry>): void {
  const entry = entryAt(ref);
  entry.uses += 1;
  recentlyUsed.entries.push(entry);
}

/** Once a step, before anything is selected: S ← S·decay. */
export function decayScores({ pages, scores }: HistoryBuffer, decay: number): void {
  if (decay === 1) return;
  scores.clear();
  for (const page of pages.list) {
    page.entries.forEach((entry, row) => {
      entry.score *= decay;
      scores.add(entry.score);
      pages.setScore({ page, row }, entry.score);
    });
  }
}

/** A buffer holds one kind of start: when the kind changes, the others are removed. */
export function setContent(buffer: HistoryBuffer, content: Config['bufferContent']): number {
  if (buffer.state.content === content) return 0;
  buffer.state.content = content;
  const kept = content === 'base' ? 'base' : 'histories';
  const leaves = (entry: BufferEntry): boolean => content === 'none' || kindOf(entry) !== kept;
  return remove(buffer, entriesOf(buffer.state).filter(leaves));
}

/** A history retires when it was selected `maxUses` times; 0 is never. */
export function isExhausted(uses: number, maxUses: number): boolean {
  return maxUses > 0 && uses >= maxUses;
}

/** Removes exhausted entries, then those over capacity. @returns how many. */
export function evict(
  buffer: HistoryBuffer,
  config: Pick<Config, 'maxUses' | 'bufferCapacity' | 'eviction'>,
  rng: Rng,
): number {
  const retired = remove(buffer, exhaustedEntries(buffer, config.maxUses));
  const excess = sizeOf(buffer) - config.bufferCapacity;
  if (excess <= 0) return retired;
  return (
    retired +
    remove(buffer, entriesToEvict(buffer.state, { excess, eviction: config.eviction, rng }))
  );
}

/** Oldest first. Only what was selected since can have become so, unless the limit is another. */
function exhaustedEntries({ state, recentlyUsed }: HistoryBuffer, maxUses: number): BufferEntry[] {
  const selected = recentlyUsed.entries.splice(0);
  const atLimit = ({ uses }: BufferEntry): boolean => isExhausted(uses, maxUses);
  if (recentlyUsed.maxUses !== maxUses) {
    recentlyUsed.maxUses = maxUses;
    return entriesOf(state).filter(atLimit);
  }
  return [...new Set(selected.filter(atLimit))].sort((a, b) => a.id - b.id);
}

/** The `excess` entries to evict, oldest first; among equal scores the oldest leave first. */
function entriesToEvict(
  state: BufferState,
  { excess, eviction, rng }: { excess: number; eviction: Config['eviction']; rng: Rng },
): BufferEntry[] {
  switch (eviction) {
    case 'oldest':
      return oldest(state, excess);
    case 'lowest':
      return lowest(entriesOf(state), excess);
    case 'random': {
      const entries = entriesOf(state);
      const chosen = new Set<number>();
      while (chosen.size < excess) chosen.add(rng.int(entries.length));
      return [...chosen].sort((a, b) => a - b).map((index) => entries[index]!);
    }
    default:
      return eviction satisfies never;
  }
}

function oldest({ blocks }: BufferState, count: number): BufferEntry[] {
  const enough: BufferEntry[] = [];
  for (const page of blocks) {
    if (enough.length === count) break;
    enough.push(...page.slice(0, count - enough.length));
  }
  return enough;
}

/** The `count` lowest scores, earlier ones first among equals. */
function lowest(entries: readonly BufferEntry[], count: number): BufferEntry[] {
  const scores = Float64Array.from(entries, ({ score }) => score);
  const threshold = nthLowest(scores, count - 1);
  let ties = count;
  for (const score of scores) if (score < threshold) ties--;
  return entries.filter(({ score }) => score < threshold || (score === threshold && ties-- > 0));
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

/** @returns how many. */
function remove(buffer: HistoryBuffer, leaving: readonly BufferEntry[]): number {
  if (leaving.length === 0) return 0;
  const { pages, byKey, scores, sums, evictedIds } = buffer;
  for (const { id, score, createdStep, depth } of leaving) {
    evictedIds.push(id);
    scores.remove(score);
    sums.size -= 1;
    sums.createdStep -= createdStep;
    sums.depth -= depth;
  }
  for (const key of pages.remove(leaving)) byKey.delete(key);
  return leaving.length;
}

function kindOf(entry: BufferEntry): 'base' | 'histories' {
  return entry.history.latest ? 'histories' : 'base';
}

/** The task stands for the instance: its text is long, and its id says as much everywhere else. */
function keyOf({ taskId, history }: Candidate): string {
  return JSON.stringify([taskId, history.earlier, history.latest ?? null]);
}
