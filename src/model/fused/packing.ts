/**
 * How ragged prompts and completions become one list of tokens without padding. Equal prompts stand
 * once, their completions right after them, so that a group pays for its prompt once.
 */
import type { Logits, TokenIds } from '../policy.ts';
import { SEQUENCE_FIELDS } from './kernels.ts';

/** `Sequences` of kernels.ts, on the host. */
export interface Packing {
  readonly rows: number;
  readonly count: number;
  readonly table: Int32Array;
  readonly sequenceOf: Int32Array;
  readonly longest: number;
  /** [rows] */
  readonly ids: Int32Array;
  /** [rows] place of each token in its own sequence, prefix included. */
  readonly positions: Int32Array;
}

/** The completion tokens and the rows whose hidden states predict them, completion by completion. */
export interface Scored {
  readonly tokens: number;
  /** [tokens] */
  readonly rows: Int32Array;
  readonly targets: Int32Array;
  /** [completions + 1] first token of each. */
  readonly starts: Int32Array;
}

interface Sequence {
  readonly ids: TokenIds;
  /** Tokens before it, and the first row of its prefix. */
  readonly prefixRows: number;
  readonly prefix: number;
  /** Rows of the sequences that continue it, which come next. */
  readonly followRows: number;
}

/** @throws RangeError if there is no prompt, or an empty one. */
export function packPrompts(prompts: readonly TokenIds[]): Packing {
  requireTokens(prompts, 'prompt');
  return pack(prompts.map((ids) => ({ ids, prefixRows: 0, prefix: 0, followRows: 0 })));
}

/**
 * The last token of a completion is scored but never read.
 * @throws RangeError if a prompt or a completion is empty.
 */
export function packCompletions(
  prompts: readonly TokenIds[],
  completions: readonly TokenIds[],
): { readonly packing: Packing; readonly scored: Scored } {
  requireTokens(prompts, 'prompt');
  requireTokens(completions, 'completion');
  const sequences: Sequence[] = [];
  // Row that predicts the first token of each completion, and its first own row.
  const before = new Int32Array(completions.length);
  const own = new Int32Array(completions.length);
  let row = 0;
  for (const group of groupByPrompt(prompts)) {
    const ids = prompts[group[0]!]!;
    const [prefix, prefixRows] = [row, ids.length];
    row += prefixRows;
    const followers = group.map((index): Sequence => {
      before[index] = prefix + prefixRows - 1;
      own[index] = row;
      const read = completions[index]!.slice(0, -1);
      row += read.length;
      return { ids: read, prefixRows, prefix, followRows: 0 };
    });
    const followRows = row - prefix - prefixRows;
    sequences.push({ ids, prefixRows: 0, prefix: 0, followRows }, ...followers);
  }
  return { packing: pack(sequences), scored: scoredTokens(completions, before, own) };
}

function scoredTokens(
  completions: readonly TokenIds[],
  before: Int32Array,
  own: Int32Array,
): Scored {
  const tokens = completions.reduce((sum, { length }) => sum + length, 0);
  const rows = new Int32Array(tokens);
  const targets = new Int32Array(tokens);
  const starts = new Int32Array(completions.length + 1);
  let at = 0;
  completions.forEach((completion, index) => {
    completion.forEach((token, i) => {
      rows[at] = i === 0 ? before[index]! : own[index]! + i - 1;
      targets[at++] = token;
    });
    starts[index + 1] = at;
  });
  return { tokens, rows, targets, starts };
}

/** Indices of equal prompts, in the order of their first. */
function groupByPrompt(prompts: readonly TokenIds[]): number[][] {
  const groups = new Map<string, number[]>();
  prompts.forEach((prompt, index) => {
    const key = prompt.join();
    const group = groups.get(key);
    if (group) group.push(index);
    else groups.set(key, [index]);
  });
  return [...groups.values()];
}

function pack(sequences: readonly Sequence[]): Packing {
  const rows = sequences.reduce((sum, { ids }) => sum + ids.length, 0);
  const table = new Int32Array(sequences.length * SEQUENCE_FIELDS);
  const sequenceOf = new Int32Array(rows);
  const ids = new Int32Array(rows);
  const positions = new Int32Array(rows);
  let row = 0;
  let longest = 0;
  sequences.forEach((sequence, index) => {
    const { length } = sequence.ids;
    const { prefix, prefixRows, followRows } = sequence;
    const follow = row + length;
    table.set([row, length, prefix, prefixRows, follow, followRows], index * SEQUENCE_FIELDS);
    sequenceOf.fill(index, row, follow);
    sequence.ids.forEach((id, i) => {
      ids[row + i] = id;
      positions[row + i] = prefixRows + i;
    });
    longest = Math.max(longest, prefixRows + length);
    row = follow;
  });
  return { rows, count: sequences.length, table, sequenceOf, longest, ids, positions };
}

/** For each value below `count`, the places where it stands: `IndexLists` of kernels.ts, on the host. */
export function indicesByValue(
  values: Int32Array,
  count: number,
): { readonly starts: Int32Array; readonly items: Int32Array } {
  const starts = new Int32Array(count + 1);
  for (const value of values) starts[value + 1]! += 1;
  for (let i = 0; i < count; i++) starts[i + 1]! += starts[i]!;
  const next = starts.slice(0, count);
  const items = new Int32Array(values.length);
  values.forEach((value, place) => {
    items[next[value]!++] = place;
  });
  return { starts, items };
}

/** Runs of prompts of at most `limit` tokens together, but never none. */
export function passes(prompts: readonly TokenIds[], limit: number): (readonly TokenIds[])[] {
  const result: TokenIds[][] = [[]];
  let tokens = 0;
  for (const prompt of prompts) {
    if (tokens > 0 && tokens + prompt.length > limit) {
      result.push([]);
      tokens = 0;
    }
    result.at(-1)!.push(prompt);
    tokens += prompt.length;
  }
  return result;
}

/** Packed rows to [batch, time, vocab], zeros after a sequence's end. */
export function unpackLogits(
  packed: Float32Array,
  sequences: readonly TokenIds[],
  vocabSize: number,
): Logits {
  const time = Math.max(...sequences.map(({ length }) => length));
  const values = new Float32Array(sequences.length * time * vocabSize);
  let row = 0;
  sequences.forEach(({ length }, i) => {
    const rows = packed.subarray(row * vocabSize, (row + length) * vocabSize);
    values.set(rows, i * time * vocabSize);
    row += length;
  });
  return { values, batch: sequences.length, time };
}

function requireTokens(rows: readonly TokenIds[], what: string): void {
  const empty = rows.findIndex(({ length }) => length === 0);
  if (rows.length === 0 || empty >= 0) {
    throw new RangeError(`${what} ${Math.max(empty, 0)}: empty, expected at least one token`);
  }
}
