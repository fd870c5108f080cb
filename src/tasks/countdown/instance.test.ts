import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRng } from '../../base/rng.ts';
import {
  heldOutSplits,
  sampleCountdown,
  sampleMadeAlready,
  sampleUnreachable,
  splitOf,
  type CountdownInstance,
} from './instance.ts';
import type { CountdownShape } from './manifest.ts';
import { allSolutions, isRight } from './oracle.testing.ts';
import { countSolutions, solutionsOf } from './solutions.ts';
import { expressionOf, writeSteps } from './steps.ts';
import { MOST } from './vocabulary.ts';

const SHAPES: readonly CountdownShape[] = [
  { numbers: 3, slots: 4, largest: 10, largestTarget: 60 },
  { numbers: 4, slots: 6, largest: 20, largestTarget: 99 },
];

const someNumbers = fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 2, maxLength: 4 });

describe('solutions', () => {
  test('are as many as an exhaustive search finds, and drawn from those', () => {
    fc.assert(
      fc.property(someNumbers, fc.integer({ min: 0, max: 60 }), (numbers, target) => {
        const all = allSolutions(numbers, target, MOST);
        const solutions = solutionsOf(numbers);
        expect(solutions.count(target)).toBe(all.size);
        if (all.size === 0) return;
        const steps = solutions.draw(target, createRng(target));
        expect(all).toContain(expressionOf(numbers, steps));
        expect(isRight(numbers, target, writeSteps(steps).join(' '))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  // 1 2 3 make 5 as 2 + 3, that times or over 1, 1 taken into either number first, and 2 * 3 - 1.
  test.each([
    [[3, 3], 6, 1],
    [[3, 3], 0, 1],
    [[2, 2, 2], 6, 2],
    [[1, 2, 3], 5, 8],
    [[25, 25], 625, 0],
  ])('of %s to %i are %i, counted by hand', (numbers, target, count) => {
    expect(countSolutions({ numbers, target })).toBe(count);
  });

  test('use every number where that is possible, and each way of doing so', () => {
    const numbers = [2, 4, 6];
    const found = new Set<string>();
    const rng = createRng(1);
    for (let i = 0; i < 400; i++) {
      found.add(expressionOf(numbers, solutionsOf(numbers).draw(12, rng)));
    }
    const complete = [...allSolutions(numbers, 12, MOST)].filter(
      (text) => text.match(/\d+/g)!.length === 3,
    );
    expect(found).toEqual(new Set(complete));
    expect(solutionsOf(numbers).countComplete(12)).toBe(complete.length);
  });

  test('refuse what cannot be made', () => {
    expect(() => solutionsOf([1, 1, 1]).draw(50, createRng(1))).toThrow(
      new RangeError('1 1 1 cannot make 50'),
    );
  });
});

function canonical({ numbers, target }: CountdownInstance): string {
  return `${[...numbers].sort((a, b) => a - b).join(' ')} = ${target}`;
}

describe.each(SHAPES)('splits with $numbers numbers up to $largest', (shape) => {
  const ids = ['train', ...heldOutSplits(shape).map(({ id }) => id)];
  const rng = createRng(11);
  const drawn = new Map(
    ids.map((id) => {
      const count = id === 'more-numbers' || shape.numbers > 3 ? 30 : 300;
      return [id, Array.from({ length: count }, () => sampleCountdown(shape, id, rng))];
    }),
  );
  const of = (id: string): CountdownInstance[] => drawn.get(id)!;

  test('never overlap, whatever the order of the numbers', () => {
    const owner = new Map<string, string>();
    for (const [id, instances] of drawn) {
      for (const instance of instances) {
        expect(owner.get(canonical(instance)) ?? id).toBe(id);
        owner.set(canonical(instance), id);
        const reversed = { ...instance, numbers: instance.numbers.toReversed() };
        expect(splitOf(shape, reversed)).toBe(id);
      }
    }
  });

  test('hold solvable instances only, and can be known by what they promise', () => {
    const all = (id: string, holds: (instance: CountdownInstance) => boolean): void =>
      expect(of(id).filter((instance) => !holds(instance))).toEqual([]);
    for (const id of ids) all(id, (instance) => countSolutions(instance) > 0);
    for (const id of ['train', 'test', 'unsolved', 'more-numbers']) {
      all(id, ({ numbers }) => Math.max(...numbers) <= shape.largest);
    }
    for (const id of ids.filter((name) => name !== 'larger-targets')) {
      all(id, ({ target }) => target >= 1 && target <= shape.largestTarget);
    }
    all('larger-targets', ({ target }) => target > shape.largestTarget && target <= MOST);
    const unseen = (value: number): boolean => value > shape.largest;
    all('unseen-numbers', ({ numbers }) => numbers.filter(unseen).length === 1);
    all('unseen-numbers', ({ numbers }) => Math.max(...numbers) <= 25);
    all('more-numbers', ({ numbers: { length } }) => length > shape.numbers);
    all('more-numbers', ({ numbers: { length } }) => length <= shape.slots);
    all('train', ({ numbers: { length } }) => length === shape.numbers);
  });

  test('the unsolved have one solution, which divides or goes above the target', () => {
    for (const { numbers, target } of of('unsolved').slice(0, 40)) {
      const [only, ...others] = allSolutions(numbers, target, MOST);
      expect(others).toEqual([]);
      const steps = solutionsOf(numbers).draw(target, createRng(1));
      expect(only!.includes('/') || steps.some(({ result }) => result > target)).toBe(true);
    }
  });

  test('an instance without solution, or far off in two respects, belongs to none', () => {
    const ones = Array<number>(shape.numbers).fill(1);
    expect(splitOf(shape, { numbers: ones, target: 50 })).toBeUndefined();
    const far = { numbers: Array<number>(shape.numbers + 1).fill(25), target: 50 };
    expect(splitOf(shape, far)).toBeUndefined();
    const mixed = { numbers: [25, 24, ...ones.slice(2)], target: 50 };
    expect(splitOf(shape, mixed)).toBeUndefined();
  });

  test('an unknown one is refused', () => {
    expect(() => sampleCountdown(shape, 'dev', createRng(1))).toThrow(
      new RangeError(`split: got "dev", expected one of ${ids.join(', ')}`),
    );
  });

  test('instances are plain JSON, and the same seed gives the same ones', () => {
    const instance = sampleCountdown(shape, 'train', createRng(1));
    expect(JSON.parse(JSON.stringify(instance))).toEqual(instance);
    expect(sampleCountdown(shape, 'train', createRng(1))).toEqual(instance);
  });

  const plain = of('train');
  const unreachable = plain.map((instance) => sampleUnreachable(shape, instance, rng));
  const made = plain.map((instance) => sampleMadeAlready(shape, instance, rng));

  test('unreachable targets have no solution, so they belong to no split, and look like others', () => {
    for (const instance of unreachable) {
      const { numbers, target } = instance;
      expect(instance.kind).toBe('unsolvable');
      expect(allSolutions(numbers, target, MOST).size).toBe(0);
      expect(splitOf(shape, instance)).toBeUndefined();
      expect(numbers).toHaveLength(shape.numbers);
      expect(Math.max(...numbers)).toBeLessThanOrEqual(shape.largest);
    }
    const targets = (instances: CountdownInstance[]) => instances.map(({ target }) => target);
    expect(targets(unreachable)).toEqual(targets(plain));
  });

  test('targets among the numbers are those of training instances', () => {
    for (const instance of made) {
      expect(instance.kind).toBe('trivial');
      expect(instance.numbers).toContain(instance.target);
      expect(splitOf(shape, instance)).toBe('train');
    }
  });
});
