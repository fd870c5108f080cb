import { describe, expect, it } from 'vitest';
import { medianInterval, speedRatio, spreadOf } from './ratios.ts';

describe('spread', () => {
  it('takes the middle of an odd number of values', () => {
    expect(spreadOf([9, 1, 4])).toEqual({ median: 4, min: 1, max: 9 });
  });

  it('takes the mean of the two middle ones of an even number', () => {
    expect(spreadOf([8, 1, 4, 2])).toEqual({ median: 3, min: 1, max: 8 });
  });

  it('refuses nothing at all', () => {
    expect(() => spreadOf([])).toThrow(RangeError);
  });
});

describe('speed ratio', () => {
  it('pairs by round, so that a slow round of both disturbs neither', () => {
    expect(speedRatio([10, 100, 10], [30, 300, 20])).toEqual({ median: 3, min: 2, max: 3 });
  });

  it('refuses unequal rounds', () => {
    expect(() => speedRatio([1], [1, 2])).toThrow('1 rounds beside 2');
  });
});

describe('the interval of a median', () => {
  const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

  // Ranks of the sign test's confidence intervals at 90%, as statistical tables have them.
  it.each([
    [5, 1],
    [7, 1],
    [8, 2],
    [9, 2],
    [11, 3],
    [20, 6],
    [50, 19],
  ])('of %i values leaves out all below rank %i', (n, k) => {
    expect(medianInterval(upTo(n).toReversed())).toMatchObject({ low: k, high: n + 1 - k });
  });

  it('of few values is all of them', () => {
    expect(medianInterval([3, 1, 2])).toEqual({ median: 2, low: 1, high: 3 });
    expect(medianInterval([3])).toEqual({ median: 3, low: 3, high: 3 });
    expect(() => medianInterval([])).toThrow(RangeError);
  });
});
