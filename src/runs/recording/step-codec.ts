/**
 * Steps of a run as bytes, column by column. What an earlier step has said is not said again: base tasks
 * and the attempts that starts continue are references. Log-probabilities, advantages and diversities are
 * rounded, all other fractions are 32-bit floats.
 */
import type {
  AttemptRecord,
  CompletionRecord,
  GroupRecord,
  StartRecord,
  StepRecord,
} from '../../exit/records.ts';
import { METRIC_IDS, type MetricRow } from '../../schema/metrics.ts';
import { MODES, type Json, type Token } from '../../tasks/task.ts';
import { Vocabulary } from '../index/vocabulary.ts';
import { ByteReader, ByteWriter } from './bytes.ts';

/** The steps that rounded columns are rounded to. */
export const PRECISION = { logprob: 1 / 64, advantage: 1 / 256, diversity: 1 / 128 } as const;

/** What has been said so far, the same on both sides. */
class CodecDictionary {
  readonly words = new Vocabulary();
  /** By id of the task. */
  readonly instances = new Map<number, Json>();
  /** By id of the history. */
  readonly attempts = new Map<number, AttemptRecord>();

  learn(groups: readonly GroupRecord[]): void {
    for (const { start, completions } of groups) {
      this.instances.set(start.taskId, start.instance);
      for (const { insertedAs, tokens, feedback, quality } of completions) {
        if (insertedAs !== null) this.attempts.set(insertedAs, { tokens, feedback, quality });
      }
    }
  }

  forget(evictedIds: readonly number[]): void {
    for (const id of evictedIds) this.attempts.delete(id);
  }
}

export class StepEncoder {
  private readonly dictionary = new CodecDictionary();
  private readonly out = new ByteWriter(this.dictionary.words);

  /** Steps must come in their order. */
  encode(record: StepRecord): Uint8Array<ArrayBuffer> {
    const { out, dictionary } = this;
    writeRow(out, record.metrics);
    writeList(out, record.groups, (group) => this.group(group));
    writeCompletions(out, record.groups);
    writeList(out, record.evictedIds, (id) => out.uint(id));
    dictionary.learn(record.groups);
    dictionary.forget(record.evictedIds);
    return out.take();
  }

  private group({ start, learnability, prompt, completions }: GroupRecord): void {
    const { out } = this;
    out.uint(completions.length);
    this.start(start);
    out.float32(learnability);
    writeWords(out, prompt);
  }

  private start(start: StartRecord): void {
    const { out, dictionary } = this;
    out.uint(start.taskId);
    if (!dictionary.instances.has(start.taskId)) out.text(JSON.stringify(start.instance));
    // A task may start several groups of a step.
    dictionary.instances.set(start.taskId, start.instance);
    out.uint(start.historyId ?? 0);
    out.uint(start.turn);
    out.uint(start.depth);
    out.uint(MODES.indexOf(start.mode));
    out.uint(SOURCES.indexOf(start.source));
    writeList(out, start.earlier, (attempt) => writeAttempt(out, attempt));
    this.latest(start);
    if (start.source === 'fresh') return;
    out.float32(start.score ?? 0);
    out.uint(start.rank ?? 0);
    out.float32(start.probability ?? 0);
    out.uint(start.recency ?? 0);
  }

  private latest({ historyId, latest }: StartRecord): void {
    const { out, dictionary } = this;
    const known = historyId === null ? undefined : dictionary.attempts.get(historyId);
    const isKnown = known !== undefined && JSON.stringify(known) === JSON.stringify(latest);
    out.uint(latest === null ? LATEST.none : isKnown ? LATEST.known : LATEST.written);
    if (latest !== null && !isKnown) writeAttempt(out, latest);
  }
}

export class StepDecoder {
  private readonly dictionary = new CodecDictionary();

  /** Steps must come in their order. */
  decode(bytes: Uint8Array): StepRecord {
    const { dictionary } = this;
    const from = new ByteReader(bytes, dictionary.words);
    const metrics = readRow(from);
    const heads = readList(from, () => this.group(from));
    const completions = readCompletions(
      from,
      heads.reduce((sum, { size }) => sum + size, 0),
    );
    const evictedIds = readList(from, () => from.uint());
    let first = 0;
    const groups = heads.map(({ size, ...head }) => {
      first += size;
      return { ...head, completions: completions.slice(first - size, first) };
    });
    dictionary.learn(groups);
    dictionary.forget(evictedIds);
    return { step: metrics.step, groups, metrics, evictedIds };
  }

  private group(from: ByteReader): Omit<GroupRecord, 'completions'> & { readonly size: number } {
    const size = from.uint();
    const start = this.start(from);
    return { size, start, learnability: from.float32(), prompt: readWords(from) };
  }

  private start(from: ByteReader): StartRecord {
    const { dictionary } = this;
    const taskId = from.uint();
    const instance = dictionary.instances.get(taskId) ?? (JSON.parse(from.text()) as Json);
    dictionary.instances.set(taskId, instance);
    const historyId = from.uint() || null;
    const begin = {
      ...{ instance, taskId, historyId, turn: from.uint(), depth: from.uint() },
      ...{ mode: MODES[from.uint()]!, source: SOURCES[from.uint()]! },
      earlier: readList(from, () => readAttempt(from)),
      latest: this.latest(from, historyId),
    };
    if (begin.source === 'fresh') {
      return { ...begin, score: null, rank: null, probability: null, recency: null };
    }
    const [score, rank] = [from.float32(), from.uint()];
    return { ...begin, score, rank, probability: from.float32(), recency: from.uint() };
  }

  private latest(from: ByteReader, historyId: number | null): AttemptRecord | null {
    const kind = from.uint();
    if (kind === LATEST.none) return null;
    if (kind === LATEST.written) return readAttempt(from);
    const known = this.dictionary.attempts.get(historyId ?? 0);
    if (!known) throw new RangeError(`history ${historyId}: it did not come before`);
    return known;
  }
}

const SOURCES = ['fresh', 'buffer'] as const satisfies readonly StartRecord['source'][];
const LATEST = { none: 0, known: 1, written: 2 } as const;

// ---- completions, a column for each of their values; those that a group repeats are written once

function writeCompletions(out: ByteWriter, groups: readonly GroupRecord[]): void {
  const distances = groups.flatMap(({ completions }) => twinDistances(completions));
  for (const distance of distances) out.uint(distance);
  const all = groups.flatMap(({ completions }) => completions);
  const list = all.filter((_, i) => distances[i] === 0);
  for (const { tokens } of list) writeWords(out, tokens);
  for (const { feedback } of list) writeWords(out, feedback);
  for (const { logprobs } of list)
    writeList(out, logprobs, (value) => out.uint(logprobStep(value)));
  for (const { quality } of list) out.float32(quality);
  // Most domains pay what an attempt is worth.
  for (const { reward, quality } of list) out.uint(Number(reward !== quality));
  for (const { reward, quality } of list) if (reward !== quality) out.float32(reward);
  for (const one of list) out.int(Math.round(one.baseAdvantage / PRECISION.advantage));
  for (const one of list) out.int(Math.round(one.advantage / PRECISION.advantage));
  for (const one of list) out.uint(Math.round(one.diversity / PRECISION.diversity));
  for (const one of list) out.uint(flagsOf(one));
  let last = 0;
  for (const { insertedAs } of all) {
    // Ids rise: what is written is by how much, and 0 for none.
    out.uint(insertedAs === null ? 0 : insertedAs - last);
    last = insertedAs ?? last;
  }
}

/** How far before each completion one stands that is the same in all but what became of it; 0 for none. */
function twinDistances(completions: readonly CompletionRecord[]): number[] {
  const seen = new Map<string, number>();
  return completions.map(({ insertedAs: _, logprobs, ...rest }, i) => {
    const key = JSON.stringify([rest, logprobs.map(logprobStep)]);
    const before = seen.get(key);
    if (before === undefined) seen.set(key, i);
    return before === undefined ? 0 : i - before;
  });
}

function logprobStep(value: number): number {
  return Math.round(Math.max(0, -value / PRECISION.logprob));
}

function readCompletions(from: ByteReader, count: number): CompletionRecord[] {
  const distances = Array.from({ length: count }, () => from.uint());
  const written = readColumns(from, distances.filter((distance) => distance === 0).length);
  let [last, next] = [0, 0];
  const all: CompletionRecord[] = [];
  distances.forEach((distance, i) => {
    const rise = from.uint();
    last += rise;
    const one = distance === 0 ? written[next++]! : all[i - distance]!;
    all.push({ ...one, insertedAs: rise === 0 ? null : last });
  });
  return all;
}

function readColumns(from: ByteReader, length: number): Omit<CompletionRecord, 'insertedAs'>[] {
  const column = <T>(read: (i: number) => T): T[] => Array.from({ length }, (_, i) => read(i));
  const tokens = column(() => readWords(from));
  const feedback = column(() => readWords(from));
  const logprobs = column(() => readList(from, () => 0 - from.uint() * PRECISION.logprob));
  const quality = column(() => from.float32());
  const differs = column(() => from.uint() === 1);
  const reward = column((i) => (differs[i] ? from.float32() : quality[i]!));
  const baseAdvantage = column(() => from.int() * PRECISION.advantage);
  const advantage = column(() => from.int() * PRECISION.advantage);
  const diversity = column(() => from.uint() * PRECISION.diversity);
  const flags = column(() => from.uint());
  return column((i) => ({
    ...{ tokens: tokens[i]!, feedback: feedback[i]!, logprobs: logprobs[i]! },
    ...{ quality: quality[i]!, reward: reward[i]!, diversity: diversity[i]! },
    ...{ baseAdvantage: baseAdvantage[i]!, advantage: advantage[i]! },
    ...{ solved: (flags[i]! & 1) > 0, valid: (flags[i]! & 2) > 0, truncated: (flags[i]! & 4) > 0 },
  }));
}

function flagsOf({ solved, valid, truncated }: CompletionRecord): number {
  return (solved ? 1 : 0) | (valid ? 2 : 0) | (truncated ? 4 : 0);
}

// ---- pieces

/** Metrics that this version does not know are left out when read. */
export function writeRow(out: ByteWriter, row: MetricRow): void {
  const entries = Object.entries(row).filter(([, value]) => value !== undefined);
  writeList(out, entries, ([id]) => out.word(id));
  for (const [, value] of entries) out.float32(value);
}

export function readRow(from: ByteReader): MetricRow {
  const ids = readList(from, () => from.word());
  const entries = ids.map((id) => [id, from.float32()] as const);
  const known = entries.filter(([id]) => id === 'step' || METRIC_IDS.some((one) => one === id));
  return { step: 0, ...Object.fromEntries(known) };
}

function writeAttempt(out: ByteWriter, { tokens, feedback, quality }: AttemptRecord): void {
  writeWords(out, tokens);
  writeWords(out, feedback);
  out.float32(quality);
}

function readAttempt(from: ByteReader): AttemptRecord {
  return { tokens: readWords(from), feedback: readWords(from), quality: from.float32() };
}

function writeWords(out: ByteWriter, words: readonly Token[]): void {
  writeList(out, words, (word) => out.word(word));
}

function readWords(from: ByteReader): Token[] {
  return readList(from, () => from.word());
}

function writeList<T>(out: ByteWriter, list: readonly T[], write: (one: T) => void): void {
  out.uint(list.length);
  list.forEach(write);
}

function readList<T>(from: ByteReader, read: () => T): T[] {
  return Array.from({ length: from.uint() }, read);
}
