/** The metrics row of a training step. What was not measured is absent. */
import { mean, rankCorrelation, sampleStd } from '../base/statistics.ts';
import type { UpdateStats } from '../model/policy.ts';
import { DEPTH_BINS } from '../schema/metrics.ts';
import type { MetricId, MetricRow } from '../schema/metrics.ts';
import type { Mode } from '../tasks/task.ts';
import { hasZeroVariance } from './advantage.ts';
import type { BufferSums } from './buffer.ts';
import { distinctShare } from './diversity.ts';
import type { CompletionRecord, GroupRecord } from '../schema/records.ts';

export interface StepFacts {
  readonly step: number;
  /** All groups sampled in the step, those replaced by resampling included. */
  readonly groups: readonly GroupRecord[];
  /** Mean pairwise embedding distance of each group. */
  readonly distances: readonly number[];
  /** Whether each group's base task can be solved at all. */
  readonly solvable: readonly boolean[];
  /** Whether each group's base task is paid only when wholly solved; null where none can be. */
  readonly hard: readonly boolean[] | null;
  /** The buffer as starts were chosen from it. */
  readonly selectedFrom: BufferSums;
  /** As it stands at the end of the step. */
  readonly buffer: BufferSums;
  readonly inserted: number;
  readonly evicted: number;
  /** Null where no group was left to learn from, and where the update was undone. */
  readonly update: UpdateStats | null;
  /** The update was not finite. */
  readonly isUndone: boolean;
  /** Whether the policy estimated the KL to its reference. */
  readonly klMeasured: boolean;
  readonly learningRate: number;
  /** Completion tokens since the beginning of the run. */
  readonly tokensSampled: number;
  readonly tokensTrained: number;
  /** Milliseconds. */
  readonly times: {
    readonly curriculum: number;
    readonly sample: number;
    readonly grade: number;
    readonly update: number;
    readonly step: number;
  };
}

type Values = { readonly [K in MetricId]?: number };

export function metricsRow(facts: StepFacts): MetricRow {
  return {
    step: facts.step,
    ...curriculumMetrics(facts),
    ...bufferMetrics(facts),
    ...learnabilityMetrics(facts),
    ...selectionMetrics(facts),
    ...rewardMetrics(facts.groups),
    ...hardMetrics(facts),
    ...policyMetrics(facts),
    ...speedMetrics(facts),
  };
}

function curriculumMetrics({ groups }: StepFacts): Values {
  const depths = groups.map((group) => group.start.depth);
  const ages = groups.flatMap(({ start }) => (start.recency === null ? [] : [start.recency]));
  const bins = DEPTH_BINS.map(({ id, from, to }) => [
    id,
    share(depths, (depth) => depth >= from && depth <= to),
  ]);
  return {
    'start_depth/mean': mean(depths),
    'start_depth/max': Math.max(...depths),
    ...(Object.fromEntries(bins) as Values),
    ...measured('recency/mean', ages, mean),
    ...measured('recency/max', ages, (values) => Math.max(...values)),
    'share/fresh': share(groups, ({ start }) => start.source === 'fresh'),
    'share/improve': share(groups, ({ start }) => start.mode === 'improve'),
    'share/diverge': share(groups, ({ start }) => start.mode === 'diverge'),
  };
}

function bufferMetrics({ step, buffer, inserted, evicted }: StepFacts): Values {
  const { size } = buffer;
  const counts = {
    'buffer/size': size,
    'buffer/inserted': inserted,
    'buffer/evicted': evicted,
  };
  if (size === 0) return counts;
  const scoreMean = buffer.score / size;
  return {
    ...counts,
    'buffer/score_mean': scoreMean,
    'buffer/score_std': Math.sqrt(Math.max(0, buffer.squaredScore / size - scoreMean ** 2)),
    'buffer/age_mean': step - buffer.createdStep / size,
    'buffer/depth_mean': buffer.depth / size,
  };
}

function learnabilityMetrics({ groups, distances }: StepFacts): Values {
  const of = (source: 'fresh' | 'buffer'): number[] =>
    groups.filter(({ start }) => start.source === source).map((group) => group.learnability);
  return {
    'learnability/mean': mean(groups.map((group) => group.learnability)),
    ...measured('learnability/selected', of('buffer'), mean),
    ...measured('learnability/fresh', of('fresh'), mean),
    frac_reward_zero_std: share(groups, (group) => hasZeroVariance(returnsOf(group))),
    'diversity/distinct': mean(
      groups.map((group) => distinctShare(group.completions.map(({ tokens }) => tokens))),
    ),
    'diversity/distance': mean(distances),
  };
}

/** What choosing by priority chose, beside a uniform draw from the same buffer. */
function selectionMetrics({ step, groups, solvable, selectedFrom: from }: StepFacts): Values {
  const chosen = groups
    .map((group, g) => ({ ...group, solvable: solvable[g]! }))
    .filter(({ start }) => start.source === 'buffer');
  if (chosen.length === 0) return {};
  const excess = (of: (one: (typeof chosen)[number]) => number, uniform: number): number =>
    mean(chosen.map(of)) - uniform / from.size;
  const rho = rankCorrelation(
    chosen.map(({ start }) => start.score ?? 0),
    chosen.map(({ learnability }) => learnability),
  );
  return {
    'selected/zero_variance': share(chosen, (group) => hasZeroVariance(returnsOf(group))),
    'selected/solvable': share(chosen, (group) => group.solvable),
    ...(rho === undefined ? {} : { 'selected/score_correlation': rho }),
    'selected_minus_uniform/depth': excess(({ start }) => start.depth, from.depth),
    'selected_minus_uniform/recency':
      mean(chosen.map(({ start }) => start.recency ?? 0)) - (step - from.createdStep / from.size),
    'selected_minus_uniform/learnability': excess(({ start }) => start.score ?? 0, from.score),
    'selected_minus_uniform/quality': excess(
      ({ start }) => start.latest?.quality ?? 0,
      from.quality,
    ),
    'selected_minus_uniform/solvable': excess((one) => Number(one.solvable), from.solvable),
  };
}

function rewardMetrics(groups: readonly GroupRecord[]): Values {
  const completions = completionsOf(groups);
  const rewards = (mode: Mode): number[] =>
    groups.filter(({ start }) => start.mode === mode).flatMap(returnsOf);
  return {
    reward: mean(groups.flatMap(returnsOf)),
    reward_std: mean(groups.map((group) => sampleStd(returnsOf(group)))),
    ...measured('reward/solve', rewards('solve'), mean),
    ...measured('reward/improve', rewards('improve'), mean),
    ...measured('reward/diverge', rewards('diverge'), mean),
    'quality/mean': mean(completions.map(({ quality }) => quality)),
    ...measured('quality/gain', groups.flatMap(gainsOf), mean),
    'quality/solved': share(completions, ({ solved }) => solved),
    'quality/valid': share(completions, ({ valid }) => valid),
  };
}

function hardMetrics({ groups, hard }: StepFacts): Values {
  if (!hard) return {};
  const completions = completionsOf(groups.filter((_, g) => hard[g]));
  return {
    'hard/attempts': completions.length,
    'hard/paid': completions.filter(({ solved }) => solved).length,
  };
}

function policyMetrics({ groups, update, isUndone, klMeasured, learningRate }: StepFacts): Values {
  const completions = completionsOf(groups);
  return {
    ...(update && {
      loss: update.loss,
      entropy: update.entropy,
      ...(klMeasured ? { kl: update.kl } : {}),
      'clip_ratio/region_mean': update.clipRatioRegion,
      'clip_ratio/low_mean': update.clipRatioLow,
      'clip_ratio/high_mean': update.clipRatioHigh,
      grad_norm: update.gradNorm,
    }),
    ...(isUndone && { skipped_updates: 1 }),
    learning_rate: learningRate,
    'completions/mean_length': mean(completions.map(({ logprobs }) => logprobs.length)),
    'completions/clipped_ratio': share(completions, ({ truncated }) => truncated),
  };
}

function speedMetrics({ groups, tokensSampled, tokensTrained, times }: StepFacts): Values {
  const tokens = groups
    .flatMap(({ prompt, completions }) =>
      completions.map(({ logprobs }) => prompt.length + logprobs.length),
    )
    .reduce((sum, count) => sum + count, 0);
  return {
    num_tokens: tokensTrained,
    num_tokens_sampled: tokensSampled,
    ...(times.step > 0 ? { tokens_per_second: (1000 * tokens) / times.step } : {}),
    step_time: times.step,
    'time/curriculum': times.curriculum,
    'time/sample': times.sample,
    'time/grade': times.grade,
    'time/update': times.update,
  };
}

/** The metric, unless there is nothing to measure it on. */
function measured(
  id: MetricId,
  values: readonly number[],
  summary: (values: readonly number[]) => number,
): Values {
  return values.length > 0 ? { [id]: summary(values) } : {};
}

function share<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.filter(holds).length / items.length;
}

function completionsOf(groups: readonly GroupRecord[]): CompletionRecord[] {
  return groups.flatMap((group) => group.completions);
}

function returnsOf(group: GroupRecord): number[] {
  return group.completions.map(({ reward }) => reward);
}

/** Quality gained over the attempt that was read; nothing for first attempts. */
function gainsOf({ start: { latest }, completions }: GroupRecord): number[] {
  return latest === null ? [] : completions.map(({ quality }) => quality - latest.quality);
}
