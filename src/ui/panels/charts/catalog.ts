/** The charts over training steps: which metrics stand together, and why. */
import { DEPTH_BINS } from '../../../spec/metrics.ts';
import type { MetricId } from '../../../spec/metrics.ts';

export interface StepChartSpec {
  readonly title: string;
  readonly symbol?: string;
  readonly ids: readonly MetricId[];
  /** Whose help is the one-line explanation. */
  readonly explainedBy: MetricId;
  readonly stacked?: boolean;
}

export const CURRICULUM_CHARTS: readonly StepChartSpec[] = [
  {
    title: 'Start depth',
    symbol: 'k',
    ids: ['start_depth/mean', 'start_depth/max'],
    explainedBy: 'start_depth/mean',
  },
  {
    title: 'Share per depth',
    symbol: 'k',
    ids: DEPTH_BINS.map(({ id }) => id),
    explainedBy: 'start_depth/share_0',
    stacked: true,
  },
];

export const HELD_OUT_CHART: StepChartSpec = {
  title: 'Held-out quality over training',
  symbol: 'q',
  ids: [
    'eval/quality_16',
    'eval/quality_4',
    'eval/quality_1',
    'eval/quality_0',
    'eval/resample_best',
  ],
  explainedBy: 'eval/quality_16',
};

export const TRAINING_CHARTS: readonly StepChartSpec[] = [
  {
    title: 'Reward per mode',
    symbol: 'r',
    ids: ['reward/improve', 'reward/solve', 'reward/diverge'],
    explainedBy: 'reward/improve',
  },
  {
    title: 'Learnability',
    symbol: 'S',
    ids: ['learnability/mean', 'learnability/selected', 'learnability/fresh'],
    explainedBy: 'learnability/mean',
  },
  { title: 'Recency', ids: ['recency/mean', 'recency/max'], explainedBy: 'recency/mean' },
  {
    title: 'Diversity',
    ids: ['diversity/distinct', 'diversity/distance'],
    explainedBy: 'diversity/distinct',
  },
  { title: 'Entropy', ids: ['entropy'], explainedBy: 'entropy' },
  {
    title: 'Clipping and KL',
    ids: ['clip_ratio/region_mean', 'kl'],
    explainedBy: 'clip_ratio/region_mean',
  },
];
