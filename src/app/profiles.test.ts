import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DepthProfile } from '../runs/index/queries.ts';
import { appendProfiles, NO_PROFILES, rowOfStep } from './profiles.ts';

const profile = fc.array(fc.integer({ min: 0, max: 32 }), { minLength: 1, maxLength: 40 });

function profiles(counts: readonly number[][]): DepthProfile[] {
  return counts.map((count, i) => ({
    step: 2 * i + 1,
    count,
    learnability: count.map((n) => n / 128),
    distinct: count.map((n) => n / 64),
    quality: count.map((n) => n / 96),
    recency: count.map((n) => 2 * n),
    uniformDepth: i / 8,
  }));
}

describe('appendProfiles', () => {
  it('keeps every number at its step and depth, however profiles are batched', () => {
    fc.assert(
      fc.property(
        fc.array(profile, { maxLength: 600 }),
        fc.integer({ min: 1, max: 200 }),
        (counts, batch) => {
          const all = profiles(counts);
          let history = NO_PROFILES;
          for (let i = 0; i < all.length; i += batch) {
            history = appendProfiles(history, all.slice(i, i + batch));
          }
          expect(history.length).toBe(all.length);
          all.forEach(({ count, learnability, step, uniformDepth }, row) => {
            expect(rowOfStep(history, step)).toBe(row);
            expect(history.uniformDepth[row]).toBe(uniformDepth);
            const at = row * history.stride;
            for (let depth = 0; depth < history.stride; depth++) {
              expect(history.count[at + depth]).toBe(count[depth] ?? 0);
              expect(history.learnability[at + depth]).toBe(learnability[depth] ?? 0);
            }
          });
        },
      ),
      { numRuns: 20 },
    );
  });

  it('knows no step between or beyond those that it holds', () => {
    const history = appendProfiles(NO_PROFILES, profiles([[1], [2]]));
    expect([0, 2, 4].map((step) => rowOfStep(history, step))).toEqual([-1, -1, -1]);
  });
});
