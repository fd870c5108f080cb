import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendRows, EMPTY_HISTORY } from '../../app/history.ts';
import type { MetricHistory } from '../../app/history.ts';
import { aggregate, buckets, chartData } from './bucket.ts';
import { smooth } from './smooth.ts';

// −0 is drawn as 0.
const value = fc.double({ min: -1000, max: 1000, noNaN: true }).map((v) => v + 0);
const measured = fc.oneof(
  { weight: 5, arbitrary: value },
  { weight: 1, arbitrary: fc.constant(NaN) },
);
const series = fc.array(measured, { maxLength: 2000 });

/** `reward` is aggregated by mean, `start_depth/max` by max. */
function historyOf(values: readonly number[], id: 'reward' | 'start_depth/max'): MetricHistory {
  return appendRows(
    EMPTY_HISTORY,
    values.map((v, i) => ({ step: i + 1, ...(Number.isNaN(v) ? {} : { [id]: v }) })),
  );
}

describe('buckets', () => {
  it('cover every row once, in order, within the limit', () => {
    fc.assert(
      fc.property(fc.nat(50_000), fc.integer({ min: 1, max: 200 }), (rows, most) => {
        const cuts = buckets(rows, most);
        expect(cuts.length).toBeLessThanOrEqual(most);
        expect(cuts.reduce((end, { from, to }) => (from === end && to > from ? to : NaN), 0)).toBe(
          rows,
        );
      }),
    );
  });

  it('do not move once they are full, as long as the width holds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5000 }), (rows) => {
        const before = buckets(rows, 150);
        const after = buckets(rows + 1, 150);
        const sameWidth = before[0]!.to === after[0]!.to;
        fc.pre(sameWidth);
        expect(after.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
      }),
    );
  });
});

describe('chartData', () => {
  it('bands hold exactly the extremes of the raw values, whatever the smoothing', () => {
    fc.assert(
      fc.property(series, fc.constantFrom(0, 0.6, 0.9), (values, smoothing) => {
        const data = chartData(historyOf(values, 'reward'), { ids: ['reward'], smoothing });
        const bands = data.series[0]!.bands.filter((band) => band !== null);
        const raw = values.filter((v) => !Number.isNaN(v));
        expect(data.xs.length).toBeLessThanOrEqual(150);
        if (raw.length === 0) expect(bands).toEqual([]);
        else {
          expect(Math.min(...bands.map(([min]) => min))).toBe(Math.min(...raw));
          expect(Math.max(...bands.map(([, max]) => max))).toBe(Math.max(...raw));
        }
      }),
    );
  });

  it('keeps the maximum of a maximum and ends at the last step', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 2000 }), (values) => {
        const data = chartData(historyOf(values, 'start_depth/max'), {
          ids: ['start_depth/max'],
          smoothing: 0.9,
        });
        expect(Math.max(...data.series[0]!.values.map(Number))).toBe(Math.max(...values));
        expect(data.xs.at(-1)).toBe(values.length);
      }),
    );
  });

  it('draws short runs unsmoothed as they are, and nothing for a metric never measured', () => {
    const history = historyOf([3, NaN, 5], 'reward');
    const data = chartData(history, { ids: ['reward', 'kl'], smoothing: 0 });
    expect(data.xs).toEqual([1, 2, 3]);
    expect(data.series[0]!.values).toEqual([3, null, 5]);
    expect(data.series[1]!.values).toEqual([null, null, null]);
  });
});

describe('aggregate', () => {
  it.each([
    ['mean', 3],
    ['sum', 9],
    ['max', 6],
    ['last', 2],
  ] as const)('%s of 1, 6, nothing, 2 is %d', (how, expected) => {
    expect(aggregate([1, 6, NaN, 2], { from: 0, to: 4 }, how)).toBe(expected);
  });
});

describe('smooth', () => {
  it('stays between the extremes seen so far and leaves gaps as gaps', () => {
    fc.assert(
      fc.property(series, fc.double({ min: 0, max: 0.99, noNaN: true }), (values, weight) => {
        const smoothed = smooth(values, values.length, weight);
        let min = Infinity;
        let max = -Infinity;
        values.forEach((v, i) => {
          if (Number.isNaN(v)) return expect(smoothed[i]).toBeNaN();
          min = Math.min(min, v);
          max = Math.max(max, v);
          expect(smoothed[i]).toBeGreaterThanOrEqual(min - 1e-9);
          expect(smoothed[i]).toBeLessThanOrEqual(max + 1e-9);
        });
      }),
    );
  });

  it('leaves constants alone and does nothing at weight 0', () => {
    expect([...smooth([4, 4, 4], 3, 0.9)]).toEqual(
      [4, 4, 4].map((v): unknown => expect.closeTo(v, 12)),
    );
    expect([...smooth([1, 9, 2], 3, 0)]).toEqual([1, 9, 2]);
  });

  it('commutes with adding series, so that smoothed shares still sum to 1', () => {
    const a = [0.2, 0.9, 0.4, 0.1];
    const b = a.map((v) => 1 - v);
    const sum = smooth(a, 4, 0.7).map((v, i) => v + smooth(b, 4, 0.7)[i]!);
    for (const total of sum) expect(total).toBeCloseTo(1, 12);
  });
});
