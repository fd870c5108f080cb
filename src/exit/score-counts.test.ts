import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ScoreCounts } from './score-counts.ts';

const score = fc.oneof(
  fc.constantFrom(0, 0.1, 0.15, 0.2, 0.25),
  fc.double({ min: 0, max: 0.25, noNaN: true }),
  // Many in one bin.
  fc.integer({ min: 0, max: 9 }).map((n) => 0.1 + n * 1e-12),
);

it('counts the higher scores of each, and knows the highest', () => {
  fc.assert(
    fc.property(fc.array(score), fc.array(score), (kept, removed) => {
      const counts = new ScoreCounts();
      for (const one of [...kept, ...removed]) counts.add(one);
      for (const one of removed) counts.remove(one);
      const expected = kept.map((one) => kept.filter((other) => other > one).length);
      expect(counts.ranksOf(kept)).toEqual(expected);
      expect(counts.highest()).toBe(Math.max(0, ...kept));
    }),
  );
});

it('is empty once cleared', () => {
  const counts = new ScoreCounts();
  counts.add(0.2);
  counts.clear();
  expect(counts.highest()).toBe(0);
  expect(counts.ranksOf([0.1])).toEqual([0]);
});
