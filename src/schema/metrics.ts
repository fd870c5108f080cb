/**
 * Everything that is plotted or logged, declared once. Where TRL logs a value, its name is TRL's.
 * A metric that is not declared here does not compile.
 */

export const METRIC_GROUPS = [
  'curriculum',
  'learnability',
  'diversity',
  'reward',
  'policy',
  'heldout',
  'speed',
] as const;
export type MetricGroup = (typeof METRIC_GROUPS)[number];

export interface Metric {
  readonly label: string;
  readonly symbol?: string;
  readonly unit?: string;
  readonly group: MetricGroup;
  readonly scale: 'linear' | 'log';
  /** Fixed bounds of the axis, where the quantity has them. */
  readonly domain?: readonly [number, number];
  /** How several steps become one bucket of a chart. */
  readonly aggregate: 'mean' | 'max' | 'last' | 'sum';
  /** Depends on the clock, so two runs of one seed may differ in it. */
  readonly timing?: true;
  /** What it means and when to worry. */
  readonly help: string;
}

export const METRICS = {
  // ---- curriculum
  'start_depth/mean': {
    label: 'Start depth, mean',
    symbol: 'k',
    group: 'curriculum',
    scale: 'linear',
    aggregate: 'mean',
    help: 'Mean number of self-iterations behind the starts trained on. It rises under uniform replay too: read it beside the Uniform control.',
  },
  'start_depth/max': {
    label: 'Start depth, deepest',
    symbol: 'k',
    group: 'curriculum',
    scale: 'linear',
    aggregate: 'max',
    help: 'Deepest start trained on in this step.',
  },
  'start_depth/share_0': {
    label: 'Depth 0',
    group: 'curriculum',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'mean',
    help: 'Share of starts with no earlier attempt.',
  },
  'start_depth/share_1': {
    label: 'Depth 1',
    group: 'curriculum',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'mean',
    help: 'Share of starts one self-iteration deep.',
  },
  'start_depth/share_2': {
    label: 'Depth 2',
    group: 'curriculum',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'mean',
    help: 'Share of starts two self-iterations deep.',
  },
  'start_depth/share_3': {
    label: 'Depth 3',
    group: 'curriculum',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'mean',
    help: 'Share of starts three self-iterations deep.',
  },
  'start_depth/share_4': {
    label: 'Depth 4',
    group: 'curriculum',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'mean',
    help: 'Share of starts four self-iterations deep.',
  },
  'start_depth/share_5_8': {
    label: 'Depth 5–8',
    group: 'curriculum',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'mean',
    help: 'Share of starts five to eight self-iterations deep.',
  },
  'start_depth/share_9_up': {
    label: 'Depth 9+',
    group: 'curriculum',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'mean',
    help: 'Share of starts nine or more self-iterations deep.',
  },
  'recency/mean': {
    label: 'Recency, mean',
    unit: 'steps',
    group: 'curriculum',
    scale: 'linear',
    aggregate: 'mean',
    help: 'Steps since the selected histories were created. Low means the curriculum follows the newest attempts.',
  },
  'recency/max': {
    label: 'Recency, oldest',
    unit: 'steps',
    group: 'curriculum',
    scale: 'linear',
    aggregate: 'max',
    help: 'Age of the oldest history selected in this step.',
  },
  'buffer/size': {
    label: 'Buffer size',
    group: 'curriculum',
    scale: 'linear',
    aggregate: 'last',
    help: 'Histories kept.',
  },
  'buffer/score_mean': {
    label: 'Buffer score, mean',
    symbol: 'S',
    group: 'curriculum',
    scale: 'linear',
    domain: [0, 0.25],
    aggregate: 'last',
    help: 'Mean learnability of the histories kept.',
  },
  'buffer/score_std': {
    label: 'Buffer score, spread',
    group: 'curriculum',
    scale: 'linear',
    aggregate: 'last',
    help: 'Standard deviation of the scores kept. Near 0, priority has nothing to prefer.',
  },
  'buffer/age_mean': {
    label: 'Buffer age, mean',
    unit: 'steps',
    group: 'curriculum',
    scale: 'linear',
    aggregate: 'last',
    help: 'Mean steps since the histories kept were created.',
  },
  'buffer/depth_mean': {
    label: 'Buffer depth, mean',
    group: 'curriculum',
    scale: 'linear',
    aggregate: 'last',
    help: 'Mean depth of the histories kept.',
  },
  'buffer/inserted': {
    label: 'Histories inserted',
    group: 'curriculum',
    scale: 'linear',
    aggregate: 'sum',
    help: 'New histories in this step.',
  },
  'buffer/evicted': {
    label: 'Histories evicted',
    group: 'curriculum',
    scale: 'linear',
    aggregate: 'sum',
    help: 'Histories that left in this step, retired ones included.',
  },
  'share/fresh': {
    label: 'Fresh starts',
    group: 'curriculum',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'mean',
    help: 'Share of starts that are fresh tasks.',
  },
  'share/improve': {
    label: 'Improve starts',
    group: 'curriculum',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'mean',
    help: 'Share of starts continued by a self-improvement step.',
  },
  'share/diverge': {
    label: 'Diverge starts',
    group: 'curriculum',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'mean',
    help: 'Share of starts continued by a self-divergence step.',
  },
  // ---- learnability
  'learnability/mean': {
    label: 'Learnability, mean',
    symbol: 'S',
    group: 'learnability',
    scale: 'linear',
    domain: [0, 0.25],
    aggregate: 'mean',
    help: 'Mean variance of the returns inside the groups of this step. At 0 there is nothing to learn.',
  },
  'learnability/selected': {
    label: 'Learnability, from the buffer',
    symbol: 'S',
    group: 'learnability',
    scale: 'linear',
    domain: [0, 0.25],
    aggregate: 'mean',
    help: 'The same over starts from the buffer only.',
  },
  'learnability/fresh': {
    label: 'Learnability, fresh',
    symbol: 'S',
    group: 'learnability',
    scale: 'linear',
    domain: [0, 0.25],
    aggregate: 'mean',
    help: 'The same over fresh starts only.',
  },
  frac_reward_zero_std: {
    label: 'Flat groups',
    group: 'learnability',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'mean',
    help: 'Share of groups whose returns are all equal: they bring no gradient.',
  },
  // ---- diversity
  'diversity/distinct': {
    label: 'Distinct attempts',
    group: 'diversity',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'mean',
    help: 'Distinct completions per group, as a share of the group. Falling towards 1/G is collapse.',
  },
  'diversity/distance': {
    label: 'Embedding distance',
    symbol: 'ℓ',
    group: 'diversity',
    scale: 'linear',
    aggregate: 'mean',
    help: 'Mean pairwise embedding distance inside the groups.',
  },
  // ---- reward
  reward: {
    label: 'Reward',
    symbol: 'r',
    group: 'reward',
    scale: 'linear',
    aggregate: 'mean',
    help: 'Mean return over all completions.',
  },
  reward_std: {
    label: 'Reward std',
    group: 'reward',
    scale: 'linear',
    aggregate: 'mean',
    help: 'Mean standard deviation of the returns inside the groups.',
  },
  'reward/solve': {
    label: 'Reward, solve',
    group: 'reward',
    scale: 'linear',
    aggregate: 'mean',
    help: 'Mean return of first attempts.',
  },
  'reward/improve': {
    label: 'Reward, improve',
    group: 'reward',
    scale: 'linear',
    aggregate: 'mean',
    help: 'Mean return of self-improvement steps.',
  },
  'reward/diverge': {
    label: 'Reward, diverge',
    group: 'reward',
    scale: 'linear',
    aggregate: 'mean',
    help: 'Mean return of self-divergence steps.',
  },
  'quality/mean': {
    label: 'Quality',
    symbol: 'q',
    group: 'reward',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'mean',
    help: 'Mean quality of all completions trained on.',
  },
  'quality/gain': {
    label: 'Quality gained',
    symbol: 'Δq',
    group: 'reward',
    scale: 'linear',
    aggregate: 'mean',
    help: 'Mean quality gained by a self-iteration step over the attempt that it read. At 0 revising does not help.',
  },
  'quality/solved': {
    label: 'Solved',
    group: 'reward',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'mean',
    help: 'Share of completions that solve their task.',
  },
  'quality/valid': {
    label: 'Well-formed',
    group: 'reward',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'mean',
    help: "Share of completions in the domain's format.",
  },
  // ---- policy
  loss: {
    label: 'Loss',
    group: 'policy',
    scale: 'linear',
    aggregate: 'mean',
    help: 'GRPO loss; near 0 by construction, so its level says little.',
  },
  entropy: {
    label: 'Entropy',
    unit: 'nats',
    group: 'policy',
    scale: 'linear',
    aggregate: 'mean',
    help: 'Mean entropy of the token distribution. Near 0 the policy has stopped exploring.',
  },
  kl: {
    label: 'KL to reference',
    unit: 'nats',
    group: 'policy',
    scale: 'linear',
    aggregate: 'mean',
    help: 'k3 estimate; measured only when its weight β is above 0.',
  },
  'clip_ratio/region_mean': {
    label: 'Clipped',
    group: 'policy',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'mean',
    help: 'Share of ratios that the clip touched. A lasting share over 0.2 means the steps are too large.',
  },
  'clip_ratio/low_mean': {
    label: 'Clipped below',
    group: 'policy',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'mean',
    help: 'Share of ratios clipped below.',
  },
  'clip_ratio/high_mean': {
    label: 'Clipped above',
    group: 'policy',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'mean',
    help: 'Share of ratios clipped above.',
  },
  grad_norm: {
    label: 'Gradient norm',
    group: 'policy',
    scale: 'log',
    aggregate: 'mean',
    help: 'Global norm before clipping.',
  },
  learning_rate: {
    label: 'Learning rate',
    group: 'policy',
    scale: 'log',
    aggregate: 'last',
    help: 'After warm-up scaling.',
  },
  'completions/mean_length': {
    label: 'Completion length',
    unit: 'tokens',
    group: 'policy',
    scale: 'linear',
    aggregate: 'mean',
    help: 'Mean tokens per completion, end token included.',
  },
  'completions/clipped_ratio': {
    label: 'Truncated',
    group: 'policy',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'mean',
    help: 'Share of completions that ran out of length.',
  },
  // ---- held-out
  'eval/quality_0': {
    label: 'Held-out, k = 0',
    group: 'heldout',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'last',
    help: 'Mean quality of the first attempt on held-out tasks.',
  },
  'eval/quality_1': {
    label: 'Held-out, k = 1',
    group: 'heldout',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'last',
    help: 'After one self-improvement step.',
  },
  'eval/quality_2': {
    label: 'Held-out, k = 2',
    group: 'heldout',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'last',
    help: 'After two self-improvement steps.',
  },
  'eval/quality_4': {
    label: 'Held-out, k = 4',
    group: 'heldout',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'last',
    help: 'After four self-improvement steps.',
  },
  'eval/quality_8': {
    label: 'Held-out, k = 8',
    group: 'heldout',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'last',
    help: 'After eight self-improvement steps.',
  },
  'eval/quality_16': {
    label: 'Held-out, k = 16',
    group: 'heldout',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'last',
    help: 'After sixteen self-improvement steps, beyond the depth seen in training.',
  },
  'eval/solved_last': {
    label: 'Held-out solved',
    group: 'heldout',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'last',
    help: 'Share of held-out tasks whose last attempt is right.',
  },
  'eval/net_corrections': {
    label: 'Net corrections',
    unit: 'per 100',
    group: 'heldout',
    scale: 'linear',
    aggregate: 'last',
    help: 'Wrong to right minus right to wrong between the first and the last attempt, per hundred.',
  },
  'eval/resample_best': {
    label: 'Resampling control',
    group: 'heldout',
    scale: 'linear',
    domain: [0, 1],
    aggregate: 'last',
    help: 'Best of as many independent first attempts: what self-improvement has to beat.',
  },
  // ---- speed
  num_tokens: {
    label: 'Tokens trained',
    unit: 'tokens',
    group: 'speed',
    scale: 'linear',
    aggregate: 'last',
    help: 'Completion tokens trained on so far.',
  },
  tokens_per_second: {
    label: 'Tokens per second',
    unit: '1/s',
    group: 'speed',
    scale: 'linear',
    aggregate: 'mean',
    timing: true,
    help: 'Prompt and completion tokens of the step over its time.',
  },
  step_time: {
    label: 'Step',
    unit: 'ms',
    group: 'speed',
    scale: 'linear',
    aggregate: 'mean',
    timing: true,
    help: 'Whole training step, evaluation excluded.',
  },
  'time/curriculum': {
    label: 'Curriculum',
    unit: 'ms',
    group: 'speed',
    scale: 'linear',
    aggregate: 'mean',
    timing: true,
    help: 'Time spent choosing starts, and storing what came of them.',
  },
  'time/sample': {
    label: 'Sampling',
    unit: 'ms',
    group: 'speed',
    scale: 'linear',
    aggregate: 'mean',
    timing: true,
    help: 'Time spent sampling rollouts.',
  },
  'time/grade': {
    label: 'Grading',
    unit: 'ms',
    group: 'speed',
    scale: 'linear',
    aggregate: 'mean',
    timing: true,
    help: 'Time spent grading them.',
  },
  'time/update': {
    label: 'Updating',
    unit: 'ms',
    group: 'speed',
    scale: 'linear',
    aggregate: 'mean',
    timing: true,
    help: 'Time spent on the GRPO update.',
  },
  'time/eval': {
    label: 'Evaluating',
    unit: 'ms',
    group: 'speed',
    scale: 'linear',
    aggregate: 'mean',
    timing: true,
    help: 'Time of the held-out evaluation, where there was one.',
  },
  'memory/tensors': {
    label: 'Arrays',
    group: 'speed',
    scale: 'linear',
    aggregate: 'last',
    help: 'Arrays alive on the device after the step. It must not grow.',
  },
  'memory/bytes': {
    label: 'Device memory',
    unit: 'B',
    group: 'speed',
    scale: 'linear',
    aggregate: 'last',
    help: 'Bytes that the device holds for the policy, working memory included.',
  },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricId = keyof typeof METRICS;

export const METRIC_IDS = Object.keys(METRICS) as MetricId[];

export function metric(id: MetricId): Metric {
  return METRICS[id];
}

/** One training step's values; what was not measured is absent. */
export type MetricRow = { readonly step: number } & { readonly [K in MetricId]?: number };

/** Self-improvement steps at which held-out quality is reported. */
export const EVAL_POINTS = [0, 1, 2, 4, 8, 16] as const;

/** The bins of start depth, shallowest first. */
export const DEPTH_BINS = [
  { id: 'start_depth/share_0', from: 0, to: 0 },
  { id: 'start_depth/share_1', from: 1, to: 1 },
  { id: 'start_depth/share_2', from: 2, to: 2 },
  { id: 'start_depth/share_3', from: 3, to: 3 },
  { id: 'start_depth/share_4', from: 4, to: 4 },
  { id: 'start_depth/share_5_8', from: 5, to: 8 },
  { id: 'start_depth/share_9_up', from: 9, to: Infinity },
] as const satisfies readonly { id: MetricId; from: number; to: number }[];
