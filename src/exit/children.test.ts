import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../base/rng.ts';
import { chooseChildren, isKept } from './children.ts';

const rng = createRng(1);

describe('chooseChildren', () => {
  it('takes distinct completions, as many as asked for or there are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 16 }),
        fc.integer({ min: 0, max: 20 }),
        fc.constantFrom('sampled', 'best', 'spread'),
        (qualities, childrenPerGroup, childChoice) => {
          const chosen = chooseChildren(qualities, { childrenPerGroup, childChoice }, rng);
          expect(chosen).toHaveLength(Math.min(childrenPerGroup, qualities.length));
          expect(new Set(chosen).size).toBe(chosen.length);
          for (const index of chosen) expect(qualities[index]).toBeDefined();
        },
      ),
    );
  });

  it('takes the best, or spreads over quality', () => {
    const qualities = [0.5, 0.9, 0.1, 0.7, 0.3];
    const chosen = (childChoice: 'best' | 'spread', childrenPerGroup: number): number[] =>
      chooseChildren(qualities, { childrenPerGroup, childChoice }, rng).map((i) => qualities[i]!);
    expect(chosen('best', 2)).toEqual([0.7, 0.9]);
    expect(chosen('spread', 3)).toEqual([0.1, 0.5, 0.9]);
    expect(chosen('spread', 1)).toEqual([0.5]);
  });

  it('samples every completion about equally often', () => {
    const counts = [0, 0, 0, 0];
    const options = { childrenPerGroup: 1, childChoice: 'sampled' } as const;
    for (let i = 0; i < 4000; i++) counts[chooseChildren([0, 0, 1, 1], options, rng)[0]!]!++;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});

it('isKept holds back solved attempts only', () => {
  expect(isKept(0.99, 0, rng)).toBe(true);
  expect(isKept(1, 0, rng)).toBe(false);
  expect(isKept(1, 1, rng)).toBe(true);
});
