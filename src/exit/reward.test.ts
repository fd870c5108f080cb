import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalisedReturn, reward, rewardFormOf, scoreFormOf } from './reward.ts';

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const forms = fc.constantFrom('improvement', 'quality', 'delta', 'better');

describe('reward', () => {
  it('stays in its bounds, and in [0, 1] once normalised', () => {
    fc.assert(
      fc.property(forms, unit, unit, (form, quality, previous) => {
        const value = reward(form, quality, previous);
        expect(value).toBeGreaterThanOrEqual(form === 'delta' ? -1 : 0);
        expect(value).toBeLessThanOrEqual(1);
        expect(normalisedReturn(form, value)).toBeGreaterThanOrEqual(0);
        expect(normalisedReturn(form, value)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('never falls with quality', () => {
    fc.assert(
      fc.property(forms, unit, unit, unit, (form, a, b, previous) => {
        const [worse, better] = [Math.min(a, b), Math.max(a, b)];
        expect(reward(form, better, previous)).toBeGreaterThanOrEqual(
          reward(form, worse, previous),
        );
      }),
    );
  });

  it('pays what its form says', () => {
    expect(reward('quality', 0.7, 0.2)).toBe(0.7);
    expect(reward('delta', 0.2, 0.7)).toBeCloseTo(-0.5, 12);
    expect(reward('improvement', 0.6, 0.2)).toBeCloseTo(0.5, 12);
    expect(reward('improvement', 0.1, 0.2)).toBe(0);
  });

  it('pays any gain alike where better or not is asked', () => {
    expect([0.1, 0.2, 0.3, 1].map((quality) => reward('better', quality, 0.2))).toEqual([
      0, 0, 1, 1,
    ]);
    expect([0.9, 1].map((quality) => reward('better', quality, 1))).toEqual([0, 1]);
  });

  it('scores first attempts as they are paid, revisions by the form asked for', () => {
    expect(scoreFormOf('solve', 'quality', 'improvement')).toBe('quality');
    expect(scoreFormOf('improve', 'quality', 'improvement')).toBe('improvement');
    expect(scoreFormOf('diverge', 'delta', 'returns')).toBe('delta');
  });

  it('lets breaking a right answer cost, under improvement', () => {
    expect(reward('improvement', 1, 1)).toBe(1);
    expect(reward('improvement', 0.4, 1)).toBe(0.4);
  });
});

describe('rewardFormOf', () => {
  it('always pays first attempts their quality', () => {
    const config = { rewardForm: 'delta', divergeReward: 'same' } as const;
    expect(rewardFormOf('solve', config)).toBe('quality');
    expect(rewardFormOf('improve', config)).toBe('delta');
  });

  it('pays divergence as improvement, or its quality', () => {
    const rewardForm = 'improvement';
    expect(rewardFormOf('diverge', { rewardForm, divergeReward: 'same' })).toBe('improvement');
    expect(rewardFormOf('diverge', { rewardForm, divergeReward: 'quality' })).toBe('quality');
  });
});
