/** Estimates in a sentence, each with the interval that stands behind it. */

export interface Estimated {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Words as they stand, and the estimates between them. */
export type Part =
  { readonly text: string } | { readonly text: string; readonly estimated: Estimated };

const NUMBER = String.raw`[+-]?\d+(?:\.\d+)?`;
const ESTIMATED = new RegExp(String.raw`(${NUMBER}) \[(${NUMBER}), (${NUMBER})\]`, 'g');

/** `−0.003 [−0.022, +0.016]` is an estimate; all parts together are the sentence again. */
export function partsOf(sentence: string): readonly Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of sentence.matchAll(ESTIMATED)) {
    const [text, mean, low, high] = match;
    if (match.index > from) parts.push({ text: sentence.slice(from, match.index) });
    parts.push({
      text,
      estimated: { mean: Number(mean), low: Number(low), high: Number(high) },
    });
    from = match.index + text.length;
  }
  if (from < sentence.length) parts.push({ text: sentence.slice(from) });
  return parts;
}

/** What a picture of them has to hold: 0 and every interval. */
export function rangeOf(estimates: readonly Estimated[]): readonly [number, number] {
  return [
    Math.min(0, ...estimates.map(({ low }) => low)),
    Math.max(0, ...estimates.map(({ high }) => high)),
  ];
}
