import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buckets, indexOfStep } from './bucket.ts';
import { movedBy } from './cursor.ts';

describe('the cursor', () => {
  it('finds the bucket that holds a step', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.nat(), (rows, pick) => {
        const cuts = buckets(rows, 150);
        const row = pick % rows;
        const index = indexOfStep(
          cuts.map(({ to }) => to),
          row + 1,
        );
        expect(cuts[index!]!.from).toBeLessThanOrEqual(row);
        expect(cuts[index!]!.to).toBeGreaterThan(row);
      }),
    );
    expect(indexOfStep([2, 4], 5)).toBeNull();
    expect(indexOfStep([], 1)).toBeNull();
  });

  it('walks by keys and stops at the ends', () => {
    expect(movedBy('ArrowLeft', 5, 10)).toBe(4);
    expect(movedBy('ArrowRight', 9, 10)).toBe(9);
    expect(movedBy('PageDown', 3, 10)).toBe(0);
    expect(movedBy('End', 3, 10)).toBe(9);
    expect(movedBy('Home', 3, 0)).toBeNull();
    expect(movedBy('Enter', 3, 10)).toBeNull();
  });
});
