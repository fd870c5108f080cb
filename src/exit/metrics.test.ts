import { describe, expect, it } from 'vitest';
import { DEPTH_BINS, METRIC_IDS } from '../schema/metrics.ts';
import type { MetricId, MetricRow } from '../schema/metrics.ts';
import type { Mode } from '../tasks/task.ts';
import { metricsRow } from './metrics.ts';
import type { StepFacts } from './metrics.ts';
import type { CompletionRecord, GroupRecord } from '../schema/records.ts';
import { createLab } from './testing/lab.ts';
import { twoDials } from './testing/tasks.ts';

function completion(quality: number, reward: number, word: string): CompletionRecord {
  return {
    tokens: [word],
    logprobs: [-1, -1],
    truncated: quality === 0,
    quality,
    solved: quality === 1,
    valid: quality > 0,
    feedback: [],
    reward,
    baseAdvantage: 0,
    advantage: 0,
    diversity: 1,
    insertedAs: null,
  };
}

function group(depth: number, mode: Mode, completions: CompletionRecord[]): GroupRecord {
  const isFresh = depth === 0;
  return {
    start: {
      instance: 0,
      taskId: 0,
      historyId: isFresh ? null : 5,
      turn: 0,
      depth,
      mode,
      source: isFresh ? 'fresh' : 'buffer',
      earlier: [],
      latest: isFresh ? null : { tokens: [], feedback: [], quality: 0.25 },
      score: null,
      rank: null,
      probability: null,
      recency: isFresh ? null : depth * 2,
    },
    prompt: ['<bos>', 'a', 'solve'],
    completions,
    learnability: depth / 100,
  };
}

const EMPTY: StepFacts['buffer'] = {
  ...{ size: 0, score: 0, squaredScore: 0, createdStep: 0, depth: 0 },
  ...{ quality: 0, solvable: 0 },
};

const FACTS: StepFacts = {
  step: 3,
  groups: [
    group(0, 'solve', [completion(0, 0, 'a'), completion(1, 1, 'b')]),
    group(2, 'improve', [completion(0.5, 0.5, 'a'), completion(0.5, 0.5, 'a')]),
    group(7, 'diverge', [completion(0.25, 0, 'a'), completion(0.75, 0.5, 'c')]),
  ],
  distances: [1, 0, 0.5],
  solvable: [true, true, false],
  // As starts were chosen: four histories.
  hard: null,
  selectedFrom: {
    ...{ size: 4, score: 0.4, squaredScore: 0.04, createdStep: 4, depth: 8 },
    ...{ quality: 2, solvable: 1 },
  },
  buffer: EMPTY,
  inserted: 4,
  evicted: 1,
  isUndone: false,
  update: {
    loss: 0.1,
    kl: 0.2,
    entropy: 0.3,
    clipRatioLow: 0.01,
    clipRatioHigh: 0.02,
    clipRatioRegion: 0.03,
    gradNorm: 0.9,
  },
  klMeasured: true,
  learningRate: 0.001,
  tokensSampled: 48,
  tokensTrained: 36,
  times: { curriculum: 1, sample: 100, grade: 20, update: 60, step: 200 },
};

describe('metricsRow', () => {
  it('is measured on the groups', () => {
    const expected: Partial<Record<MetricId, number>> = {
      'start_depth/mean': 3,
      'start_depth/max': 7,
      'start_depth/share_2': 1 / 3,
      'start_depth/share_5_8': 1 / 3,
      'start_depth/share_9_up': 0,
      'recency/mean': 9,
      'recency/max': 14,
      'share/fresh': 1 / 3,
      'share/improve': 1 / 3,
      'share/diverge': 1 / 3,
      'buffer/inserted': 4,
      'buffer/evicted': 1,
      'learnability/mean': 0.03,
      'learnability/selected': 0.045,
      'learnability/fresh': 0,
      frac_reward_zero_std: 1 / 3,
      'diversity/distinct': 2.5 / 3,
      'diversity/distance': 0.5,
      reward: 2.5 / 6,
      reward_std: (Math.SQRT1_2 + 0 + Math.SQRT1_2 / 2) / 3,
      'reward/solve': 0.5,
      'reward/improve': 0.5,
      'reward/diverge': 0.25,
      'quality/mean': 0.5,
      'quality/gain': 0.25,
      'quality/solved': 1 / 6,
      'quality/valid': 5 / 6,
      kl: 0.2,
      'clip_ratio/region_mean': 0.03,
      'clip_ratio/low_mean': 0.01,
      'clip_ratio/high_mean': 0.02,
      'completions/mean_length': 2,
      'completions/clipped_ratio': 1 / 6,
      num_tokens: 36,
      num_tokens_sampled: 48,
      'selected/zero_variance': 1 / 2,
      'selected/solvable': 1 / 2,
      'selected_minus_uniform/depth': 4.5 - 2,
      'selected_minus_uniform/recency': 9 - 2,
      'selected_minus_uniform/learnability': 0 - 0.1,
      'selected_minus_uniform/quality': 0.25 - 0.5,
      'selected_minus_uniform/solvable': 0.5 - 0.25,
      tokens_per_second: 150,
      step_time: 200,
      'time/update': 60,
    };
    const row = metricsRow(FACTS);
    for (const [id, value] of Object.entries(expected)) {
      expect(row[id as MetricId], id).toBeCloseTo(value, 12);
    }
  });

  it('sums the buffer up', () => {
    // Two histories: scores 0.1 and 0.2, created in steps 1 and 2, depths 1 and 4.
    const buffer = { ...EMPTY, size: 2, score: 0.3, squaredScore: 0.05, createdStep: 3, depth: 5 };
    const row = metricsRow({ ...FACTS, buffer });
    expect(row['buffer/size']).toBe(2);
    expect(row['buffer/score_mean']).toBeCloseTo(0.15, 12);
    expect(row['buffer/score_std']).toBeCloseTo(0.05, 12);
    expect(row['buffer/age_mean']).toBe(1.5);
    expect(row['buffer/depth_mean']).toBe(2.5);
  });

  it('correlates the scores that starts were chosen by with what their groups had', () => {
    const scored = FACTS.groups.slice(1).map((one, i) => ({
      ...one,
      start: { ...one.start, score: 0.2 - i / 10 },
    }));
    const row = metricsRow({ ...FACTS, groups: scored, solvable: [true, true] });
    expect(row['selected/score_correlation']).toBeCloseTo(-1, 12);
  });

  it('knows no loss where no group was left to learn from', () => {
    const row = metricsRow({ ...FACTS, update: null });
    expect(row).not.toHaveProperty('loss');
    expect(row).not.toHaveProperty('grad_norm');
    expect(row.learning_rate).toBe(0.001);
  });

  it('leaves out what was not measured', () => {
    const times = { curriculum: 0, sample: 0, grade: 0, update: 0, step: 0 };
    const row = metricsRow({
      ...FACTS,
      groups: FACTS.groups.slice(0, 1),
      klMeasured: false,
      times,
    });
    const absent: MetricId[] = [
      'recency/mean',
      'recency/max',
      'learnability/selected',
      'selected/zero_variance',
      'selected/score_correlation',
      'selected_minus_uniform/depth',
      'reward/improve',
      'reward/diverge',
      'quality/gain',
      'buffer/score_mean',
      'buffer/age_mean',
      'kl',
      'tokens_per_second',
    ];
    for (const id of absent) expect(row, id).not.toHaveProperty([id]);
  });

  it('counts attempts at hard tasks, and those of them that are paid', () => {
    const row = metricsRow({ ...FACTS, hard: [true, false, true] });
    expect(row).toMatchObject({ 'hard/attempts': 4, 'hard/paid': 1 });
    expect(metricsRow({ ...FACTS, hard: [false, false, false] })).toMatchObject({
      'hard/attempts': 0,
      'hard/paid': 0,
    });
    expect(metricsRow(FACTS)).not.toHaveProperty(['hard/attempts']);
  });

  it('holds every metric of a step but those that the session adds, all of them numbers', async () => {
    const config = { klBeta: 0.1, divergeProbability: 0.5, hardShare: 0.1 };
    const lab = createLab({ problem: twoDials, config });
    const { policy } = lab.context;
    const update = policy.update.bind(policy);
    let calls = 0;
    // One that is undone, so that it is counted.
    policy.update = async (...args) => ({
      ...(await update(...args)),
      ...(++calls === 5 && { loss: NaN }),
    });
    const rows: MetricRow[] = (await lab.run(12)).map(({ metrics }) => metrics);
    const seen = new Set(rows.flatMap((row) => Object.keys(row)));
    const own = METRIC_IDS.filter((id) => !/^(eval|memory)\/|^time\/eval$/.test(id));
    expect(seen).toEqual(new Set(['step', ...own]));
    for (const row of rows) {
      for (const [id, value] of Object.entries(row)) expect(value, id).toSatisfy(Number.isFinite);
      const bins = DEPTH_BINS.reduce((sum, { id }) => sum + row[id]!, 0);
      expect(bins).toBeCloseTo(1, 9);
    }
  });
});
