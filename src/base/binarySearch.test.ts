import { expect, it } from 'vitest';
import { indexOfRising } from './binarySearch.ts';

it('finds each of rising values, and nothing else', () => {
  const values = Float64Array.of(2, 3, 7, 9);
  expect([2, 3, 7, 9].map((value) => indexOfRising(value, values))).toEqual([0, 1, 2, 3]);
  expect([1, 4, 10].map((value) => indexOfRising(value, values))).toEqual([-1, -1, -1]);
  expect([7, 9].map((value) => indexOfRising(value, values, 3))).toEqual([2, -1]);
  expect(indexOfRising(2, values, 0)).toBe(-1);
});
