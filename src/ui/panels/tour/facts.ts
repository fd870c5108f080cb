/** What the cards of the tour point at in the newest step. */
import type { CompletionRecord, GroupRecord, StepRecord } from '../../../schema/records.ts';

export interface Facts {
  readonly step: number;
  readonly groups: number;
  /** The newest base task. */
  readonly taskId: number;
  readonly quality: number;
  readonly solvedShare: number;
  /** The group whose attempts differ most. */
  readonly best: {
    readonly size: number;
    readonly solved: number;
    readonly learnability: number;
    readonly advantages: readonly [number, number];
  };
  readonly flat: number;
  readonly replayed: number;
  /** The start from the buffer that stood highest in it. */
  readonly chosen: { readonly rank: number; readonly probability: number } | null;
  readonly diverged: number;
  /** The attempt that the bonus changed most. */
  readonly bonus: {
    readonly before: number;
    readonly after: number;
    readonly diversity: number;
  } | null;
}

/** Null for a step without groups. */
export function factsOf({ step, groups }: StepRecord): Facts | null {
  const best = maximum(groups, ({ learnability }) => learnability);
  if (!best) return null;
  const completions = groups.flatMap((group) => group.completions);
  return {
    step,
    groups: groups.length,
    taskId: Math.max(...groups.map(({ start }) => start.taskId)),
    quality: meanOf(completions, ({ quality }) => quality),
    solvedShare: meanOf(completions, ({ solved }) => Number(solved)),
    best: groupFacts(best),
    flat: groups.filter(({ learnability }) => learnability === 0).length,
    replayed: groups.filter(({ start }) => start.source === 'buffer').length,
    chosen: chosenOf(groups),
    diverged: groups.filter(({ start }) => start.mode === 'diverge').length,
    bonus: bonusOf(completions),
  };
}

function groupFacts({ completions, learnability }: GroupRecord): Facts['best'] {
  const advantages = completions.map(({ advantage }) => advantage);
  return {
    size: completions.length,
    solved: completions.filter(({ solved }) => solved).length,
    learnability,
    advantages: [Math.min(...advantages), Math.max(...advantages)],
  };
}

function chosenOf(groups: readonly GroupRecord[]): Facts['chosen'] {
  const first = maximum(
    groups.filter(({ start }) => start.rank !== null && start.probability !== null),
    ({ start }) => -(start.rank ?? 0),
  );
  if (!first) return null;
  return { rank: (first.start.rank ?? 0) + 1, probability: first.start.probability ?? 0 };
}

function bonusOf(completions: readonly CompletionRecord[]): Facts['bonus'] {
  const change = ({ advantage, baseAdvantage }: CompletionRecord): number =>
    Math.abs(advantage - baseAdvantage);
  const most = maximum(completions, change);
  if (!most || change(most) === 0) return null;
  const { baseAdvantage: before, advantage: after, diversity } = most;
  return { before, after, diversity };
}

function maximum<T>(items: readonly T[], value: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (best, item) => (best === undefined || value(item) > value(best) ? item : best),
    undefined,
  );
}

function meanOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0) / items.length;
}
