import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  distinctShare,
  diversity,
  embedTokens,
  meanPairwiseDistance,
  withBonus,
} from './diversity.ts';

const tokens = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 8 });

describe('embedTokens', () => {
  it('has length 1, and is the same for the same tokens', () => {
    fc.assert(
      fc.property(tokens, (words) => {
        const embedding = embedTokens(words);
        expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
        expect(embedTokens([...words])).toEqual(embedding);
      }),
    );
  });

  it('sees order and position, and puts near sequences nearer', () => {
    const away = (a: string, b: string): number =>
      meanPairwiseDistance([embedTokens(a.split('')), embedTokens(b.split(''))]);
    expect(away('abcd', 'dcba')).toBeGreaterThan(0.5);
    expect(away('abcd', 'bcd')).toBeGreaterThan(0.5);
    expect(away('abcd', 'abca')).toBeLessThan(away('abcd', 'cdba'));
  });
});

describe('diversity', () => {
  it('lies in [0, 1] and reaches both ends, unless all distances are equal', () => {
    fc.assert(
      fc.property(fc.array(tokens, { minLength: 2, maxLength: 8 }), (group) => {
        const d = diversity(group.map(embedTokens));
        for (const value of d) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        }
        expect(Math.max(...d)).toBe(1);
        expect([0, 1]).toContain(Math.min(...d));
      }),
    );
  });

  it('is 1 for all in a group of equals, and singles out the odd one', () => {
    expect(diversity([embedTokens(['a']), embedTokens(['a'])])).toEqual([1, 1]);
    const odd = diversity([
      [0, 0],
      [0, 0],
      [0, 0],
      [4, 0],
    ]);
    expect(odd).toEqual([0, 0, 0, 1]);
  });
});

describe('withBonus', () => {
  const paper = { diversityStrength: 1, diversityOn: 'all' } as const;
  const mild = { diversityStrength: 0.25, diversityOn: 'positive' } as const;

  it('multiplies by d at full strength, and by 1 − λ + λ·d between', () => {
    expect(withBonus(2, 0.5, paper)).toBe(1);
    expect(withBonus(-2, 0.5, paper)).toBe(-1);
    expect(withBonus(2, 0.5, mild)).toBe(1.75);
  });

  it('leaves negative advantages alone on request, and everything at strength 0', () => {
    expect(withBonus(-2, 0, mild)).toBe(-2);
    expect(withBonus(2, 0, { diversityStrength: 0, diversityOn: 'all' })).toBe(2);
  });
});

it('meanPairwiseDistance averages over pairs', () => {
  expect(meanPairwiseDistance([[0], [3], [6]])).toBeCloseTo(4, 12);
  expect(meanPairwiseDistance([[1]])).toBe(0);
});

it('distinctShare counts different completions', () => {
  expect(distinctShare([['a'], ['a'], ['b'], ['a', 'b']])).toBe(0.75);
});
