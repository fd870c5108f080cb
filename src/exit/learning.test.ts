/** The whole algorithm on a problem whose best possible curves are known. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createRng } from '../base/rng.ts';
import { mean } from '../base/statistics.ts';
import type { StrategyId } from '../schema/presets.ts';
import { evaluate } from './evaluate.ts';
import type { Evaluation, GroupRecord, StepRecord } from '../schema/records.ts';
import { createLab } from './testing/lab.ts';
import { twoDials } from './testing/tasks.ts';

const STEPS = 240;

interface Outcome {
  readonly records: readonly StepRecord[];
  readonly heldOut: Evaluation;
}

async function trained(strategy: StrategyId): Promise<Outcome> {
  const lab = createLab({
    problem: twoDials,
    strategy,
    config: { learningRate: 4, entropyCoefficient: 0.01, bufferCapacity: 128 },
  });
  const records = await lab.run(STEPS);
  const options = { tasks: 64, samples: 4, depth: 8, temperature: 1, topP: 1, topK: 0 };
  const heldOut = await evaluate(
    lab.context,
    { ...options, trainedDepth: 0, step: STEPS },
    createRng(1),
  );
  return { records, heldOut };
}

function metricMean(records: readonly StepRecord[], id: 'start_depth/mean'): number {
  return mean(records.map(({ metrics }) => metrics[id]!));
}

/** Self-improvement groups that start from an attempt of this quality. */
function improving(records: readonly StepRecord[], quality: number): GroupRecord[] {
  return records
    .flatMap(({ groups }) => groups)
    .filter(({ start }) => start.mode === 'improve' && start.latest?.quality === quality);
}

function meanQuality(groups: readonly GroupRecord[]): number {
  return mean(groups.flatMap(({ completions }) => completions.map(({ quality }) => quality)));
}

describe('two dials, of which one is told', () => {
  let grpo: Outcome;
  let exploring: Outcome;
  beforeAll(async () => {
    grpo = await trained('grpo');
    exploring = await trained('exit');
  }, 60_000);

  it('GRPO learns what the prompt tells, and nothing about revising', () => {
    expect(grpo.heldOut.quality[0]!.mean).toBeCloseTo(2 / 3, 1);
    expect(grpo.heldOut.quality[8]!.mean).toBeLessThan(0.3);
    expect(grpo.heldOut.netCorrections.mean).toBeLessThan(-20);
  });

  it('ExIt tries one value after the other: 2/3, 5/6, then 1 is the best there is', () => {
    const { quality, netCorrections, resampleQuality } = exploring.heldOut;
    expect(quality[0]!.mean).toBeCloseTo(2 / 3, 1);
    expect(quality[1]!.mean).toBeGreaterThan(0.77);
    expect(quality[2]!.mean).toBeGreaterThan(0.83);
    expect(quality[8]!.mean).toBeGreaterThan(0.83);
    expect(quality[8]!.mean).toBeGreaterThan(resampleQuality[8]!.mean);
    expect(quality[8]!.mean).toBeGreaterThan(grpo.heldOut.resampleQuality[8]!.mean);
    expect(netCorrections.mean - netCorrections.ci95).toBeGreaterThan(20);
  });

  it('the first revision of half a solution comes to be worth 3/4, all that can be known', () => {
    const firstRevisions = improving(exploring.records, 0.5).filter(
      ({ start }) => start.depth === 1,
    );
    expect(meanQuality(firstRevisions.slice(0, 50))).toBeLessThan(0.6);
    expect(Math.abs(meanQuality(firstRevisions.slice(-200)) - 3 / 4)).toBeLessThan(0.07);
  });

  it('a solved history is kept, and so has nothing left to teach', () => {
    const early = improving(exploring.records.slice(0, 80), 1);
    const late = improving(exploring.records.slice(-40), 1);
    expect(mean(early.map((group) => group.learnability))).toBeGreaterThan(0.04);
    expect(mean(late.map((group) => group.learnability))).toBeLessThan(0.008);
    expect(meanQuality(late)).toBeGreaterThan(0.97);
  });

  it('starts get deeper, under GRPO never', () => {
    const first = metricMean(exploring.records.slice(0, 5), 'start_depth/mean');
    const later = metricMean(exploring.records.slice(40, 80), 'start_depth/mean');
    expect(later).toBeGreaterThan(first + 0.75);
    const deepest = exploring.records.map(({ metrics }) => metrics['start_depth/max']!);
    expect(Math.max(...deepest)).toBeGreaterThanOrEqual(4);
    expect(grpo.records.every(({ metrics }) => metrics['start_depth/max'] === 0)).toBe(true);
  });
});
