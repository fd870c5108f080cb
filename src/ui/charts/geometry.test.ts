import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heightOf, nearestIndex, pixelOf, PLOT } from './geometry.ts';

describe('nearestIndex', () => {
  it('finds the x that a pixel was made from', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), { minLength: 2, maxLength: 150 }),
        fc.nat(149),
        fc.integer({ min: 200, max: 1200 }),
        fc.boolean(),
        (unsorted, pick, width, log) => {
          const xs = [...unsorted].sort((a, b) => a - b);
          const axis = { domain: [xs[0]!, xs.at(-1)!], log } as const;
          const index = pick % xs.length;
          expect(nearestIndex(xs, axis, pixelOf(xs[index]!, axis, width), width)).toBe(index);
        },
      ),
    );
  });

  it('is -1 on an empty chart', () => {
    expect(nearestIndex([], { domain: [0, 1] }, 50, 300)).toBe(-1);
  });
});

describe('a logarithmic axis', () => {
  it('gives equal ratios equal distances, and keeps its ends', () => {
    const axis = { domain: [0.01, 100], log: true } as const;
    const places = [0.01, 1, 100].map((y) => heightOf(y, axis));
    expect(places[0]).toBeCloseTo(PLOT.height - PLOT.bottom, 9);
    expect(places[1]).toBeCloseTo((places[0]! + places[2]!) / 2, 9);
    expect(places[2]).toBeCloseTo(PLOT.top, 9);
  });
});
