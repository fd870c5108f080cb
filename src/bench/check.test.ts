import { describe, expect, it } from 'vitest';
import { compareRatios, lostTwice, readRecord } from './check.ts';

const KEY = 'node/S/train/ours-wasm/plain-wasm';
/** A ratio of 4, recorded on a quiet machine. */
const FOUR = { median: 4, low: 4, high: 4 };
const OTHER = 'node/S/train/ours-wasm/jax-wasm';

describe('the check against recorded ratios', () => {
  it('names what was lost, and how much at least', () => {
    const { losses } = compareRatios({ [KEY]: FOUR }, { [KEY]: [2.4, 2.6, 2.8] });
    expect(losses).toEqual({
      [KEY]: '2.60 (at best 2.80), 4.00 (at least 4.00) recorded: at least 30% lost',
    });
  });

  it.each([[[3, 3, 3]], [[2, 2, 3.1]], [[4, 9, 5]], [[1, 3]]])(
    'lets a ratio of 4 become %j',
    (now) => {
      expect(compareRatios({ [KEY]: FOUR }, { [KEY]: now }).losses).toEqual({});
    },
  );

  it('is not misled by one lucky round of nine', () => {
    const rounds = [2, 2.1, 2, 2.2, 2.1, 2, 2.3, 2.1, 8];
    expect(Object.keys(compareRatios({ [KEY]: FOUR }, { [KEY]: rounds }).losses)).toEqual([KEY]);
  });

  it('is not misled by unlucky rounds, were they the most', () => {
    const rounds = [4, 4.1, 1, 1, 1.2, 1, 3.9, 1, 1];
    expect(compareRatios({ [KEY]: FOUR }, { [KEY]: rounds }).losses).toEqual({});
  });

  it('does not hold the luck of a noisy record against us', () => {
    const noisy = { [KEY]: { median: 4, low: 2.5, high: 5 } };
    expect(compareRatios(noisy, { [KEY]: [2, 2, 2] }).losses).toEqual({});
    expect(Object.keys(compareRatios(noisy, { [KEY]: [1.8, 1.8, 1.8] }).losses)).toEqual([KEY]);
  });

  it('compares only what both runs have', () => {
    const verdict = compareRatios({ [KEY]: FOUR, gone: FOUR }, { [KEY]: [4], [OTHER]: [1] });
    expect(verdict).toEqual({ compared: [KEY], losses: {} });
  });

  it('fails what was lost both times', () => {
    const verdict = (...keys: string[]) => ({
      compared: [KEY, OTHER],
      losses: Object.fromEntries(keys.map((key) => [key, 'lost'])),
    });
    expect(lostTwice(verdict(KEY, OTHER), verdict(OTHER))).toEqual([`${OTHER}: lost`]);
    expect(lostTwice(verdict(KEY), verdict(OTHER))).toEqual([]);
  });

  it('reads a record, and refuses what is none', () => {
    const text = `{"date": "today", "machine": ["2 cores"], "ratios": ${JSON.stringify({ [KEY]: FOUR })}}`;
    expect(readRecord(text).ratios).toEqual({ [KEY]: FOUR });
    expect(() => readRecord('{"machine": [], "ratios": {"a": 4}}')).toThrow();
  });
});
