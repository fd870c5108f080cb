/**
 * Exploratory Iteration over GRPO: algorithm 1 of Jiang, Lupu, Bachrach, "Bootstrapping Task Spaces for
 * Self-Improvement", arXiv 2509.04575, as a generator that yields one record per training step.
 *
 * Departures from the paper, all of them:
 * - All starts of a step are chosen before the first completion is sampled, from the buffer as it stood
 *   then, so that the policy samples once per step. Resampling of flat groups adds a round of the same
 *   kind; the groups it replaces count in the buffer and the record, and are not trained on.
 * - An episode of several turns therefore advances by one turn per step: where a fresh start is due,
 *   the episode that has waited longest takes its next turn, and a new base task is drawn when none
 *   waits. With one turn per task this is the paper.
 * - Scores are divided by the largest one before κ multiplies them, and a share u of selections is
 *   uniform (`priorityScale`, `uniformShare`); raw scores and u = 0 are the paper. Rank priority,
 *   staleness, retirement after `maxUses`, decay and the choice of who leaves are options beyond it.
 * - Returns are brought to [0, 1] before S is taken, which changes S for the reward `delta` only.
 * - A child that cannot improve is kept with probability `solvedShare`, an exact duplicate never.
 * - The bonus multiplies advantages by 1 − λ + λ·d, on request positive ones only; λ = 1 on all
 *   advantages is the paper.
 * - With `bufferContent: 'base'` the starts themselves are stored instead of children (Curriculum).
 */
import type { UpdateStats } from '../model/policy.ts';
import type { Config } from '../schema/params.ts';
import { advantages, groupsOf, isFlat } from './advantage.ts';
import { decayScores, openBuffer, setContent, settle, sumUp } from './buffer.ts';
import { withBonus } from './diversity.ts';
import { groupRecord, rollOutGroups } from './group.ts';
import type { Credit, Group } from './group.ts';
import { metricsRow } from './metrics.ts';
import { epochOrders, learningRateAt, updateBatch, updateOptions } from './optimize.ts';
import type { StepRecord } from '../schema/records.ts';
import { chooseStarts, continueEpisode, remember } from './starts.ts';
import { closeStep, openStep } from './state.ts';
import type { ExitContext, ExitState, Step } from './state.ts';

export { createExitState } from './state.ts';
export type { ExitContext, ExitState } from './state.ts';

/**
 * Trains without end; the caller pulls the next step, or does not. `state` advances with every step and
 * is consistent whenever the generator waits at a `yield`.
 */
export async function* exit(context: ExitContext, state: ExitState): AsyncGenerator<StepRecord> {
  const buffer = openBuffer(state.buffer);
  for (;;) yield await train(openStep(context, state, buffer));
}

async function train(step: Step): Promise<StepRecord> {
  const { config, buffer, rng, watch } = step;
  const firstNewId = buffer.state.nextId;
  watch.timeNow('curriculum', () => {
    setContent(buffer, config.bufferContent);
    decayScores(buffer, config.scoreDecay);
  });

  const { sampled, batch } = await collectGroups(step);
  watch.timeNow('curriculum', () => settle(buffer, config, rng.evict));
  const evictedIds = buffer.left.splice(0);

  const credits = assignCredit(batch, config);
  const learningRate = learningRateAt(step.number, config);
  const update = await learn(step, { batch, credits, learningRate });
  closeStep(step, completionTokens(batch));

  const groups = sampled.map((group) =>
    groupRecord(group, credits.get(group) ?? noCredit(group), step.number),
  );
  const metrics = metricsRow({
    step: step.number,
    groups,
    distances: sampled.map(({ distance }) => distance),
    buffer: sumUp(buffer),
    inserted: buffer.state.nextId - firstNewId,
    evicted: evictedIds.length,
    update,
    klMeasured: config.klBeta > 0,
    learningRate,
    tokensTrained: step.state.tokensTrained,
    times: step.watch.read(),
  });
  return { step: step.number, groups, metrics, evictedIds };
}

/** All groups sampled, and those trained on: flat ones make room for new ones, for some rounds. */
async function collectGroups(step: Step): Promise<{ sampled: Group[]; batch: Group[] }> {
  const { context, config, rng, watch } = step;
  const sampled: Group[] = [];
  let batch: Group[] = [];
  for (let round = 0; round <= config.resampleZeroStd; round++) {
    batch = batch.filter(({ returns }) => !isFlat(returns));
    if (batch.length === config.batchGroups) break;
    const wanted = config.batchGroups - batch.length;
    const starts = watch.timeNow('curriculum', () => chooseStarts(step, wanted));
    const groups = await rollOutGroups(context, starts, { ...step, rng: rng.sample });
    watch.timeNow('curriculum', () => {
      for (const group of groups) {
        remember(step, group);
        continueEpisode(step, group);
      }
    });
    batch.push(...groups);
    sampled.push(...groups);
  }
  return { sampled, batch };
}

/** A_i with the diversity bonus; scaling by batch needs all groups at once. */
function assignCredit(batch: readonly Group[], config: Config): Map<Group, Credit> {
  const returns = batch.flatMap((group) => group.returns);
  const bases = groupsOf(
    advantages(returns, config.groupSize, config.scaleRewards),
    config.groupSize,
  );
  return new Map(
    batch.map((group, g) => {
      const base = bases[g]!;
      const final = base.map((value, i) => withBonus(value, group.diversity[i]!, config));
      return [group, { base, final }];
    }),
  );
}

/** A flat group that was replaced: nothing was learned from it. */
function noCredit({ returns }: Group): Credit {
  const zeros = returns.map(() => 0);
  return { base: zeros, final: zeros };
}

/** θ ← GRPO update; every M steps θ_ref ← α·θ_ref + (1 − α)·θ. */
async function learn(
  { context, config, number, rng, watch }: Step,
  {
    batch,
    credits,
    learningRate,
  }: { batch: readonly Group[]; credits: Map<Group, Credit>; learningRate: number },
): Promise<UpdateStats> {
  const rows = updateBatch(
    batch.map((group) => ({
      prompt: context.tokenizer.encode(group.prompt),
      completions: group.completions,
      advantages: credits.get(group)!.final,
    })),
  );
  const options = updateOptions(config, {
    learningRate,
    maxCompletionLength: context.task.maxCompletionTokens,
    epochs: epochOrders(rows.prompts.length, config.innerEpochs, rng.shuffle),
  });
  return watch.time('update', async () => {
    const stats = await context.policy.update(rows, options);
    const { referenceEvery, referenceMix } = config;
    if (referenceEvery > 0 && number % referenceEvery === 0) {
      await context.policy.updateReference(referenceMix);
    }
    return stats;
  });
}

function completionTokens(groups: readonly Group[]): number {
  return groups
    .flatMap(({ completions }) => completions)
    .reduce((sum, { ids }) => sum + ids.length, 0);
}
