/**
 * A step's record in columns: a run makes hundreds of completions a step, and as objects a few thousand
 * steps would fill the memory of a tab.
 */
import type { CompletionRecord, GroupRecord, StartRecord, StepRecord } from '../../exit/records.ts';
import type { MetricRow } from '../../schema/metrics.ts';
import type { Token } from '../../tasks/task.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Lists of different lengths, end to end. */
export interface Ragged<T extends Uint16Array | Float32Array> {
  readonly values: T;
  /** [n + 1] where each list begins, and where the last one ends. */
  readonly starts: Uint32Array;
}

export interface ColumnarGroup {
  readonly start: StartRecord;
  readonly learnability: number;
  /** Index of its first completion. */
  readonly first: number;
  readonly size: number;
}

export interface ColumnarStep {
  readonly step: number;
  readonly metrics: MetricRow;
  readonly evictedIds: readonly number[];
  readonly groups: readonly ColumnarGroup[];
  /** One list per group. */
  readonly prompts: Ragged<Uint16Array>;
  /** One list per completion, as are the columns below. */
  readonly tokens: Ragged<Uint16Array>;
  readonly feedback: Ragged<Uint16Array>;
  readonly logprobs: Ragged<Float32Array>;
  readonly quality: Float32Array;
  readonly reward: Float32Array;
  readonly baseAdvantage: Float32Array;
  readonly advantage: Float32Array;
  readonly diversity: Float32Array;
  /** Bits: solved, valid, truncated. */
  readonly flags: Uint8Array;
  /** 0 where the completion became no history: ids begin at 1. */
  readonly insertedAs: Float64Array;
}

export const SOLVED = 1;
export const VALID = 2;
export const TRUNCATED = 4;

export function toColumnar(record: StepRecord, words: Vocabulary): ColumnarStep {
  const completions = record.groups.flatMap((group) => group.completions);
  const texts = (of: (one: CompletionRecord) => readonly Token[]): Ragged<Uint16Array> =>
    raggedWords(completions.map(of), words);
  const column = (of: (one: CompletionRecord) => number): Float32Array =>
    Float32Array.from(completions, of);
  return {
    step: record.step,
    metrics: record.metrics,
    evictedIds: record.evictedIds,
    groups: toColumnarGroups(record.groups),
    prompts: raggedWords(
      record.groups.map(({ prompt }) => prompt),
      words,
    ),
    tokens: texts(({ tokens }) => tokens),
    feedback: texts(({ feedback }) => feedback),
    logprobs: raggedNumbers(completions.map(({ logprobs }) => logprobs)),
    quality: column(({ quality }) => quality),
    reward: column(({ reward }) => reward),
    baseAdvantage: column(({ baseAdvantage }) => baseAdvantage),
    advantage: column(({ advantage }) => advantage),
    diversity: column(({ diversity }) => diversity),
    flags: Uint8Array.from(completions, flagsOf),
    insertedAs: Float64Array.from(completions, ({ insertedAs }) => insertedAs ?? 0),
  };
}

function toColumnarGroups(groups: readonly GroupRecord[]): ColumnarGroup[] {
  let first = 0;
  return groups.map(({ start, learnability, completions: { length: size } }) => {
    const group = { start, learnability, first, size };
    first += size;
    return group;
  });
}

function flagsOf({ solved, valid, truncated }: CompletionRecord): number {
  return (solved ? SOLVED : 0) | (valid ? VALID : 0) | (truncated ? TRUNCATED : 0);
}

/** The record as it was, up to the rounding of 32-bit floats. */
export function fromColumnar(packed: ColumnarStep, words: Vocabulary): StepRecord {
  const { step, metrics, evictedIds, groups } = packed;
  return {
    step,
    metrics,
    evictedIds,
    groups: groups.map(({ start, learnability, first, size }, g) => ({
      start,
      learnability,
      prompt: wordsAt(packed.prompts, g, words),
      completions: Array.from({ length: size }, (_, i) => completionAt(packed, first + i, words)),
    })),
  };
}

export function completionAt(
  packed: ColumnarStep,
  index: number,
  words: Vocabulary,
): CompletionRecord {
  const flags = packed.flags[index]!;
  return {
    tokens: wordsAt(packed.tokens, index, words),
    feedback: wordsAt(packed.feedback, index, words),
    logprobs: Array.from(listAt(packed.logprobs, index)),
    quality: packed.quality[index]!,
    reward: packed.reward[index]!,
    baseAdvantage: packed.baseAdvantage[index]!,
    advantage: packed.advantage[index]!,
    diversity: packed.diversity[index]!,
    solved: (flags & SOLVED) !== 0,
    valid: (flags & VALID) !== 0,
    truncated: (flags & TRUNCATED) !== 0,
    insertedAs: packed.insertedAs[index]! || null,
  };
}

export function wordsAt(lists: Ragged<Uint16Array>, index: number, words: Vocabulary): Token[] {
  return Array.from(listAt(lists, index), (id) => words.word(id));
}

export function listAt<T extends Uint16Array | Float32Array>(lists: Ragged<T>, index: number): T {
  return lists.values.subarray(lists.starts[index], lists.starts[index + 1]) as T;
}

function raggedWords(lists: readonly (readonly Token[])[], words: Vocabulary): Ragged<Uint16Array> {
  return {
    values: Uint16Array.from(lists.flat(), (word) => words.id(word)),
    starts: startsOf(lists),
  };
}

function raggedNumbers(lists: readonly (readonly number[])[]): Ragged<Float32Array> {
  return { values: Float32Array.from(lists.flat()), starts: startsOf(lists) };
}

function startsOf(lists: readonly { readonly length: number }[]): Uint32Array {
  const starts = new Uint32Array(lists.length + 1);
  lists.forEach(({ length }, i) => (starts[i + 1] = starts[i]! + length));
  return starts;
}

/** About how much memory a step takes. */
export function bytesOf(packed: ColumnarStep): number {
  const lists = [packed.prompts, packed.tokens, packed.feedback, packed.logprobs];
  const ragged = lists.reduce((sum, { values, starts }) => {
    return sum + values.byteLength + starts.byteLength;
  }, 0);
  return (
    ragged + BYTES_PER_COMPLETION * packed.quality.length + BYTES_PER_GROUP * packed.groups.length
  );
}

/** Five 32-bit floats, a double and a byte. */
const BYTES_PER_COMPLETION = 29;
/** Objects of the start: measured as about this much with a lock's instance. */
const BYTES_PER_GROUP = 700;
