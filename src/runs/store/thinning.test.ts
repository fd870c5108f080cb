import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thinnedOut } from './thinning.ts';

/** What is left after saves at all of these steps. */
function keptAfter(steps: readonly number[]): number[] {
  let kept: number[] = [];
  steps.forEach((newest, i) => {
    const former = steps[i - 1];
    if (former === undefined) return;
    kept.push(former);
    const dropped = new Set(thinnedOut(kept, newest));
    kept = kept.filter((step) => !dropped.has(step));
  });
  return kept;
}

const saves = fc
  .array(fc.integer({ min: 1, max: 200 }), { minLength: 2, maxLength: 400 })
  .map((gaps) => gaps.map((_, i) => gaps.slice(0, i + 1).reduce((a, b) => a + b, 0)));

describe('thinning', () => {
  it('keeps few of many checkpoints, the first and the one before the newest among them', () => {
    const kept = keptAfter(Array.from({ length: 1001 }, (_, i) => 20 * i));
    expect(kept[0]).toBe(0);
    expect(kept.at(-1)).toBe(19980);
    expect(kept.length).toBeLessThan(24);
    expect(kept.length).toBeGreaterThan(8);
  });

  it('leaves gaps that grow with the way back, and never more than logarithmically many', () => {
    fc.assert(
      fc.property(saves, (steps) => {
        const kept = keptAfter(steps);
        const newest = steps.at(-1)!;
        expect(kept[0]).toBe(steps[0]);
        expect(kept.at(-1)).toBe(steps.at(-2));
        kept.slice(1).forEach((step, i) => {
          const isNeighbour = steps.indexOf(step) === steps.indexOf(kept[i]!) + 1;
          expect(isNeighbour || step - kept[i]! <= (newest - step) / 2).toBe(true);
        });
        expect(kept.length).toBeLessThanOrEqual(4 + 4 * Math.log2(newest));
      }),
    );
  });
});
