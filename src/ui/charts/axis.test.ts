import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundAxis, tightAxis } from './axis.ts';

const bound = fc.double({ min: -1e6, max: 1e6, noNaN: true });

describe('roundAxis', () => {
  it('encloses the values with few, rising ticks', () => {
    fc.assert(
      fc.property(bound, bound, (a, b) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)];
        const { domain, ticks } = roundAxis(min, max);
        const slack = 1e-6 * (domain[1] - domain[0]);
        expect(domain[0]).toBeLessThanOrEqual(min + slack);
        expect(domain[1]).toBeGreaterThanOrEqual(max - slack);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(7);
        expect([...ticks].sort((x, y) => x - y)).toEqual(ticks);
      }),
    );
  });

  it('reads as a person would write it', () => {
    expect(roundAxis(0.013, 0.19).ticks).toEqual([0, 0.05, 0.1, 0.15, 0.2]);
    expect(roundAxis(2, 2).ticks).toEqual([1.8, 1.9, 2, 2.1, 2.2]);
  });
});

describe('tightAxis', () => {
  it('keeps both ends and has whole ticks inside', () => {
    expect(tightAxis(1, 347)).toEqual({ domain: [1, 347], ticks: [100, 200, 300] });
    expect(tightAxis(1, 3).ticks).toEqual([1, 2, 3]);
    expect(tightAxis(7, 7)).toEqual({ domain: [6, 8], ticks: [7] });
  });
});
