import { describe, expect, it } from 'vitest';
import { sortByKey } from './order.ts';

function sorted(keys: readonly number[], descending: boolean): number[] {
  const members = Uint32Array.from(keys.keys());
  sortByKey(Float32Array.from(keys), members, descending);
  return Array.from(members);
}

describe('sortByKey', () => {
  it('orders floats of either sign, by both halves of their bits', () => {
    const keys = [3.5, -1, 0, 1e-30, -1e9, 3.5000002, 7e9, -1.0000001, Infinity, -Infinity];
    const byKey = (a: number, b: number): number => keys[a]! - keys[b]!;
    const expected = [...keys.keys()].sort(byKey);
    expect(sorted(keys, false)).toEqual(expected);
    expect(sorted(keys, true)).toEqual([...expected].reverse());
  });

  it('leaves equal keys in their order, whichever way it sorts', () => {
    expect(sorted([1, 0, 1, 0, 1], false)).toEqual([1, 3, 0, 2, 4]);
    expect(sorted([1, 0, 1, 0, 1], true)).toEqual([0, 2, 4, 1, 3]);
  });

  it('sorts some members only', () => {
    const members = Uint32Array.from([3, 0, 2]);
    sortByKey(Float32Array.from([5, 1, 4, 3]), members, false);
    expect(Array.from(members)).toEqual([3, 2, 0]);
  });
});
