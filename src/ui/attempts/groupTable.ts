/** A group as a table: what each of its attempts was paid, and what the update made of that. */
import { mean, sampleStd } from '../../base/statistics.ts';
import type { TokenStats } from '../../runs/index/queries.ts';
import type {
  CompletionRecord,
  GroupRecord,
  StartRecord,
  StepRecord,
} from '../../schema/records.ts';

export interface AttemptRow {
  /** Index into the completions. */
  readonly index: number;
  readonly completion: CompletionRecord;
  /** What the update was weighted with, from −1 to 1 as a share of the largest of the group. */
  readonly share: number;
}

export interface GroupTable {
  /** In the order in which they were sampled. */
  readonly rows: readonly AttemptRow[];
  /** Of the returns. */
  readonly mean: number;
  /** Of the returns: their standard deviation, n − 1. */
  readonly spread: number;
  readonly distinct: number;
  readonly solved: number;
  /** How many attempts have a return above the mean, below it, and neither. */
  readonly above: number;
  readonly below: number;
  readonly even: number;
  /** Whether the diversity bonus changed an advantage. */
  readonly hasBonus: boolean;
  /** Index of the attempt with the highest advantage; the first of equals. */
  readonly best: number;
  /** Indices of those that became histories of the buffer. */
  readonly stored: readonly number[];
}

export function groupTable({ completions }: GroupRecord): GroupTable {
  const returns = completions.map(({ reward }) => reward);
  const advantages = completions.map(({ advantage }) => advantage);
  const largest = Math.max(...advantages.map(Math.abs));
  const above = advantages.filter((advantage) => advantage > 0).length;
  const below = advantages.filter((advantage) => advantage < 0).length;
  return {
    rows: completions.map((completion, index) => ({
      index,
      completion,
      share: largest === 0 ? 0 : completion.advantage / largest,
    })),
    mean: mean(returns),
    spread: sampleStd(returns),
    distinct: new Set(completions.map(({ tokens }) => tokens.join(' '))).size,
    solved: completions.filter(({ solved }) => solved).length,
    ...{ above, below, even: completions.length - above - below },
    hasBonus: completions.some(({ advantage, baseAdvantage }) => advantage !== baseAdvantage),
    best: advantages.indexOf(Math.max(...advantages)),
    stored: completions.flatMap(({ insertedAs }, i) => (insertedAs === null ? [] : [i])),
  };
}

/** How many attempts became likelier or less likely as they were pushed; all groups of a step push at once. */
export function movedAsPushed({ completions }: GroupRecord, after: readonly TokenStats[]): number {
  return completions.filter(({ advantage, logprobs }, i) => {
    const moved = mean(after[i]?.logprobs ?? logprobs) - mean(logprobs);
    return advantage * moved > 0;
  }).length;
}

export interface StartCounts {
  readonly fresh: number;
  readonly improve: number;
  readonly diverge: number;
  /** Base tasks that came back from the buffer. */
  readonly again: number;
  readonly deepest: number;
  /** The one from the buffer that a draw was likeliest to take; null where all are fresh. */
  readonly likeliest: StartRecord | null;
}

/** Where the groups of a step started. */
export function startCounts({ groups }: StepRecord): StartCounts {
  const starts = groups.map(({ start }) => start);
  const stored = starts.filter(({ source }) => source === 'buffer');
  const of = (mode: string): number => stored.filter((start) => start.mode === mode).length;
  return {
    fresh: starts.length - stored.length,
    ...{ improve: of('improve'), diverge: of('diverge'), again: of('solve') },
    deepest: Math.max(0, ...starts.map(({ depth }) => depth)),
    likeliest: stored.reduce<StartRecord | null>(
      (best, start) => ((start.probability ?? 0) > (best?.probability ?? 0) ? start : best),
      stored[0] ?? null,
    ),
  };
}

/** Of what is written, in the order in which it happens; each includes those before it. */
export const GROUP_STAGES = [
  'task',
  'start',
  'written',
  'marked',
  'paid',
  'moved',
  'stored',
] as const;
export type GroupStage = (typeof GROUP_STAGES)[number];

export function hasReached(stage: GroupStage, needed: GroupStage): boolean {
  return GROUP_STAGES.indexOf(stage) >= GROUP_STAGES.indexOf(needed);
}
