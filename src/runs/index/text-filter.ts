/** Histories by the words of their latest attempt and its feedback. */
import type { BufferEntry } from '../../exit/buffer.ts';

/** @returns null where any text will do. */
export type TextFilter = (
  text: string,
  entries: readonly BufferEntry[],
) => ((entry: BufferEntry) => boolean) | null;

/**
 * A history never changes, and a new one has a greater id than all before: asked for the same text again,
 * only those that came since are read.
 */
export function createTextFilter(): TextFilter {
  let asked = '';
  let readUpTo = 0;
  let found = new Set<number>();
  return (text, entries) => {
    const wanted = text.trim().split(/\s+/).filter(Boolean);
    if (wanted.length === 0) return null;
    const key = wanted.join(' ');
    const newest = entries.at(-1)?.id ?? 0;
    if (key !== asked || newest < readUpTo) [asked, readUpTo, found] = [key, 0, new Set()];
    for (let i = entries.length - 1; i >= 0 && entries[i]!.id > readUpTo; i--) {
      if (speaksOf(entries[i]!, wanted)) found.add(entries[i]!.id);
    }
    readUpTo = newest;
    return ({ id }) => found.has(id);
  };
}

/** Words that follow each other; the last one may be unfinished, as while it is being typed. */
function speaksOf({ history: { latest } }: BufferEntry, wanted: readonly string[]): boolean {
  return latest !== undefined && (follow(latest.tokens, wanted) || follow(latest.feedback, wanted));
}

function follow(words: readonly string[], wanted: readonly string[]): boolean {
  const last = wanted.length - 1;
  for (let at = 0; at + last < words.length; at++) {
    let i = 0;
    while (i < last && words[at + i] === wanted[i]) i++;
    if (i === last && words[at + last]!.startsWith(wanted[last]!)) return true;
  }
  return false;
}
