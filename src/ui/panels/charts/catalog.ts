/** The charts over training steps: which metrics stand together, and why. */
import { DEPTH_BINS, METRIC_GROUPS, METRIC_IDS, METRICS, metric } from '../../../schema/metrics.ts';
import type { MetricGroup, MetricId } from '../../../schema/metrics.ts';

export interface StepChartSpec {
  readonly title: string;
  readonly symbol?: string | undefined;
  readonly ids: readonly MetricId[];
  /** One line under the title: a metric's help, unless the metrics say something only together. */
  readonly explanation: string;
  readonly stacked?: boolean;
}

/** On the page from the start, beside held-out quality: what is trained on, what it brings, what it costs. */
export const MAIN_CHARTS: readonly StepChartSpec[] = [
  {
    title: 'Start depth',
    symbol: 'k',
    ids: ['start_depth/mean', 'start_depth/max'],
    explanation: METRICS['start_depth/mean'].help,
  },
  {
    title: 'Reward per mode',
    symbol: 'r',
    ids: ['reward/improve', 'reward/solve', 'reward/diverge'],
    explanation: 'Mean return of first attempts, of self-improvement and of self-divergence steps.',
  },
  { title: 'Entropy', ids: ['entropy'], explanation: METRICS.entropy.help },
];

/** Metrics that say more side by side; first of their group in the gallery. */
const TOGETHER: Readonly<Partial<Record<MetricGroup, readonly StepChartSpec[]>>> = {
  curriculum: [
    {
      title: 'Share per depth',
      symbol: 'k',
      ids: DEPTH_BINS.map(({ id }) => id),
      explanation:
        'How the starts of a step spread over depth, from fresh tasks at the bottom to long histories.',
      stacked: true,
    },
    {
      title: 'Recency',
      ids: ['recency/mean', 'recency/max'],
      explanation: METRICS['recency/mean'].help,
    },
  ],
  learnability: [
    {
      title: 'Learnability',
      symbol: 'S',
      ids: ['learnability/mean', 'learnability/selected', 'learnability/fresh'],
      explanation: METRICS['learnability/mean'].help,
    },
  ],
  diversity: [
    {
      title: 'Diversity',
      ids: ['diversity/distinct', 'diversity/distance'],
      explanation: METRICS['diversity/distinct'].help,
    },
  ],
  policy: [
    {
      title: 'Clipping and KL',
      ids: ['clip_ratio/region_mean', 'kl'],
      explanation: METRICS['clip_ratio/region_mean'].help,
    },
  ],
  heldout: [
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
  ],
};

const GROUP_TITLES: { readonly [G in MetricGroup]: string } = {
  curriculum: 'Curriculum and buffer',
  learnability: 'Learnability',
  diversity: 'Diversity',
  reward: 'Reward and quality',
  policy: 'Policy and optimization',
  heldout: 'Held-out evaluation',
  speed: 'Speed and memory',
};

export interface GalleryGroup {
  readonly id: MetricGroup;
  readonly title: string;
  readonly charts: readonly StepChartSpec[];
}

/** Every metric that is declared, in its group and order, after the charts of several. */
export const GALLERY: readonly GalleryGroup[] = METRIC_GROUPS.map((id) => ({
  id,
  title: GROUP_TITLES[id],
  charts: [
    ...(TOGETHER[id] ?? []),
    ...METRIC_IDS.filter((of) => metric(of).group === id).map(chartOf),
  ],
}));

function chartOf(id: MetricId): StepChartSpec {
  const { label, symbol, help } = metric(id);
  return { title: label, symbol, ids: [id], explanation: help };
}

/** The groups and charts that hold all words of the query, in whatever they say or are called. */
export function search(groups: readonly GalleryGroup[], query: string): GalleryGroup[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (group: GalleryGroup, chart: StepChartSpec): boolean => {
    const text = searchable(group, chart);
    return words.every((word) => text.includes(word));
  };
  return groups
    .map((group) => ({ ...group, charts: group.charts.filter((one) => matches(group, one)) }))
    .filter(({ charts }) => charts.length > 0);
}

function searchable(group: GalleryGroup, { title, explanation, ids }: StepChartSpec): string {
  const metrics = ids.flatMap((id) => [id, metric(id).label, metric(id).symbol, metric(id).unit]);
  return [group.title, title, explanation, ...metrics].join(' ').toLowerCase();
}
