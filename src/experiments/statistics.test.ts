import { describe, expect, it } from 'vitest';
import reference from './fixtures/rliable.json' with { type: 'json' };
import {
  aggregateMean,
  bootstrapEstimate,
  interquartileMean,
  meanEstimate,
  optimalityGap,
  pairedDifference,
  pairedDifferenceOverTasks,
  probabilityOfImprovement,
  quantile,
  type Interval,
  type Scores,
} from './statistics.ts';

const { cases } = reference;
/** Ten times those behind the reference, so that of the two its noise is the one that counts. */
const resamples = 10 * reference.resamples;
const EXACT = 1e-9;
/** Standard deviations of one drawn end, beyond which two implementations disagree. */
const NOISE = 6;

function expectNear(value: number, expected: number, tolerance = EXACT): void {
  expect(Math.abs(value - expected), `${value} beside ${expected}`).toBeLessThanOrEqual(tolerance);
}

describe.each(cases)('beside rliable: $name', (one) => {
  const drawn = (
    samples: readonly Scores[],
    statistic: (...scores: Scores[]) => number,
    expected: { low: number; high: number; lowNoise: number; highNoise: number },
  ): void => {
    const { interval } = bootstrapEstimate(samples, statistic, { seed: 3, resamples });
    expectNear(interval!.low, expected.low, NOISE * expected.lowNoise + EXACT);
    expectNear(interval!.high, expected.high, NOISE * expected.highNoise + EXACT);
  };

  it('has the same exact values', () => {
    expectNear(aggregateMean(one.x), one.mean);
    expectNear(interquartileMean(one.x), one.iqm);
    expectNear(optimalityGap(one.x, 0.9), one.optimalityGap);
    expectNear(probabilityOfImprovement(one.x, one.y), one.probabilityOfImprovement);
  });

  it('has the same intervals, but for the noise of drawing', () => {
    drawn([one.x], interquartileMean, one.iqmInterval);
    drawn([one.x], aggregateMean, one.meanInterval);
    drawn([one.x, one.y], probabilityOfImprovement, one.improvementInterval);
  });
});

describe('bootstrapEstimate', () => {
  it('gives one run no interval', () => {
    expect(bootstrapEstimate([[[0.4, 0.6]]], aggregateMean, { seed: 1 })).toEqual({
      value: 0.5,
      interval: null,
    });
  });

  it('repeats itself under a seed, and draws otherwise under another', () => {
    const scores = [[0.1], [0.5], [0.55], [0.9], [0.2]];
    const at = (seed: number): Interval =>
      bootstrapEstimate([scores], interquartileMean, { seed }).interval!;
    expect(at(5)).toEqual(at(5));
    expect(at(5)).not.toEqual(at(6));
  });

  it('draws runs within a task only: a task without spread adds none', () => {
    const scores = [
      [0, 1],
      [0, 1],
      [0, 1],
    ];
    const { interval } = bootstrapEstimate([scores], aggregateMean, { seed: 1 });
    expect(interval).toEqual({ low: 0.5, high: 0.5 });
  });
});

describe('pairedDifference', () => {
  it('is the mean difference with both intervals', () => {
    const x = [0.9, 0.8, 0.7, 0.85];
    const y = [0.8, 0.75, 0.72, 0.65];
    const paired = pairedDifference(x, y, { seed: 2 });
    expectNear(paired.difference, 0.0825);
    expect(paired).toMatchObject({ wins: 3, pairs: 4 });
    // Standard deviation 0.09215…, t(3) = 3.182, n = 4.
    const half =
      (3.182 * Math.sqrt((0.0175 ** 2 + 0.0325 ** 2 + 0.1025 ** 2 + 0.1175 ** 2) / 3)) / 2;
    expectNear(paired.student!.low, 0.0825 - half);
    expectNear(paired.student!.high, 0.0825 + half);
    // 256 equally likely draws: the ends are among their means.
    expect(paired.bootstrap!.low).toBeLessThan(0.02);
    expect(paired.bootstrap!.high).toBeGreaterThan(0.14);
  });

  it('counts a tie half, and has no interval for one pair', () => {
    expect(pairedDifference([0.5], [0.5], { seed: 2 })).toEqual({
      difference: 0,
      wins: 0.5,
      pairs: 1,
      student: null,
      bootstrap: null,
    });
  });

  it('refuses arms without the same seeds', () => {
    expect(() => pairedDifference([1, 2], [1], { seed: 1 })).toThrow('got 1 values, expected 2');
  });

  it('over tasks it weighs each seed the same, and draws within it', () => {
    const x = [
      [1, 1],
      [0.5, 0.5, 0.5, 0.5],
    ];
    const y = [
      [0, 0],
      [0.5, 0.5, 0.5, 0.5],
    ];
    expect(pairedDifferenceOverTasks(x, y, { seed: 1 })).toEqual({
      difference: 0.5,
      wins: 4,
      pairs: 6,
      student: { low: 0.5, high: 0.5 },
      bootstrap: { low: 0.5, high: 0.5 },
    });
    expect(() => pairedDifferenceOverTasks(x, [[0, 0]], { seed: 1 })).toThrow('y[1]: got 0 values');
  });
});

describe('quantile and meanEstimate', () => {
  it('interpolates as numpy does', () => {
    expect([0, 0.1, 0.5, 1].map((share) => quantile([1, 2, 4, 8], share))).toEqual([1, 1.3, 3, 8]);
  });

  it('has no interval for one value', () => {
    expect(meanEstimate([0.3])).toEqual({ value: 0.3, interval: null });
  });
});
