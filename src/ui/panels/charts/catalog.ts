/** The charts over training steps: which metrics stand together, and why. */
import { DEPTH_BINS, METRICS } from '../../../spec/metrics.ts';
import type { MetricId } from '../../../spec/metrics.ts';

export interface StepChartSpec {
  readonly title: string;
  readonly symbol?: string;
  readonly ids: readonly MetricId[];
  /** One line under the title: a metric's help, unless the metrics say something only together. */
  readonly explanation: string;
  readonly stacked?: boolean;
}

export const CURRICULUM_CHARTS: readonly StepChartSpec[] = [
  {
    title: 'Start depth',
    symbol: 'k',
    ids: ['start_depth/mean', 'start_depth/max'],
    explanation: METRICS['start_depth/mean'].help,
  },
  {
    title: 'Share per depth',
    symbol: 'k',
    ids: DEPTH_BINS.map(({ id }) => id),
    explanation:
      'How the starts of a step spread over depth, from fresh tasks at the bottom to long histories.',
    stacked: true,
  },
];

export const TRAINING_CHARTS: readonly StepChartSpec[] = [
  {
    title: 'Held-out quality over training',
    symbol: 'q',
    ids: [
      'eval/quality_16',
      'eval/quality_4',
      'eval/quality_1',
      'eval/quality_0',
      'eval/resample_best',
    ],
    explanation:
      'The last attempt after 0 to 16 self-improvement steps on the test split, from one evaluation to the next.',
  },
  {
    title: 'Reward per mode',
    symbol: 'r',
    ids: ['reward/improve', 'reward/solve', 'reward/diverge'],
    explanation: 'Mean return of first attempts, of self-improvement and of self-divergence steps.',
  },
  {
    title: 'Learnability',
    symbol: 'S',
    ids: ['learnability/mean', 'learnability/selected', 'learnability/fresh'],
    explanation: METRICS['learnability/mean'].help,
  },
  {
    title: 'Recency',
    ids: ['recency/mean', 'recency/max'],
    explanation: METRICS['recency/mean'].help,
  },
  {
    title: 'Diversity',
    ids: ['diversity/distinct', 'diversity/distance'],
    explanation: METRICS['diversity/distinct'].help,
  },
  { title: 'Entropy', ids: ['entropy'], explanation: METRICS.entropy.help },
  {
    title: 'Clipping and KL',
    ids: ['clip_ratio/region_mean', 'kl'],
    explanation: METRICS['clip_ratio/region_mean'].help,
  },
];
