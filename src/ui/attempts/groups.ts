/** The groups of a step, and what is said about one. */
import type { GroupRecord, StartRecord } from '../../schema/records.ts';
import { formatFixed, formatNumber } from '../format.ts';

/** The group with the highest learnability: where attempts differ most. */
export function mostInformative(groups: readonly GroupRecord[]): number {
  return groups.reduce(
    (best, { learnability }, i) => (learnability > groups[best]!.learnability ? i : best),
    0,
  );
}

export type GroupOrder = 'learnability' | 'step';

/** Indices of the groups in the order in which they are shown. */
export function orderGroups(groups: readonly GroupRecord[], order: GroupOrder): number[] {
  const indices = [...groups.keys()];
  if (order === 'step') return indices;
  return indices.sort((a, b) => groups[b]!.learnability - groups[a]!.learnability || a - b);
}

/** Equal rewards throughout: every advantage is 0. */
export function isFlat({ completions }: GroupRecord): boolean {
  return completions.every(({ reward }) => reward === completions[0]?.reward);
}

/** Whether the policy learned from it. */
export function lessonOf(group: GroupRecord): string {
  return isFlat(group)
    ? 'Flat: all rewards are equal, so every advantage is 0 and nothing was learned from it.'
    : 'Its rewards differ, so the policy was trained on it.';
}

/** Why the start was chosen, as a sentence. `bufferSize` is that of the buffer it was drawn from. */
export function whyChosen(start: StartRecord, bufferSize: number | null): string {
  if (start.source === 'fresh') {
    return start.turn === 0
      ? 'A fresh base task, drawn without looking at the buffer.'
      : `Turn ${start.turn + 1} of a conversation that began with a fresh task.`;
  }
  const score = start.score === null ? '' : `S was ${formatNumber(start.score)} when last measured`;
  const rank = start.rank === null ? '' : `, rank ${start.rank + 1}${ofBuffer(bufferSize)}`;
  return `Drawn from the buffer: ${score}${rank}${chance(start, bufferSize)}.`;
}

function ofBuffer(size: number | null): string {
  return size === null ? '' : ` of ${formatNumber(size)}`;
}

function chance({ probability }: StartRecord, size: number | null): string {
  if (probability === null) return '';
  const text = `, so each draw took it with probability ${percent(probability)}`;
  if (size === null) return text;
  return `${text}, ${formatNumber(probability * size)} times that of a uniform draw`;
}

export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))}%`;
}

export function ageOf(steps: number): string {
  return steps === 1 ? '1 step' : `${formatNumber(steps)} steps`;
}

/** Positive numbers with their sign. */
export function signed(value: number): string {
  const text = formatFixed(value);
  return Number(text) > 0 ? `+${text}` : text;
}

/** What the diversity bonus multiplied the advantage by. */
export function bonusFactor(before: number, after: number): number {
  return before === 0 ? 1 : after / before;
}
