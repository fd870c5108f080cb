import { expect, it } from 'vitest';
import { partsOf, rangeOf } from './intervals.ts';

it('estimates in a sentence are told from its words, and nothing is lost', () => {
  const sentence =
    'At d = 0 it is -0.003 [-0.022, +0.016], 3 of 8 seeds, else 0.723 [0.686, 0.761].';
  const parts = partsOf(sentence);
  expect(parts.map(({ text }) => text).join('')).toBe(sentence);
  const estimates = parts.flatMap((part) => ('estimated' in part ? [part.estimated] : []));
  expect(estimates).toEqual([
    { mean: -0.003, low: -0.022, high: 0.016 },
    { mean: 0.723, low: 0.686, high: 0.761 },
  ]);
  expect(rangeOf(estimates)).toEqual([-0.022, 0.761]);
  expect(rangeOf(estimates.slice(1))).toEqual([0, 0.761]);
  expect(partsOf('no number')).toEqual([{ text: 'no number' }]);
});
