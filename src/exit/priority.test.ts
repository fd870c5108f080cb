import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankPriority, selectionProbabilities, softmaxPriority, staleness } from './priority.ts';
import type { PriorityOptions } from './priority.ts';

const scored = fc.array(
  fc.record({
    score: fc.double({ min: 0, max: 0.25, noNaN: true }),
    age: fc.integer({ min: 0, max: 100 }),
  }),
  { minLength: 1, maxLength: 40 },
);
const share = fc.double({ min: 0, max: 1, noNaN: true });
const options: fc.Arbitrary<PriorityOptions> = fc.record({
  priority: fc.constantFrom('softmax', 'rank', 'uniform'),
  priorityScale: fc.constantFrom('max', 'raw'),
  priorityStrength: fc.double({ min: 0, max: 100, noNaN: true }),
  uniformShare: share,
  stalenessWeight: share,
});
const plain: PriorityOptions = {
  priority: 'softmax',
  priorityScale: 'max',
  priorityStrength: 2,
  uniformShare: 0,
  stalenessWeight: 0,
};

describe('selectionProbabilities', () => {
  it('sum to 1, and leave everyone at least the uniform share', () => {
    fc.assert(
      fc.property(scored, options, (entries, how) => {
        const scores = entries.map(({ score }) => score);
        const ages = entries.map(({ age }) => age);
        const probabilities = selectionProbabilities(scores, ages, how);
        expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
        const floor = how.uniformShare / entries.length;
        for (const p of probabilities) expect(p).toBeGreaterThanOrEqual(floor);
      }),
    );
  });

  it('are numbers where the highest score is the least number there is', () => {
    const how: PriorityOptions = {
      priority: 'softmax',
      priorityScale: 'max',
      priorityStrength: 8,
      uniformShare: 0,
      stalenessWeight: 0,
    };
    expect([...selectionProbabilities([5e-324, 5e-324], [0, 0], how)]).toEqual([0.5, 0.5]);
  });

  it('never fall with the score, where ages are equal', () => {
    fc.assert(
      fc.property(scored, options, (entries, how) => {
        const scores = entries.map(({ score }) => score).sort((a, b) => a - b);
        const ages = scores.map(() => 3);
        const probabilities = selectionProbabilities(scores, ages, how);
        for (let i = 1; i < scores.length; i++) {
          expect(probabilities[i]! - probabilities[i - 1]!).toBeGreaterThanOrEqual(-1e-15);
        }
      }),
    );
  });

  it('mix in staleness and the uniform share by their weights', () => {
    const scores = [0.25, 0];
    const ages = [1, 3];
    const softmax = softmaxPriority(scores, 2, 'max');
    const stale = selectionProbabilities(scores, ages, { ...plain, stalenessWeight: 0.5 });
    expect(stale[1]).toBeCloseTo(0.5 * softmax[1]! + 0.5 * 0.75, 12);
    const mixed = selectionProbabilities(scores, ages, { ...plain, uniformShare: 0.4 });
    expect(mixed[1]).toBeCloseTo(0.6 * softmax[1]! + 0.2, 12);
  });

  it('are empty for an empty buffer', () => {
    expect(selectionProbabilities([], [], plain)).toHaveLength(0);
  });
});

describe('softmaxPriority', () => {
  it('divides by the largest score, or takes scores as they are', () => {
    const odds = (p: Float64Array): number => p[0]! / p[1]!;
    expect(odds(softmaxPriority([0.2, 0.1], 2, 'max'))).toBeCloseTo(Math.E, 9);
    expect(odds(softmaxPriority([0.2, 0.1], 10, 'raw'))).toBeCloseTo(Math.E, 9);
  });

  it('is uniform where all scores are 0 or the strength is', () => {
    expect([...softmaxPriority([0, 0], 50, 'max')]).toEqual([0.5, 0.5]);
    expect([...softmaxPriority([0.2, 0], 0, 'max')]).toEqual([0.5, 0.5]);
  });
});

it('rankPriority falls as (1/rank)^κ, and equal scores share their best rank', () => {
  expect([...rankPriority([0.1, 0.2], 1)]).toEqual([expect.closeTo(1 / 3), expect.closeTo(2 / 3)]);
  const tied = rankPriority([0.2, 0.2, 0.1], 2);
  expect(tied[0]).toBe(tied[1]);
  expect(tied[0]! / tied[2]!).toBeCloseTo(9, 9);
});

it('staleness is proportional to age, and uniform where everything is new', () => {
  expect([...staleness([1, 3])]).toEqual([0.25, 0.75]);
  expect([...staleness([0, 0])]).toEqual([0.5, 0.5]);
});
