/**
 * The task space that grows while training: histories that can be started from again, each with its
 * learnability. `BufferState` is plain JSON, entries in the order of their ids; what lookups need
 * beside it is derived when it is opened.
 */
import type { Rng } from '../lib/rng.ts';
import { hashString } from '../lib/rng.ts';
import type { Config } from '../spec/params.ts';
import type { History, Json, Mode } from '../tasks/task.ts';

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
}

export function createBufferState(): BufferState {
  return { content: 'none', entries: [], nextId: 1 };
}

export function openBuffer(state: BufferState): HistoryBuffer {
  return { state, byKey: new Map(state.entries.map((entry) => [keyOf(entry), entry])) };
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
  buffer.byKey.set(key, entry);
  return entry;
}

export function rescore(entry: BufferEntry, score: number, step: number): void {
  entry.score = score;
  entry.scoredStep = step;
}

/** Once a step, before anything is selected: S ← S·decay. */
export function decayScores(buffer: HistoryBuffer, decay: number): void {
  if (decay === 1) return;
  for (const entry of buffer.state.entries) entry.score *= decay;
}

/** A buffer holds one kind of start: when the kind changes, the others leave. */
export function setContent(buffer: HistoryBuffer, content: Config['bufferContent']): number {
  if (buffer.state.content === content) return 0;
  buffer.state.content = content;
  const kept = content === 'base' ? 'base' : 'histories';
  return remove(buffer, (entry) => content === 'none' || kindOf(entry) !== kept);
}

/** A history retires when it was selected `maxUses` times; 0 is never. */
export function isExhausted(entry: BufferEntry, maxUses: number): boolean {
  return maxUses > 0 && entry.uses >= maxUses;
}

/** Lets exhausted entries go, then those over capacity. @returns how many left. */
export function settle(
  buffer: HistoryBuffer,
  config: Pick<Config, 'maxUses' | 'bufferCapacity' | 'eviction'>,
  rng: Rng,
): number {
  const retired = remove(buffer, (entry) => isExhausted(entry, config.maxUses));
  const excess = buffer.state.entries.length - config.bufferCapacity;
  if (excess <= 0) return retired;
  const leaving = leavers(buffer.state.entries, { excess, eviction: config.eviction, rng });
  return retired + remove(buffer, (_, index) => leaving.has(index));
}

/** Indices of the `excess` entries to evict; among equal scores the oldest leave first. */
function leavers(
  entries: readonly BufferEntry[],
  { excess, eviction, rng }: { excess: number; eviction: Config['eviction']; rng: Rng },
): Set<number> {
  switch (eviction) {
    case 'oldest':
      return new Set(Array.from({ length: excess }, (_, i) => i));
    case 'lowest':
      return lowest(
        entries.map((entry) => entry.score),
        excess,
      );
    case 'random': {
      const chosen = new Set<number>();
      while (chosen.size < excess) chosen.add(rng.int(entries.length));
      return chosen;
    }
    default:
      return eviction satisfies never;
  }
}

/** Indices of the `count` lowest scores, earlier ones first among equals. */
function lowest(scores: readonly number[], count: number): Set<number> {
  const threshold = Float64Array.from(scores).sort()[count - 1]!;
  const below = scores.filter((score) => score < threshold).length;
  let ties = count - below;
  const chosen = new Set<number>();
  scores.forEach((score, index) => {
    if (score < threshold || (score === threshold && ties-- > 0)) chosen.add(index);
  });
  return chosen;
}

function remove(
  buffer: HistoryBuffer,
  leaves: (entry: BufferEntry, index: number) => boolean,
): number {
  const { entries } = buffer.state;
  const leaving = entries.filter(leaves);
  if (leaving.length === 0) return 0;
  for (const entry of leaving) buffer.byKey.delete(keyOf(entry));
  const gone = new Set(leaving);
  buffer.state.entries = entries.filter((entry) => !gone.has(entry));
  return leaving.length;
}

function kindOf(entry: BufferEntry): 'base' | 'histories' {
  return entry.history.latest ? 'histories' : 'base';
}

function keyOf({ instance, history }: Candidate): string {
  return JSON.stringify([instance, history.earlier, history.latest ?? null]);
}
