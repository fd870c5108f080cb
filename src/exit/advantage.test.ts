import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleStd } from '../base/statistics.ts';
import { advantages, groupsOf, hasZeroVariance, learnability } from './advantage.ts';

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const twoGroups = fc.array(unit, { minLength: 8, maxLength: 8 });
const scales = fc.constantFrom('group', 'batch', 'none');

describe('advantages', () => {
  it('are centred in every group, under every scale', () => {
    fc.assert(
      fc.property(twoGroups, scales, (returns, scale) => {
        for (const group of groupsOf(advantages(returns, 4, scale), 4)) {
          expect(group.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 6);
        }
      }),
    );
  });

  it('keep the order of the returns', () => {
    const [low, high, middle] = advantages([0.1, 0.9, 0.4], 3, 'group');
    expect(low).toBeLessThan(middle!);
    expect(middle).toBeLessThan(high!);
  });

  it('divide by the spread that the scale names', () => {
    const returns = [0, 1, 0.4, 0.6];
    expect(advantages(returns, 2, 'none')[2]).toBeCloseTo(-0.1, 12);
    const wide = sampleStd([0, 1]) + 1e-4;
    const all = sampleStd(returns) + 1e-4;
    expect(advantages(returns, 2, 'group')[1]).toBeCloseTo(0.5 / wide, 12);
    expect(advantages(returns, 2, 'batch')[1]).toBeCloseTo(0.5 / all, 12);
    expect(advantages(returns, 2, 'batch')[3]).toBeCloseTo(0.1 / all, 12);
  });

  it('are zero in a flat group, and refuse uneven groups', () => {
    expect(advantages([0.5, 0.5, 0.5, 0.5], 4, 'group')).toEqual([0, 0, 0, 0]);
    expect(() => advantages([1, 2, 3], 2, 'group')).toThrow(RangeError);
  });
});

describe('learnability', () => {
  it('lies in [0, 0.25]', () => {
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1, maxLength: 20 }), (returns) => {
        expect(learnability(returns)).toBeGreaterThanOrEqual(0);
        expect(learnability(returns)).toBeLessThanOrEqual(0.25 + 1e-12);
      }),
    );
  });

  it('is largest where half of the group succeeds, zero where none or all do', () => {
    expect(learnability([0, 1, 0, 1])).toBe(0.25);
    expect(learnability([0, 0, 0, 1])).toBe(0.1875);
    expect(learnability([1, 1, 1, 1])).toBe(0);
  });
});

it('a group is flat when all of its returns are equal', () => {
  expect(hasZeroVariance([0.3, 0.3, 0.3])).toBe(true);
  expect(hasZeroVariance([0.3, 0.3, 0.4])).toBe(false);
});
