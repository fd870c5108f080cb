import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundAxis, roundLogAxis, tightAxis, tightDurationAxis, tightLogAxis } from './axis.ts';

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

describe('logarithmic axes', () => {
  it('enclose the values with few, rising ticks', () => {
    const positive = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(positive, positive, (a, b) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)];
        const { domain, ticks } = roundLogAxis(min, max);
        expect(domain[0]).toBeLessThanOrEqual(min * (1 + 1e-6));
        expect(domain[1]).toBeGreaterThanOrEqual(max * (1 - 1e-6));
        expect(domain[1]).toBeGreaterThan(domain[0]);
        expect(ticks.length).toBeLessThanOrEqual(8);
        expect([...new Set(ticks)].sort((x, y) => x - y)).toEqual(ticks);
        const tight = tightLogAxis(min, max);
        expect(tight.domain[0]).toBeGreaterThan(0);
        for (const tick of tight.ticks) expect(tick).toBeLessThanOrEqual(tight.domain[1] * 1.001);
      }),
    );
  });

  it('read as a person would write them', () => {
    expect(roundLogAxis(0.03, 0.2).ticks).toEqual([0.02, 0.05, 0.1, 0.2]);
    expect(roundLogAxis(0.003, 40).ticks).toEqual([0.001, 0.01, 0.1, 1, 10, 100]);
    expect(roundLogAxis(Infinity, -Infinity).ticks).toEqual([0.1, 1]);
    expect(tightLogAxis(1, 300).ticks).toEqual([1, 10, 100]);
  });
});

describe('tightDurationAxis', () => {
  it('has ticks at what clocks show', () => {
    expect(tightDurationAxis(0.4, 2).ticks).toEqual([0.5, 1, 1.5, 2]);
    expect(tightDurationAxis(3, 200).ticks).toEqual([60, 120, 180]);
    expect(tightDurationAxis(7, 7).ticks).toEqual([7]);
  });
});
