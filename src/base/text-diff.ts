/** What is new in a text against the one before: words that are in no longest common sequence of both. */
export interface TextPart {
  readonly text: string;
  readonly isNew: boolean;
}

/** Longer ones are not compared: a table of both would take too long to fill. */
const MOST_WORDS = 500;

/** The text in parts, in its order; white space belongs to the word before it. */
export function newParts(text: string, before: string | null): TextPart[] {
  const words = wordsOf(text);
  const former = before === null ? [] : wordsOf(before);
  if (before === null || words.length > MOST_WORDS || former.length > MOST_WORDS) {
    return text === '' ? [] : [{ text, isNew: false }];
  }
  const common = commonWords(words, former);
  const parts: { text: string; isNew: boolean }[] = [];
  words.forEach((word, i) => {
    const isNew = !common.has(i);
    const last = parts.at(-1);
    if (last?.isNew === isNew) last.text += word;
    else parts.push({ text: word, isNew });
  });
  return parts;
}

function wordsOf(text: string): string[] {
  return text.match(/\s*\S+\s*|\s+/g) ?? [];
}

/** Indices of those in `words` that a longest common sequence holds. */
function commonWords(words: readonly string[], former: readonly string[]): Set<number> {
  const width = former.length + 1;
  const same = (i: number, j: number): boolean => words[i]!.trim() === former[j]!.trim();
  const lengths = new Uint16Array((words.length + 1) * width);
  for (let i = words.length - 1; i >= 0; i--) {
    for (let j = former.length - 1; j >= 0; j--) {
      lengths[i * width + j] = same(i, j)
        ? lengths[(i + 1) * width + j + 1]! + 1
        : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  const common = new Set<number>();
  let [i, j] = [0, 0];
  while (i < words.length && j < former.length) {
    if (same(i, j)) {
      common.add(i);
      [i, j] = [i + 1, j + 1];
    } else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) i++;
    else j++;
  }
  return common;
}
