/** Looks through all completions of the archive: filters, an order, and one page of what is found. */
import type { CompletionPage, CompletionQuery, CompletionRow } from '../protocol.ts';
import {
  completionAt,
  listAt,
  SOLVED,
  wordsAt,
  type PackedGroup,
  type PackedStep,
} from './pack.ts';
import type { Words } from './pack.ts';

/** Where a completion lies. */
interface Place {
  readonly packed: PackedStep;
  readonly group: number;
  readonly index: number;
}

export function searchCompletions(
  steps: readonly PackedStep[],
  query: CompletionQuery,
  words: Words,
): Pick<CompletionPage, 'total' | 'rows'> {
  const found = matching(steps, query, words);
  const { by, descending } = query.sort;
  // Found in the order of steps: to sort by step is to read from one end.
  if (by !== 'step') sortBy(found, KEYS[by], descending);
  else if (descending) found.reverse();
  const page = found.slice(query.offset, query.offset + query.limit);
  return { total: found.length, rows: page.map((place) => rowAt(place, words)) };
}

function matching(steps: readonly PackedStep[], query: CompletionQuery, words: Words): Place[] {
  const wanted = textMatcher(query.text, words);
  const found: Place[] = [];
  for (const packed of steps) {
    if (query.steps && (packed.step < query.steps[0] || packed.step > query.steps[1])) continue;
    packed.groups.forEach((one, group) => {
      if (!admits(one, query)) return;
      for (let index = one.first; index < one.first + one.size; index++) {
        if (isWanted(packed, index, query) && wanted(packed, index)) {
          found.push({ packed, group, index });
        }
      }
    });
  }
  return found;
}

function admits({ start }: PackedGroup, { modes, depths, taskId }: CompletionQuery): boolean {
  if (modes.length > 0 && !modes.includes(start.mode)) return false;
  if (depths && (start.depth < depths[0] || start.depth > depths[1])) return false;
  return taskId === null || start.taskId === taskId;
}

function isWanted(packed: PackedStep, index: number, query: CompletionQuery): boolean {
  const solved = (packed.flags[index]! & SOLVED) !== 0;
  if (query.solved !== null && query.solved !== solved) return false;
  const quality = packed.quality[index]!;
  return quality >= query.quality[0] && quality <= query.quality[1];
}

type Matcher = (packed: PackedStep, index: number) => boolean;

/**
 * Words that follow each other in the attempt or in its feedback; the last one may be unfinished, as while
 * it is being typed.
 */
function textMatcher(text: string, words: Words): Matcher {
  const wanted = text.trim().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return () => true;
  const exact = wanted.slice(0, -1).map((word) => words.known(word));
  if (exact.includes(undefined)) return () => false;
  const last = wanted.at(-1)!;
  const fits = (ids: Uint16Array): boolean => {
    for (let at = 0; at + wanted.length <= ids.length; at++) {
      if (!exact.every((id, i) => ids[at + i] === id)) continue;
      if (words.word(ids[at + exact.length]!).startsWith(last)) return true;
    }
    return false;
  };
  return (packed, index) =>
    fits(listAt(packed.tokens, index)) || fits(listAt(packed.feedback, index));
}

const KEYS = {
  quality: ({ packed, index }) => packed.quality[index]!,
  reward: ({ packed, index }) => packed.reward[index]!,
  advantage: ({ packed, index }) => packed.advantage[index]!,
  diversity: ({ packed, index }) => packed.diversity[index]!,
  depth: ({ packed, group }) => packed.groups[group]!.start.depth,
  length: ({ packed, index }) => listAt(packed.logprobs, index).length,
  logprob: meanLogprob,
} as const satisfies Record<string, (place: Place) => number>;

function meanLogprob({ packed, index }: Place): number {
  const values = listAt(packed.logprobs, index);
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** Stable; keys are computed once. */
function sortBy(places: Place[], key: (place: Place) => number, descending: boolean): void {
  const keyed = places.map((place) => ({ place, key: key(place) }));
  keyed.sort((a, b) => (descending ? b.key - a.key : a.key - b.key));
  keyed.forEach(({ place }, i) => (places[i] = place));
}

function rowAt(place: Place, words: Words): CompletionRow {
  const { packed, group, index } = place;
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
