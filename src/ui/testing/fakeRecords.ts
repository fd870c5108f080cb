/** Test support: invented rows, steps and evaluations in the shape of what runs give. */
import type {
  CompletionRecord,
  Estimate,
  Evaluation,
  GroupRecord,
  StepRecord,
} from '../../schema/records.ts';
import { DEPTH_BINS, type MetricRow } from '../../schema/metrics.ts';

/** A fixed noise in [-1, 1] for a place in the run: the same page every time. */
export function noise(step: number, salt: number): number {
  const x = Math.sin(step * 12.9898 + salt * 78.233) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
}

/** How far training has come, from 0 to 1. */
function progress(step: number): number {
  return 1 - Math.exp(-step / 80);
}

export function fakeRow(step: number): MetricRow {
  const p = progress(step);
  const n = (salt: number): number => noise(step, salt);
  return {
    step,
    ...depthShares(step),
    'start_depth/mean': 0.4 + 2.4 * p + 0.25 * n(1),
    'start_depth/max': Math.round(1 + 9 * p + 1.5 * n(2)),
    'recency/mean': 2 + 7 * p + n(3),
    'recency/max': 5 + 20 * p + 4 * n(4),
    'buffer/size': Math.round(512 * p),
    'learnability/mean': 0.03 + 0.05 * p + 0.012 * n(5),
    'learnability/selected': 0.04 + 0.06 * p + 0.015 * n(6),
    'learnability/fresh': 0.03 + 0.02 * p + 0.012 * n(7),
    'diversity/distinct': 0.92 - 0.3 * p + 0.04 * n(8),
    'diversity/distance': 0.8 - 0.25 * p + 0.03 * n(9),
    'reward/solve': 0.31 + 0.03 * p + 0.03 * n(10),
    'reward/improve': 0.35 + 0.45 * p + 0.03 * n(11),
    ...(step % 3 === 0 ? {} : { 'reward/diverge': 0.3 + 0.3 * p + 0.06 * n(12) }),
    'quality/mean': 0.3 + 0.4 * p,
    entropy: 1.1 - 0.5 * p + 0.04 * n(13),
    kl: 0.02 * p,
    'clip_ratio/region_mean': 0.02 + 0.05 * p + 0.015 * n(14),
    num_tokens: step * 32 * 8 * 5,
    tokens_per_second: 5400 + 300 * n(15),
    step_time: 400,
  };
}

function depthShares(step: number): Record<string, number> {
  const p = progress(step);
  const weights = DEPTH_BINS.map(
    (_, i) => Math.exp(-i / (0.4 + 2.6 * p)) * (1 + 0.15 * noise(step, 20 + i)),
  );
  const total = weights.reduce((a, b) => a + b, 0);
  return Object.fromEntries(DEPTH_BINS.map(({ id }, i) => [id, weights[i]! / total]));
}

export function fakeEvaluation(step: number): Evaluation {
  const p = progress(step);
  const points = Array.from({ length: 17 }, (_, k) => k);
  const by = (curve: (k: number) => number, ci95: number): Estimate[] =>
    points.map((k) => ({ mean: curve(k), ci95 }));
  const quality = (k: number): number => 0.31 + (0.2 + 0.45 * p) * (1 - Math.exp(-k / 3));
  const resample = (k: number): number => 0.31 + 0.05 * Math.log2(k + 1);
  return {
    step,
    tasks: 64,
    samples: 1,
    depth: 16,
    trainedDepth: 0.4 + 2.4 * p,
    quality: by(quality, 0.045),
    solved: by((k) => quality(k) ** 2, 0.06),
    bestQuality: by((k) => quality(k) + 0.02, 0.04),
    bestSolved: by((k) => quality(k) ** 2 + 0.02, 0.06),
    netCorrections: { mean: 60 * p, ci95: 6 },
    distinct: { mean: 0.6 - 0.2 * p, ci95: 0.03 },
    resampleQuality: by(resample, 0.04),
    resampleSolved: by((k) => resample(k) ** 2, 0.04),
  };
}

export function fakeStep(step: number): StepRecord {
  const groups = Array.from({ length: GROUPS }, (_, i) => fakeGroup(step, i));
  return { step, groups, metrics: fakeRow(step), evictedIds: leaving(step) };
}

/** The oldest leave a buffer of a few hundred. */
function leaving(step: number): number[] {
  const from = step - 16;
  return from < 1 ? [] : Array.from({ length: GROUPS }, (_, i) => from * GROUPS + i);
}

const DIALS = 4;
const GROUPS = 32;
/** The completion of a group that becomes a history. */
const INSERTED = 3;

function fakeGroup(step: number, index: number): GroupRecord {
  const depth = index % 4;
  const task = Math.floor(index / 4);
  // A deeper start continues what a step not long ago inserted, one level up in the same task.
  const origin = step - 1 - Math.floor(6 * Math.abs(noise(step, index)) ** 2);
  const isFresh = depth === 0 || origin < depth;
  const latest = fakeAttempt(origin, index - 1, INSERTED);
  const completions = Array.from({ length: 8 }, (_, i) => fakeCompletion(step, index, i));
  const mean = completions.reduce((sum, { reward }) => sum + reward, 0) / completions.length;
  const variance =
    completions.reduce((sum, { reward }) => sum + (reward - mean) ** 2, 0) / completions.length;
  return {
    start: {
      instance: { descriptors: [task, (5 * task) % 16, 7], shifts: [0, 1, 0, 2] },
      taskId: task,
      historyId: isFresh ? null : origin * GROUPS + index - 1,
      turn: 0,
      depth: isFresh ? 0 : depth,
      mode: isFresh ? 'solve' : noise(step, 3 * index) > 0.6 ? 'diverge' : 'improve',
      source: isFresh ? 'fresh' : 'buffer',
      earlier: [],
      latest: isFresh ? null : latest,
      score: isFresh ? null : 0.12,
      rank: isFresh ? null : index,
      probability: isFresh ? null : 0.0123,
      recency: isFresh ? null : step - origin,
    },
    prompt: ['A3', 'B11', 'C0'],
    completions: index % 5 === 4 ? completions.map(() => completions[0]!) : completions,
    learnability: index % 5 === 4 ? 0 : variance,
  };
}

function fakeAttempt(step: number, group: number, i: number) {
  const draws = Array.from({ length: DIALS }, (_, dial) => noise(step, group * 31 + i * 7 + dial));
  const right = draws.map((draw) => draw > 0.1 - 0.5 * progress(step));
  const quality = right.filter(Boolean).length / DIALS;
  return {
    tokens: draws.map((draw) => `v${Math.floor(Math.abs(draw) * 3)}`),
    feedback: [...right.map((is) => (is ? '✓' : '✗')), `s${Math.floor(quality * 7)}`],
    quality,
  };
}

function fakeCompletion(step: number, group: number, i: number): CompletionRecord {
  const attempt = fakeAttempt(step, group, i);
  return {
    ...attempt,
    logprobs: attempt.tokens.map(() => -0.7),
    truncated: false,
    solved: attempt.quality === 1,
    valid: true,
    reward: attempt.quality,
    baseAdvantage: 2 * (attempt.quality - 0.5),
    advantage: 2.2 * (attempt.quality - 0.5),
    diversity: 0.4,
    insertedAs: i === INSERTED ? step * GROUPS + group : null,
  };
}
