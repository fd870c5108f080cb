import { afterEach, expect, it, vi } from 'vitest';
import { growArray, growableArray, paddedRows } from './growableArray.ts';

afterEach(() => vi.unstubAllGlobals());

it('grows in place, so that what looks at an array keeps no second one alive', () => {
  const array = growableArray(Float64Array, 2);
  array.set([1, 2]);
  const seen = array.subarray(0, 2);
  const longer = growArray(Float64Array, array, 1000);
  expect(longer).toBe(array);
  expect(longer.length).toBe(1000);
  expect([...longer.subarray(0, 4)]).toEqual([1, 2, 0, 0]);
  longer[1] = 5;
  expect([...seen]).toEqual([1, 5]);
  expect(growArray(Float64Array, longer, 10)).toBe(longer);
});

it('copies where the buffer cannot grow further, and where arrays cannot grow', () => {
  const far = growArray(Uint16Array, growableArray(Uint16Array, 1).fill(7), 2 ** 18);
  expect([far.length, far[0], far[1]]).toEqual([2 ** 18, 7, 0]);
  const fixed = Float32Array.of(3);
  const copy = growArray(Float32Array, fixed, 2);
  expect([...copy]).toEqual([3, 0]);
  expect([...fixed]).toEqual([3]);
  const Native = ArrayBuffer;
  vi.stubGlobal('ArrayBuffer', function Older(length: number) {
    return new Native(length);
  });
  expect([...growArray(Float32Array, copy.slice(), 4)]).toEqual([3, 0, 0, 0]);
});

it('pads to whole pages of rows', () => {
  expect([0, 1, 512, 513].map(paddedRows)).toEqual([0, 512, 512, 1024]);
});
