/**
 * Exploratory Iteration over GRPO: algorithm 1 of Jiang, Lupu, Bachrach, "Bootstrapping Task Spaces for
 * Self-Improvement", arXiv 2509.04575, as a generator that yields one record per training step.
 *
 * What the paper leaves open here is a choice of ours, and named as such: its own p, capacity, minimum, κ,
 * p_div, KL weight, group size and learning rate are in no source we could read, so no default is "the
 * paper's".
 *
 * Departures in selection:
 * - All starts of a step are chosen before the first completion is sampled, from the buffer as it stood
 *   then, so that the policy samples once per step. Resampling of groups without variance adds a round
 *   of the same kind; the groups it replaces count in the buffer and the record, and are not trained on.
 * - An episode of several turns therefore advances by one turn per step: where a fresh start is due,
 *   the episode that has waited longest takes its next turn, and a new base task is drawn when none
 *   waits. With one turn per task this is the paper.
 * - Scores are divided by the largest one before κ multiplies them, and a share u of selections is
 *   uniform (`priorityScale`, `uniformShare`): at κ = 2 and u = 0.5 the best history is drawn about three
 *   times as often as a worthless one. Raw scores and u = 0 are the paper.
 * - A history retires after `maxUses` selections, 3 in every preset; 0 is the paper. Rank priority,
 *   staleness, decay and the choice of who is evicted are options beyond it.
 * - With `bufferContent: 'base'` the starts themselves are stored instead of children (Curriculum).
 *
 * Departures in scores and children:
 * - S has the scale of the reward: under graded quality a nearly solved start has a small S.
 *   `scoreForm` takes S of the share of the gap closed, or of better-or-not, instead; returns are
 *   brought to [0, 1] first, which changes S for the reward `delta` only.
 * - A child that cannot improve is kept with probability `solvedShare` and begins with the share
 *   `solvedChildScore` of its parent's S; an exact duplicate is never kept.
 *
 * Departures in the update:
 * - An entropy bonus (`entropyCoefficient`), which acts on groups without variance too unless
 *   `zeroVarianceGroups` says otherwise.
 * - DAPO's token-mean loss with its higher clip above (0.28) by default.
 * - β = 0: the reference stays as it was, and neither KL nor the reference update runs, by default.
 * - The bonus multiplies advantages by 1 − λ + λ·d, and positive ones alone (`diversityOn`); λ = 1 on
 *   all advantages is the paper.
 */
import type { UpdateStats } from '../model/policy.ts';
import type { Config } from '../schema/params.ts';
import { advantages, groupsOf, hasZeroVariance } from './advantage.ts';
import { decayScores, openBuffer, setContent, evict, sumUp } from './buffer.ts';
import { withBonus } from './diversity.ts';
import { groupRecord, rollOutGroups } from './group.ts';
import type { Credit, Group } from './group.ts';
import { metricsRow } from './metrics.ts';
import { epochOrders, learningRateAt, updateBatch, updateOptions } from './grpo-batch.ts';
import type { Json } from '../schema/columns.ts';
import type { StepRecord } from '../schema/records.ts';
import { chooseStarts, continueEpisode, updateBuffer } from './starts.ts';
import { closeStep, openStep } from './state.ts';
import type { ExitContext, ExitState, Step } from './state.ts';

export { createExitState } from './state.ts';
export type { ExitContext, ExitState } from './state.ts';

/**
 * Trains without end; the caller pulls the next step, or does not. `state` advances with every step and
 * is consistent whenever the generator waits at a `yield`.
 */
export async function* exit(context: ExitContext, state: ExitState): AsyncGenerator<StepRecord> {
  const { task } = context;
  const buffer = openBuffer(state.buffer, (instance) => task.kindOf?.(instance) !== 'unsolvable');
  for (;;) yield await train(openStep(context, state, buffer));
}

async function train(step: Step): Promise<StepRecord> {
  const { config, context, buffer, rng, watch } = step;
  const isHard = (instance: Json): boolean => context.task.isHard?.(instance) ?? false;
  const firstNewId = buffer.state.nextId;
  watch.timeNow('curriculum', () => {
    setContent(buffer, config.bufferContent);
    decayScores(buffer, config.scoreDecay);
  });

  const before = sumUp(buffer);
  const { sampled, batch } = await collectGroups(step);
  watch.timeNow('curriculum', () => evict(buffer, config, rng.evict));
  const evictedIds = buffer.evictedIds.splice(0);

  const credits = assignCredit(batch, config);
  const learningRate = learningRateAt(step.number, step.state.tokensSampled, config);
  const trained = config.zeroVarianceGroups === 'drop' ? batch.filter(hasVariance) : batch;
  const update = await learn(step, { batch: trained, credits, learningRate });
  closeStep(step, { sampled: completionTokens(sampled), trained: completionTokens(trained) });

  const groups = sampled.map((group) =>
    groupRecord(group, credits.get(group) ?? noCredit(group), step.number),
  );
  const metrics = metricsRow({
    step: step.number,
    groups,
    distances: sampled.map(({ distance }) => distance),
    solvable: sampled.map(({ start }) => buffer.isSolvable(start.instance)),
    hard: config.hardShare > 0 ? sampled.map(({ start }) => isHard(start.instance)) : null,
    selectedFrom: before,
    buffer: sumUp(buffer),
    inserted: buffer.state.nextId - firstNewId,
    evicted: evictedIds.length,
    update: update === 'undone' ? null : update,
    isUndone: update === 'undone',
    klMeasured: config.klBeta > 0,
    learningRate,
    tokensSampled: step.state.tokensSampled,
    tokensTrained: step.state.tokensTrained,
    times: step.watch.read(),
  });
  return { step: step.number, groups, metrics, evictedIds };
}

function hasVariance({ returns }: Group): boolean {
  return !hasZeroVariance(returns);
}

/** All groups sampled, and those trained on: ones without variance are replaced by new ones, for some rounds. */
async function collectGroups(step: Step): Promise<{ sampled: Group[]; batch: Group[] }> {
  const { context, config, rng, watch } = step;
  const sampled: Group[] = [];
  let batch: Group[] = [];
  for (let round = 0; round <= config.resampleZeroStd; round++) {
    batch = batch.filter(hasVariance);
    if (batch.length === config.batchGroups) break;
    const wanted = config.batchGroups - batch.length;
    const starts = watch.timeNow('curriculum', () => chooseStarts(step, wanted));
    const groups = await rollOutGroups(context, starts, { ...step, rng: rng.sample });
    watch.timeNow('curriculum', () => {
      for (const group of groups) {
        updateBuffer(step, group);
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

/** A group without variance that was replaced: nothing was learned from it. */
function noCredit({ returns }: Group): Credit {
  const zeros = returns.map(() => 0);
  return { base: zeros, final: zeros };
}

/**
 * θ ← GRPO update; every M steps θ_ref ← α·θ_ref + (1 − α)·θ. Null where there was nothing to learn from.
 * An update that is not finite is undone: the policy stays as it was, the reference with it.
 */
async function learn(
  { context, config, number, rng, watch }: Step,
  {
    batch,
    credits,
    learningRate,
  }: { batch: readonly Group[]; credits: Map<Group, Credit>; learningRate: number },
): Promise<UpdateStats | 'undone' | null> {
  if (batch.length === 0) return null;
  const rows = updateBatch(
    batch.map((group) => ({
      prompt: context.tokenizer.encode(group.prompt),
      completions: group.completions,
      advantages: credits.get(group)!.final,
    })),
  );
  const options = updateOptions(withEntropyShare(config, batch), {
    learningRate,
    maxCompletionLength: context.task.maxCompletionTokens,
    epochs: epochOrders(rows.prompts.length, config.innerEpochs, rng.shuffle),
  });
  return watch.time('update', async () => {
    const before = await context.policy.save('trained');
    const stats = await context.policy.update(rows, options);
    if (!isFiniteUpdate(stats)) {
      await context.policy.load(before);
      return 'undone';
    }
    const { referenceEvery, referenceMix } = config;
    if (referenceEvery > 0 && number % referenceEvery === 0) {
      await context.policy.updateReference(referenceMix);
    }
    return stats;
  });
}

/** A gradient above it has squares that float32 cannot hold, and AdamW's second moment is made of them. */
const MOST_GRADIENT = 1e18;

function isFiniteUpdate({ loss, kl, entropy, gradNorm }: UpdateStats): boolean {
  return [loss, kl, entropy, gradNorm].every(Number.isFinite) && gradNorm < MOST_GRADIENT;
}

/** The entropy bonus of a batch whose flat groups shall not carry it. */
function withEntropyShare(config: Config, batch: readonly Group[]): Config {
  if (config.zeroVarianceGroups !== 'scale_entropy') return config;
  const share = batch.filter(hasVariance).length / batch.length;
  return { ...config, entropyCoefficient: share * config.entropyCoefficient };
}

function completionTokens(groups: readonly Group[]): number {
  return groups
    .flatMap(({ completions }) => completions)
    .reduce((sum, { ids }) => sum + ids.length, 0);
}
