import { describe, expect, it } from 'vitest';
import { compareRatios, readRatios } from './check.ts';

const KEY = 'node/S/train/ours-wasm';

describe('the check against recorded ratios', () => {
  it('names what was lost, and how much', () => {
    const { losses } = compareRatios({ [KEY]: 4 }, { [KEY]: 2.8 });
    expect(losses).toEqual([`${KEY}: 2.80 times as fast as plain, 4.00 recorded: 30% lost`]);
  });

  it.each([3, 4, 9])('lets a ratio of 4 become %d', (now) => {
    expect(compareRatios({ [KEY]: 4 }, { [KEY]: now }).losses).toEqual([]);
  });

  it('compares our engine only, and only what both runs have', () => {
    const recorded = { [KEY]: 4, 'node/M/train/ours-wasm': 4, 'node/S/train/jax-wasm': 4 };
    const now = { [KEY]: 4, 'node/S/sample/ours-wasm': 1, 'node/S/train/jax-wasm': 1 };
    expect(compareRatios(recorded, now)).toEqual({ compared: [KEY], losses: [] });
  });

  it('reads the ratios of a record, and refuses what is none', () => {
    expect(readRatios(`{"date": "today", "ratios": {"${KEY}": 4}}`)).toEqual({ [KEY]: 4 });
    expect(() => readRatios('{"ratios": {"a": "fast"}}')).toThrow();
  });
});
