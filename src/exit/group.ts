/** A group: G completions of one starting point, graded, rewarded and measured. */
import type { Rng } from '../base/rng.ts';
import type { Config } from '../schema/params.ts';
import type { Attempt, Grade, Task, Token } from '../tasks/task.ts';
import { learnability } from './advantage.ts';
import { taskIdOf } from './buffer.ts';
import { diversity, embedTokens, meanPairwiseDistance } from './diversity.ts';
import type { CompletionRecord, GroupRecord, StartRecord } from '../schema/records.ts';
import { normalisedReturn, reward, rewardFormOf, scoreFormOf } from './reward.ts';
import { gradeCompletions, promptOf, sampleCompletions } from './rollout.ts';
import type { Completion, RolloutContext, RolloutStart } from './rollout.ts';
import type { Selection } from './selector.ts';
import type { Stopwatch } from './stopwatch.ts';

export interface Start extends RolloutStart {
  readonly depth: number;
  /** How it was drawn from the buffer; null for a fresh start. */
  readonly selection: Selection | null;
}

export interface Group {
  readonly start: Start;
  /** `<bos>` included. */
  readonly prompt: readonly Token[];
  readonly completions: readonly Completion[];
  readonly grades: readonly Grade[];
  /** r */
  readonly returns: readonly number[];
  /** S of the start. */
  readonly learnability: number;
  /** d in [0, 1]. */
  readonly diversity: readonly number[];
  /** Mean pairwise embedding distance. */
  readonly distance: number;
  /** Per completion the id of the history that it became, or null; filled in as children are chosen. */
  readonly insertedAs: (number | null)[];
}

/** Before and after the diversity bonus, one per completion. */
export interface Credit {
  readonly base: readonly number[];
  readonly final: readonly number[];
}

export interface RolloutResources {
  readonly config: Config;
  readonly rng: Rng;
  readonly watch: Stopwatch;
}

/** One call of the policy for all starts, then all grades. */
export async function rollOutGroups(
  context: RolloutContext,
  starts: readonly Start[],
  { config, rng, watch }: RolloutResources,
): Promise<Group[]> {
  const prompts = starts.map((start) => promptOf(context, start));
  const { groupSize, temperature, topP, topK } = config;
  const completions = await watch.time('sample', () =>
    sampleCompletions(context, prompts, {
      samplesPerPrompt: groupSize,
      temperature,
      topP,
      topK,
      rng,
    }),
  );
  const grades = await watch.time('grade', () =>
    gradeCompletions(context.task, starts, completions),
  );
  return starts.map((start, n) => ({
    start,
    prompt: prompts[n]!,
    completions: completions[n]!,
    grades: grades[n]!,
    ...returnsAndLearnability(start, grades[n]!, config),
    ...diversityOf(context.task, completions[n]!),
    insertedAs: completions[n]!.map(() => null),
  }));
}

function returnsAndLearnability(
  { mode, history }: Start,
  grades: readonly Grade[],
  config: Config,
): Pick<Group, 'returns' | 'learnability'> {
  const form = rewardFormOf(mode, config);
  const previous = history.latest?.quality ?? 0;
  const returns = grades.map(({ quality }) => reward(form, quality, previous));
  const scored = scoreFormOf(mode, form, config.scoreForm);
  const normalised = grades.map(({ quality }) =>
    normalisedReturn(scored, reward(scored, quality, previous)),
  );
  return { returns, learnability: learnability(normalised) };
}

function diversityOf(
  task: Task,
  completions: readonly Completion[],
): Pick<Group, 'diversity' | 'distance'> {
  const embeddings = completions.map(({ tokens }) => task.embed?.(tokens) ?? embedTokens(tokens));
  return { diversity: diversity(embeddings), distance: meanPairwiseDistance(embeddings) };
}

export function attemptAt(group: Group, index: number): Attempt {
  const { feedback, quality } = group.grades[index]!;
  return { tokens: group.completions[index]!.tokens, feedback, quality };
}

export function groupRecord(group: Group, credit: Credit, step: number): GroupRecord {
  return {
    start: startRecord(group.start, step),
    prompt: group.prompt,
    completions: group.completions.map((_, index) => completionRecord(group, credit, index)),
    learnability: group.learnability,
  };
}

function startRecord(
  { instance, history, mode, depth, selection }: Start,
  step: number,
): StartRecord {
  return {
    instance,
    taskId: selection?.entry.taskId ?? taskIdOf(instance),
    historyId: selection?.entry.id ?? null,
    turn: history.earlier.length,
    depth,
    mode,
    source: selection ? 'buffer' : 'fresh',
    earlier: history.earlier,
    latest: history.latest ?? null,
    score: selection?.score ?? null,
    rank: selection?.rank ?? null,
    probability: selection?.probability ?? null,
    recency: selection ? step - selection.entry.createdStep : null,
  };
}

function completionRecord(group: Group, credit: Credit, index: number): CompletionRecord {
  const { tokens, logprobs, truncated } = group.completions[index]!;
  const { quality, solved, valid, feedback } = group.grades[index]!;
  return {
    tokens,
    logprobs: Array.from(logprobs),
    truncated,
    quality,
    solved,
    valid,
    feedback,
    reward: group.returns[index]!,
    baseAdvantage: credit.base[index]!,
    advantage: credit.final[index]!,
    diversity: group.diversity[index]!,
    insertedAs: group.insertedAs[index]!,
  };
}
