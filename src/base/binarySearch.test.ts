import { expect, it } from 'vitest';
import { sortedIndexOf, upperBound } from './binarySearch.ts';

it('finds each of rising values, and nothing else', () => {
  const values = Float64Array.of(2, 3, 7, 9);
  expect([2, 3, 7, 9].map((value) => sortedIndexOf(value, values))).toEqual([0, 1, 2, 3]);
  expect([1, 4, 10].map((value) => sortedIndexOf(value, values))).toEqual([-1, -1, -1]);
  expect([7, 9].map((value) => sortedIndexOf(value, values, 3))).toEqual([2, -1]);
  expect(sortedIndexOf(2, values, 0)).toBe(-1);
});

it('upperBound finds the first element above a value', () => {
  expect([0, 1, 1.5, 3].map((value) => upperBound([1, 2, 3], value))).toEqual([0, 1, 1, 3]);
});
