/** What a training step and an evaluation leave behind. Plain JSON throughout. */
import type { MetricRow } from '../schema/metrics.ts';
import type { Json, Mode, Token } from '../tasks/task.ts';

export interface AttemptRecord {
  readonly tokens: readonly Token[];
  readonly feedback: readonly Token[];
  readonly quality: number;
}

/** The starting point of a group and why it was chosen. */
export interface StartRecord {
  /** The base task m. */
  readonly instance: Json;
  /** Identifies the base task across the run: all histories of one task share it. */
  readonly taskId: number;
  /** Buffer id of the history continued; null for a fresh start. */
  readonly historyId: number | null;
  readonly turn: number;
  readonly depth: number;
  readonly mode: Mode;
  readonly source: 'fresh' | 'buffer';
  /** The final attempt of each earlier turn of a conversation. */
  readonly earlier: readonly AttemptRecord[];
  /** The latest attempt, its feedback and quality; null at depth 0. */
  readonly latest: AttemptRecord | null;
  /** Score when selected, its rank in the buffer (0 = highest), its chance per draw; null for fresh starts. */
  readonly score: number | null;
  readonly rank: number | null;
  readonly probability: number | null;
  /** Steps since the history was created; null for fresh starts. */
  readonly recency: number | null;
}

export interface CompletionRecord {
  /** Without `<eos>`. */
  readonly tokens: readonly Token[];
  /** One per sampled token, `<eos>` included. */
  readonly logprobs: readonly number[];
  readonly truncated: boolean;
  readonly quality: number;
  readonly solved: boolean;
  readonly valid: boolean;
  readonly feedback: readonly Token[];
  readonly reward: number;
  /** Before the diversity bonus. */
  readonly baseAdvantage: number;
  readonly advantage: number;
  /** d in [0, 1]. */
  readonly diversity: number;
  /** Buffer id of the history that this completion became; null if it did not. */
  readonly insertedAs: number | null;
}

export interface GroupRecord {
  readonly start: StartRecord;
  readonly prompt: readonly Token[];
  readonly completions: readonly CompletionRecord[];
  /** S: population variance of the group's returns. */
  readonly learnability: number;
}

export interface StepRecord {
  readonly step: number;
  readonly groups: readonly GroupRecord[];
  readonly metrics: MetricRow;
  /** Buffer ids of the histories that left in this step. */
  readonly evictedIds: readonly number[];
}

/** A mean and the half-width of its 95% interval. */
export interface Estimate {
  readonly mean: number;
  readonly ci95: number;
}

/** Held-out evaluation; arrays are indexed by self-improvement step k = 0 … K. */
export interface Evaluation {
  readonly step: number;
  readonly tasks: number;
  readonly samples: number;
  readonly depth: number;
  /** Mean start depth trained on over the last steps, beside the depth evaluated. */
  readonly trainedDepth: number;
  readonly quality: readonly Estimate[];
  readonly solved: readonly Estimate[];
  readonly bestQuality: readonly Estimate[];
  readonly bestSolved: readonly Estimate[];
  /** Wrong→right minus right→wrong between 0 and K, per hundred. */
  readonly netCorrections: Estimate;
  /** Distinct attempts per chain, as a share of K + 1. */
  readonly distinct: Estimate;
  /** The fair control: best of k + 1 independent `solve` attempts. */
  readonly resampleQuality: readonly Estimate[];
  readonly resampleSolved: readonly Estimate[];
  /** Per turn of a conversation; absent where every task has one turn. */
  readonly turns?: readonly TurnEstimate[];
  /** Quality summed over the turns of a conversation; absent where every task has one turn. */
  readonly taskReturn?: TurnEstimate;
  /** Of a mixture: each domain's own evaluation, of which the curves above are the means. */
  readonly parts?: readonly DomainEvaluation[];
}

/** Of a turn: shares of conversations that solved it. Of a conversation: what its turns came to. */
export interface TurnEstimate {
  readonly first: Estimate;
  /** After K self-improvement steps. */
  readonly last: Estimate;
}

export interface DomainEvaluation extends Omit<Evaluation, 'parts'> {
  /** Id of the domain. */
  readonly task: string;
}
