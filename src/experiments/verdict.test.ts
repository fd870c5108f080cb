import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairedDifference } from './statistics.ts';
import { findingOf, verdict } from './verdict.ts';

const compared = (arm: string, differences: readonly number[]) => ({
  arm,
  seeds: pairedDifference(
    differences,
    differences.map(() => 0),
    { seed: 1, resamples: 50 },
  ),
});

describe('verdict', () => {
  it('says by how much an arm is above or below, with interval and seeds', () => {
    const text = verdict([
      compared('GRPO', [-0.28, -0.24, -0.26]),
      compared('ExIt', [0.1, 0.12, 0.08]),
    ]);
    expect(text).toBe(
      'By held-out quality of the last attempt, ExIt is above the control by 0.100 [0.050, 0.150] on 3 seeds; GRPO is below the control by 0.260 [0.210, 0.310] on 3 seeds.',
    );
  });

  it('says of which arms nothing can be told', () => {
    const text = verdict([
      compared('Improve', [-0.1, 0.1]),
      compared('Diverge', [0, 0]),
      compared('ExIt', [0.3]),
    ]);
    expect(text).toContain(
      'no difference to the control can be told for Improve (0.000 [−1.271, 1.271] on 2 seeds) and Diverge (0.000 [0.000, 0.000] on 2 seeds)',
    );
    expect(text).toContain('one seed tells nothing of others for ExIt.');
  });

  it('has nothing to say before the control and an arm have a seed in common', () => {
    expect(verdict([])).toContain('Nothing to compare yet');
  });

  it('finds a difference where the whole interval is on one side of 0, and there alone', () => {
    const number = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 12 }), (differences) => {
        const one = compared('arm', differences);
        const { student, difference } = one.seeds;
        const finding = findingOf(one);
        if (differences.length === 1) expect(finding).toBeNull();
        if (finding === 'above') expect(Math.min(difference, student!.low)).toBeGreaterThan(0);
        if (finding === 'below') expect(Math.max(difference, student!.high)).toBeLessThan(0);
        if (finding === 'undecided') {
          expect(student!.low).toBeLessThanOrEqual(0);
          expect(student!.high).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
