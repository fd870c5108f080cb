/**
 * Looks through all completions of the archive: filters, an order, and one page of what is found. Only
 * that page becomes objects: an archive holds a million completions, and training waits meanwhile.
 */
import { binarySearch } from '../../base/binarySearch.ts';
import type { CompletionPage, CompletionQuery, CompletionRow } from './queries.ts';
import { createFilter, type Filter } from './filter.ts';
import { sortByKey } from './order.ts';
import { completionAt, type ColumnarStep } from './columnar.ts';
import { wordsAt } from './columns.ts';
import { type Vocabulary } from './vocabulary.ts';

/** Where a completion lies. */
interface CompletionRef {
  readonly packed: ColumnarStep;
  readonly index: number;
}

interface Found {
  readonly total: number;
  /** The page only. */
  readonly refs: readonly CompletionRef[];
}

export type Search = (
  steps: readonly ColumnarStep[],
  query: CompletionQuery,
) => Omit<CompletionPage, 'range'>;

/** Remembers the last filter: asked again while training goes on, it looks at new steps only. */
export function createSearch(words: Vocabulary): Search {
  let last: { readonly key: string; readonly filter: Filter } | null = null;
  return (steps, query) => {
    const { sort: _sort, steps: _steps, offset, limit: _limit, ...rest } = query;
    // What a word may begin with changes as new words come.
    const key = JSON.stringify({ ...rest, words: words.size });
    if (last?.key !== key) last = { key, filter: createFilter(query, words) };
    const { total, refs: places } = find(newestFirst(steps, query), query, last.filter);
    return { total, offset, rows: places.map((place) => rowAt(place, words)) };
  };
}

function newestFirst(
  steps: readonly ColumnarStep[],
  { steps: span }: CompletionQuery,
): readonly ColumnarStep[] {
  const within = span ? steps.filter(({ step }) => step >= span[0] && step <= span[1]) : steps;
  return [...within].reverse();
}

function find(steps: readonly ColumnarStep[], query: CompletionQuery, filter: Filter): Found {
  const { by, descending } = query.sort;
  if (by !== 'step') return inOrderOf(KEYS[by], steps, query, filter);
  return inOrderOfSteps(descending ? steps : [...steps].reverse(), query, filter);
}

/** To sort by step is to read from one end. */
function inOrderOfSteps(
  steps: readonly ColumnarStep[],
  { sort: { descending }, offset, limit }: CompletionQuery,
  filter: Filter,
): Found {
  const scratch = scratchFor(steps);
  const places: CompletionRef[] = [];
  let total = 0;
  for (const packed of steps) {
    const found = filter.count(packed);
    const from = Math.max(0, offset - total);
    const end = Math.min(found, offset + limit - total);
    if (from < end) filter.collect(packed, scratch);
    for (let i = from; i < end; i++) {
      places.push({ packed, index: scratch[descending ? found - 1 - i : i]! });
    }
    total += found;
  }
  return { total, refs: places };
}

type Key = (packed: ColumnarStep, index: number) => number;

/** Of equal keys the newest comes first. */
function inOrderOf(
  key: Key,
  steps: readonly ColumnarStep[],
  { sort: { descending }, offset, limit }: CompletionQuery,
  filter: Filter,
): Found {
  const bases = basesOf(steps);
  const keys = new Float32Array(bases.at(-1)!);
  const members = new Uint32Array(keys.length);
  const scratch = scratchFor(steps);
  let total = 0;
  steps.forEach((packed, s) => {
    const found = filter.collect(packed, scratch);
    for (let i = found - 1; i >= 0; i--) {
      const member = bases[s]! + scratch[i]!;
      // A zero has one sign only, so that zeros are equal.
      keys[member] = key(packed, scratch[i]!) + 0;
      members[total++] = member;
    }
  });
  const ordered = members.subarray(0, total);
  sortByKey(keys, ordered, descending);
  const page = ordered.subarray(offset, offset + limit);
  return { total, refs: Array.from(page, (member) => refAt(member, bases, steps)) };
}

/** How many completions lie before each step, and how many there are in all. */
function basesOf(steps: readonly ColumnarStep[]): Uint32Array {
  const bases = new Uint32Array(steps.length + 1);
  steps.forEach(({ size }, i) => (bases[i + 1] = bases[i]! + size));
  return bases;
}

function refAt(member: number, bases: Uint32Array, steps: readonly ColumnarStep[]): CompletionRef {
  const s = binarySearch(member, steps.length, (i) => bases[i]!);
  return { packed: steps[s]!, index: member - bases[s]! };
}

function scratchFor(steps: readonly ColumnarStep[]): Uint32Array {
  return new Uint32Array(steps.reduce((most, { size }) => Math.max(most, size), 0));
}

const KEYS = {
  quality: ({ completions }, index) => completions.quality[index]!,
  reward: ({ completions }, index) => completions.reward[index]!,
  advantage: ({ completions }, index) => completions.advantage[index]!,
  diversity: ({ completions }, index) => completions.diversity[index]!,
  depth: (packed, index) => packed.groups[groupOf(packed, index)]!.start.depth,
  length: ({ completions: { logprobs } }, index) =>
    logprobs.starts[index + 1]! - logprobs.starts[index]!,
  logprob: meanLogprob,
} as const satisfies Record<string, Key>;

function meanLogprob({ completions }: ColumnarStep, index: number): number {
  const { values, starts } = completions.logprobs;
  const [from, to] = [starts[index]!, starts[index + 1]!];
  let sum = 0;
  for (let at = from; at < to; at++) sum += values[at]!;
  return sum / Math.max(1, to - from);
}

function groupOf({ groups }: ColumnarStep, index: number): number {
  return binarySearch(index, groups.length, (i) => groups[i]!.first);
}

function rowAt({ packed, index }: CompletionRef, words: Vocabulary): CompletionRow {
  const group = groupOf(packed, index);
  const { start, first } = packed.groups[group]!;
  return {
    step: packed.step,
    group,
    index: index - first,
    start,
    prompt: wordsAt(packed.prompts, group, words),
    completion: completionAt(packed, index, words),
  };
}
