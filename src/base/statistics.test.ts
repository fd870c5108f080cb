import { describe, expect, it } from 'vitest';
import {
  mean,
  meanWithInterval,
  populationVariance,
  rankCorrelation,
  sampleStd,
} from './statistics.ts';

/** Wikipedia's worked example: mean 5, squared deviations summing to 32. */
const VALUES = [2, 4, 4, 4, 5, 5, 7, 9];

describe('statistics', () => {
  it('widens the interval of few values as Student did, and knows the normal for many', () => {
    const alternating = (n: number): number[] => Array.from({ length: n }, (_, i) => (i % 2) * 2);
    expect(meanWithInterval([0, 2]).ci95).toBeCloseTo(12.706, 3);
    expect(meanWithInterval(alternating(1000)).ci95).toBeCloseTo(1.96 / Math.sqrt(999), 6);
  });

  it('have the textbook values', () => {
    expect(mean(VALUES)).toBe(5);
    expect(populationVariance(VALUES)).toBe(4);
    expect(sampleStd(VALUES)).toBeCloseTo(Math.sqrt(32 / 7), 12);
    const interval = meanWithInterval(VALUES);
    expect(interval.mean).toBe(5);
    expect(interval.ci95).toBeCloseTo((2.365 * Math.sqrt(32 / 7)) / Math.sqrt(8), 12);
  });

  it('correlate ranks as Spearman did, ties sharing theirs', () => {
    expect(rankCorrelation([1, 2, 3, 4], [10, 100, 1000, 1e4])).toBeCloseTo(1, 12);
    expect(rankCorrelation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
    // scipy.stats.spearmanr([1, 2, 2, 4, 5], [5, 6, 7, 8, 7]).statistic
    expect(rankCorrelation([1, 2, 2, 4, 5], [5, 6, 7, 8, 7])).toBeCloseTo(0.7631578947368421, 12);
    expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toBeUndefined();
  });

  it('take typed arrays', () => {
    expect(populationVariance(Float32Array.of(0, 1))).toBe(0.25);
  });

  it('have no spread over one value, and no mean of none', () => {
    expect(sampleStd([3])).toBe(0);
    expect(meanWithInterval([3])).toEqual({ mean: 3, ci95: 0 });
    expect(mean([])).toBeNaN();
    expect(populationVariance([])).toBeNaN();
  });
});
