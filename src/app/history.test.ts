import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MetricRow } from '../schema/metrics.ts';
import { appendRows, EMPTY_HISTORY, latestValue } from './history.ts';
import type { MetricHistory } from './history.ts';

function column(history: MetricHistory, id: 'reward' | 'entropy'): (number | undefined)[] {
  const values = history.columns.get(id);
  return Array.from({ length: history.length }, (_, i) => {
    const value = values?.[i];
    return value === undefined || Number.isNaN(value) ? undefined : value;
  });
}

const measured = fc.option(fc.double({ noNaN: true }), { nil: undefined });
const rows = fc
  .array(fc.record({ reward: measured, entropy: measured }), { maxLength: 700 })
  .map((list) =>
    list.map(({ reward, entropy }, step): MetricRow => ({
      step,
      ...(reward === undefined ? {} : { reward }),
      ...(entropy === undefined ? {} : { entropy }),
    })),
  );

describe('appendRows', () => {
  it('keeps every value at its step, however the rows are batched', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 300 }), (all, batch) => {
        let history = EMPTY_HISTORY;
        for (let i = 0; i < all.length; i += batch) {
          history = appendRows(history, all.slice(i, i + batch));
        }
        expect(history.length).toBe(all.length);
        expect([...history.steps.subarray(0, history.length)]).toEqual(all.map((r) => r.step));
        expect(column(history, 'reward')).toEqual(all.map((r) => r.reward));
        expect(column(history, 'entropy')).toEqual(all.map((r) => r.entropy));
      }),
      { numRuns: 40 },
    );
  });

  it('leaves earlier views as they were', () => {
    const first = appendRows(EMPTY_HISTORY, [{ step: 0, reward: 1 }]);
    const second = appendRows(first, [{ step: 1, reward: 2, entropy: 3 }]);
    expect(first.length).toBe(1);
    expect(column(first, 'reward')).toEqual([1]);
    expect(first.columns.has('entropy')).toBe(false);
    expect(column(second, 'entropy')).toEqual([undefined, 3]);
  });
});

describe('latestValue', () => {
  it('skips steps that did not measure the metric', () => {
    const history = appendRows(EMPTY_HISTORY, [{ step: 0, kl: 0.5 }, { step: 1 }]);
    expect(latestValue(history, 'kl')).toBe(0.5);
    expect(latestValue(history, 'reward')).toBeUndefined();
  });
});
