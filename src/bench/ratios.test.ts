import { describe, expect, it } from 'vitest';
import { speedRatio, spreadOf } from './ratios.ts';

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
