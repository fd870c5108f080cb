import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestIndex, pixelOf } from './geometry.ts';

describe('nearestIndex', () => {
  it('finds the x that a pixel was made from', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 5000 }), { minLength: 2, maxLength: 150 }),
        fc.nat(149),
        fc.integer({ min: 200, max: 1200 }),
        (unsorted, pick, width) => {
          const xs = [...unsorted].sort((a, b) => a - b);
          const domain = [xs[0]!, xs.at(-1)!] as const;
          const index = pick % xs.length;
          expect(nearestIndex(xs, domain, pixelOf(xs[index]!, domain, width), width)).toBe(index);
        },
      ),
    );
  });

  it('is -1 on an empty chart', () => {
    expect(nearestIndex([], [0, 1], 50, 300)).toBe(-1);
  });
});
