/** Which completions a query wants: decided on the packed columns, a million of them in tens of milliseconds. */
import type { CompletionQuery } from './queries.ts';
import { SOLVED, type ColumnarGroup, type ColumnarStep } from './columnar.ts';
import type { Ragged, WordIds } from './columns.ts';
import { type Vocabulary } from './vocabulary.ts';

export interface Filter {
  /** How many completions of the step are wanted. */
  count(packed: ColumnarStep): number;
  /**
   * Writes the indices of those that are, rising, and returns how many there are. `out` must have room for
   * all completions of the step.
   */
  collect(packed: ColumnarStep, out: Uint32Array): number;
}

export function createFilter(query: CompletionQuery, words: Vocabulary): Filter {
  const matchers = [numberMatcher(query), textMatcher(query.text, words)].filter(isPresent);
  const collect = (packed: ColumnarStep, out: Uint32Array): number => {
    let found = 0;
    for (const group of packed.groups) {
      if (!admits(group, query)) continue;
      const end = group.first + group.size;
      if (matchers.length === 0) {
        for (let index = group.first; index < end; index++) out[found++] = index;
        continue;
      }
      for (let index = group.first; index < end; index++) {
        if (matchers.every((matches) => matches(packed, index))) out[found++] = index;
      }
    }
    return found;
  };
  return { collect, count: countWith(query, matchers.length === 0, collect) };
}

/** A step never changes: what was counted once is known while the filter lives. */
function countWith(
  query: CompletionQuery,
  wholeGroups: boolean,
  collect: Filter['collect'],
): Filter['count'] {
  const known = new WeakMap<ColumnarStep, number>();
  return (packed) => {
    let count = known.get(packed);
    if (count === undefined) {
      count = wholeGroups
        ? packed.groups.reduce((sum, group) => sum + (admits(group, query) ? group.size : 0), 0)
        : collect(packed, new Uint32Array(packed.size));
      known.set(packed, count);
    }
    return count;
  };
}

type Matcher = (packed: ColumnarStep, index: number) => boolean;

function admits({ start }: ColumnarGroup, { modes, depths, taskId }: CompletionQuery): boolean {
  if (modes.length > 0 && !modes.includes(start.mode)) return false;
  if (depths && (start.depth < depths[0] || start.depth > depths[1])) return false;
  return taskId === null || start.taskId === taskId;
}

/** Null where every completion matches. */
function numberMatcher({ solved, quality }: CompletionQuery): Matcher | null {
  if (solved === null && quality[0] <= 0 && quality[1] >= 1) return null;
  // Qualities are kept as 32-bit floats: 0.2 must find what was 0.2.
  const [least, most] = [Math.fround(quality[0]), Math.fround(quality[1])];
  return (packed, index) => {
    const value = packed.completions.quality[index]!;
    if (value < least || value > most) return false;
    return solved === null || solved === ((packed.completions.flags[index]! & SOLVED) !== 0);
  };
}

/**
 * Words that follow each other in the attempt or in its feedback; the last one may be unfinished, as while
 * it is being typed. Null without words.
 */
function textMatcher(text: string, words: Vocabulary): Matcher | null {
  const wanted = text.trim().split(/\s+/).filter(Boolean);
  const last = wanted.at(-1);
  if (last === undefined) return null;
  const exact = wanted.slice(0, -1).map((word) => words.known(word) ?? UNKNOWN);
  const begun = Uint8Array.from({ length: words.size }, (_, id) =>
    Number(words.word(id).startsWith(last)),
  );
  if (exact.includes(UNKNOWN) || !begun.includes(1)) return () => false;
  return (packed, index) =>
    occurs(packed.completions.tokens, index, exact, begun) ||
    occurs(packed.completions.feedback, index, exact, begun);
}

const UNKNOWN = -1;

/** Plain loops: this runs for each word of a million completions. */
function occurs(
  { values, starts }: Ragged<WordIds>,
  index: number,
  exact: readonly number[],
  begun: Uint8Array,
): boolean {
  const length = exact.length;
  const end = starts[index + 1]! - length;
  for (let at = starts[index]!; at < end; at++) {
    if (begun[values[at + length]!] !== 1) continue;
    let i = 0;
    while (i < length && values[at + i] === exact[i]) i++;
    if (i === length) return true;
  }
  return false;
}

function isPresent<T>(value: T | null): value is T {
  return value !== null;
}
