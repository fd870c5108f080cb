import { describe, expect, it } from 'vitest';
import { analyse, tokensToReach } from './analysis.ts';
import { resultOf, smallPlan } from './experiment.testing.ts';
import { plots } from './plots.ts';
import type { JobResult } from './result.ts';
import { ticks } from './svg.ts';
import { markdown, metricsCsv, runsCsv, timingCsv } from './tables.ts';

const PLAN = smallPlan({
  seeds: { from: 1, count: 3 },
  targets: [0.5, 0.95],
  metrics: ['frac_reward_zero_std'],
});

/** ExIt is ahead of GRPO by 0.2 at the last budget and by nothing at the first; seeds differ by 0.05. */
const RESULTS: readonly JobResult[] = PLAN.jobs.map((job) => {
  const arm = job.label.startsWith('ExIt') ? 0.2 : 0;
  const at = (quality: number): number[] => [quality, quality + 0.1];
  const seed = 0.05 * job.spec.config.seed;
  return resultOf(job, [at(0.2 + seed), at(0.4 + seed + arm)]);
});

describe('analyse', () => {
  const { summaries, comparisons, prices } = analyse(PLAN, RESULTS);

  it('summarises each arm at each point and budget over its seeds', () => {
    expect(summaries).toHaveLength(8);
    const last = summaries.at(-2)!;
    expect(last).toMatchObject({
      arm: 'ExIt',
      setting: 'learningRate 0.003',
      split: 'test',
      budget: 3,
      seeds: 3,
      tokensSampled: 2000,
      tokensTrained: 1800,
      steps: 20,
    });
    // Seeds 0.70, 0.75 and 0.80: nothing is trimmed of three.
    expect(last.measures.quality!.value).toBeCloseTo(0.75, 12);
    expect(last.measures.quality!.interval!.low).toBeCloseTo(0.7, 12);
    expect(last.measures.quality!.interval!.high).toBeCloseTo(0.8, 12);
    expect(last.measures.firstQuality!.value).toBeCloseTo(0.375, 12);
    expect(last.byDepth.map(({ k }) => k)).toEqual([0, 2]);
    expect(last.measures).not.toHaveProperty('searchQuality');
    expect(last.metrics.frac_reward_zero_std!.value).toBe(0.25);
  });

  it('compares with the control seed by seed and task by task', () => {
    expect(comparisons.map(({ arm, budget }) => [arm, budget])).toEqual([
      ['ExIt', 1],
      ['ExIt', 1],
      ['ExIt', 3],
      ['ExIt', 3],
    ]);
    const [early, , late] = comparisons;
    expect(early!.seeds).toMatchObject({ difference: 0, wins: 1.5, pairs: 3 });
    expect(late!.seeds.difference).toBeCloseTo(0.2, 12);
    expect(late!.seeds.student!.low).toBeCloseTo(0.2, 12);
    expect(late!.tasks).toMatchObject({ wins: 6, pairs: 6 });
    expect(late!.probabilityOfImprovement.value).toBe(1);
    expect(early!.probabilityOfImprovement.value).toBe(0.5);
  });

  it('says what a quality costs, and where it is not reached', () => {
    const own = prices.filter(({ setting }) => setting === 'learningRate 0.001');
    const [exit, grpo, never] = own as [(typeof own)[0], (typeof own)[0], (typeof own)[0]];
    // From 0.35 at 1,000 tokens to 0.75 at 2,000, and to 0.55.
    expect(exit).toMatchObject({ arm: 'ExIt', target: 0.5, reached: 3, seeds: 3 });
    expect(exit.tokens).toBeCloseTo(1375, 6);
    expect(exit.median).toBeCloseTo(1375, 6);
    expect(grpo.tokens).toBeCloseTo(1750, 6);
    expect(never).toMatchObject({ target: 0.95, tokens: null, reached: 0, median: null });
    expect([exit.atMost, exit.medianAtMost, never.atMost]).toEqual([false, false, false]);
  });

  it('says "at most" of what the first judgement had reached already', () => {
    const plan = smallPlan({ seeds: { from: 1, count: 3 }, targets: [0.3] });
    // Seeds are at 0.3, 0.35 and 0.4 when they are first judged.
    const analysis = analyse(
      plan,
      RESULTS.map((result, i) => ({ ...result, id: plan.jobs[i]!.id })),
    );
    expect(analysis.prices).toHaveLength(4);
    for (const price of analysis.prices) {
      expect(price).toMatchObject({ tokens: 1000, atMost: true, median: 1000, medianAtMost: true });
    }
    expect(markdown(plan, analysis)).toContain(
      '| ExIt | 0.300 | at most 1,000 | 3 of 3 | at most 1,000 |',
    );
  });

  it('takes what is finished, and no interval of one seed', () => {
    const one = analyse(PLAN, RESULTS.slice(0, 2));
    expect(one).toMatchObject({ finished: 2, planned: 12 });
    expect(one.summaries).toHaveLength(4);
    expect(one.summaries[0]!.measures.quality!.interval).toBeNull();
    expect(one.comparisons[0]!.seeds.student).toBeNull();
    expect(analyse(PLAN, []).summaries).toEqual([]);
  });

  it('pairs the seeds that both arms have', () => {
    const missing = RESULTS.filter(({ id }) => id !== PLAN.jobs[0]!.id);
    const [paired] = analyse(PLAN, missing).comparisons;
    expect(paired!.seeds.pairs).toBe(2);
  });
});

describe('tokensToReach', () => {
  const curve = [
    { tokens: 0, quality: 0.2 },
    { tokens: 100, quality: 0.6 },
    { tokens: 200, quality: 0.5 },
  ];

  it.each([
    [0.1, 0],
    [0.2, 0],
    [0.3, 25],
    [0.6, 100],
    [0.7, null],
  ])('finds %f at %j', (target, tokens) => {
    const found = tokensToReach(curve, target);
    expect(found && { ...found, tokens: Math.round(found.tokens) }).toEqual(
      tokens === null ? null : { tokens, atMost: false },
    );
  });
});

describe('tables', () => {
  const report = markdown(PLAN, analyse(PLAN, RESULTS));

  it('prints estimates with their intervals', () => {
    expect(report).toContain('# Small\n\n12 of 12 jobs finished.');
    expect(report).toContain('## Split test, learningRate 0.003');
    expect(report).toMatch(/\| ExIt \| 3 \| 0\.750 \[0\.700, 0\.800\] \| 0\.375 /);
    expect(report).toContain('| ExIt | 3 | +0.200 [+0.200, +0.200] | [+0.200, +0.200] | 3 of 3 |');
    expect(report).toContain('| GRPO | 0.500 | 1,750 | 3 of 3 | 1,750 |');
    expect(report).toContain('| ExIt | 0.950 | not reached | 0 of 3 | not reached |');
  });

  it('prints a dash where there is no interval, and no table without rows', () => {
    const one = markdown(PLAN, analyse(PLAN, RESULTS.slice(0, 1)));
    expect(one).toMatch(/\| ExIt \| 1 \| 0\.700 — \|/);
    expect(one).not.toContain('Beside');
    expect(one).not.toContain('0.003');
  });

  it('writes a line per run, budget and depth', () => {
    const lines = runsCsv(PLAN, RESULTS).trim().split('\n');
    expect(lines[0]).toBe(
      'arm,learningRate,seed,split,domain,budget,step,tokens_sampled,tokens_trained,k,quality,solved,bestQuality,bestSolved,resampleQuality,resampleSolved,wrongToRight,rightToWrong',
    );
    expect(lines).toHaveLength(1 + 12 * 2 * 2);
    expect(lines[1]).toBe(
      'ExIt,0.001,1,test,locks,1,10,1000,900,0,0.15,0.15,0.15,0.15,0.15,0.15,,',
    );
    expect(metricsCsv(PLAN, RESULTS)).toContain('\nGRPO,0.003,2,3,frac_reward_zero_std,0.25\n');
    expect(timingCsv(PLAN, RESULTS.slice(0, 1))).toBe(
      'job,label,backend,trainingSeconds,evaluationSeconds,machine\n' +
        `${PLAN.jobs[0]!.id},"ExIt, learningRate 0.001, seed 1",wasm,1,2,a machine\n`,
    );
  });
});

describe('plots', () => {
  it('draws quality over tokens at each point, and over the grid', () => {
    const drawn = plots(PLAN, RESULTS);
    expect(drawn.map(({ name }) => name)).toEqual([
      'quality-test-learningRate-0.001.svg',
      'quality-test-learningRate-0.003.svg',
      'dose-response-test-1.svg',
      'dose-response-test-3.svg',
    ]);
    const [learning, , , dose] = drawn.map(({ content }) => content);
    // Two arms: a band each, and a dot for each of three seeds at each of two budgets.
    expect(learning!.match(/fill-opacity="0.13"/g)).toHaveLength(2);
    expect(learning!.match(/<circle [^>]*r="1.8"/g)).toHaveLength(12);
    expect(dose).toContain('Flat groups');
    expect(dose!.match(/<circle [^>]*r="1.8"/g)).toHaveLength(24);
    expect(plots(PLAN, RESULTS)).toEqual(drawn);
  });

  it('puts what is better higher', () => {
    const { content } = plots(PLAN, RESULTS)[0]!;
    const lines = [...content.matchAll(/<path d="M([^"]+)" fill="none"/g)].map(([, path]) =>
      path!.split('L').map((point) => Number(point.split(' ')[1])),
    );
    const [exit, grpo] = lines as [number[], number[]];
    expect(exit[0]).toBe(grpo[0]);
    expect(exit[1]).toBeLessThan(grpo[1]!);
    expect(exit[1]).toBeLessThan(exit[0]!);
  });

  it('escapes what a person named', () => {
    const plan = smallPlan({ name: 'A < B & C', grid: {} });
    const [plot] = plots(plan, [resultOf(plan.jobs[0]!, [[0.1], [0.2]])]);
    expect(plot!.content).toContain('A &lt; B &amp; C');
    expect(plot!.name).toBe('quality-test.svg');
  });

  it.each([
    [{ low: 0, high: 1 }, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [{ low: 0.31, high: 0.84 }, [0.4, 0.6, 0.8]],
    [{ low: 0, high: 80_000 }, [0, 20_000, 40_000, 60_000, 80_000]],
    [{ low: 3, high: 3 }, [3]],
  ])('has round ticks over %j', (range, expected) => {
    expect(ticks(range)).toEqual(expected);
  });
});
