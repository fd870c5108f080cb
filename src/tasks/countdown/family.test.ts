import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRng } from '../../base/rng.ts';
import { DEFAULT_CONFIG, type Config } from '../../schema/params.ts';
import { taskFor } from '../registry.ts';
import { EMPTY_HISTORY, type Task } from '../task.ts';
import type { CountdownInstance } from './instance.ts';
import { allSolutions, isRight } from './oracle.testing.ts';
import { countSolutions, solutionsOf } from './solutions.ts';
import { MOST } from './vocabulary.ts';

function family(values: Partial<Config> = {}): Task<CountdownInstance> {
  const config = { ...DEFAULT_CONFIG, task: 'countdown-family' as const, ...values };
  // Of this domain, as its id says.
  return taskFor(config, () => config) as unknown as Task<CountdownInstance>;
}

const SPLITS = ['train', 'test', 'larger-targets', 'unsolved', 'more-numbers', 'unseen-numbers'];

function drawn(task: Task<CountdownInstance>, split: string, count = 40): CountdownInstance[] {
  const rng = createRng(5);
  return Array.from({ length: count }, () => task.sample(split, rng));
}

describe('the family', () => {
  test('has 3 to 6 numbers up to 25 and targets up to 199, each split its part', () => {
    const of = (split: string) => {
      const all = drawn(family(), split, 60);
      const counts = all.map(({ numbers }) => numbers.length);
      const numbers = all.flatMap((one) => one.numbers);
      const targets = all.map(({ target }) => target);
      return {
        counts: [...new Set(counts)].sort(),
        overTwenty: numbers.some((value) => value > 20),
        overHundred: targets.filter((target) => target > 99).length,
        within: Math.max(...numbers) <= 25 && Math.max(...targets) <= 199,
      };
    };
    const usual = { counts: [3, 4], overTwenty: false, overHundred: 0, within: true };
    expect(of('train')).toEqual(usual);
    expect(of('test')).toEqual(usual);
    expect(of('larger-targets')).toEqual({ ...usual, overHundred: 60 });
    expect(of('more-numbers')).toEqual({ ...usual, counts: [5, 6] });
    expect(of('unseen-numbers')).toEqual({ ...usual, overTwenty: true });
  });

  test('has no more solutions than asked for, in every split, and then still all splits', () => {
    for (const split of SPLITS) {
      const few = drawn(family({ countdownSolutions: 3 }), split, 20).map(countSolutions);
      expect(Math.min(...few)).toBeGreaterThanOrEqual(1);
      expect(Math.max(...few)).toBeLessThanOrEqual(3);
    }
    expect(Math.max(...drawn(family(), 'train').map(countSolutions))).toBeGreaterThan(3);
  });

  test('uneven, has targets that nothing makes', () => {
    const task = family({ unsolvableShare: 1, countdownSolutions: 3 });
    for (const instance of drawn(task, 'train', 20)) {
      expect(instance.kind).toBe('unsolvable');
      expect(allSolutions(instance.numbers, instance.target, MOST).size).toBe(0);
    }
  });

  test('takes an instance of one’s own, up to 6 numbers to 25 and targets to 199', () => {
    const task = family({ countdownSolutions: 1, countdownFeedback: 'step' });
    const own = '25 24 3 4 5 6 = 199';
    expect(task.format!(task.parse!(own))).toBe(own);
    expect(() => task.parse!('26 1 2 = 27')).toThrow('expected a whole number from 1 to 25');
  });

  test('shows short solutions, as short as there are', () => {
    const operators = (text: string): number => text.split(/ [-+*/] /).length - 1;
    for (const { numbers, target } of drawn(family(), 'train')) {
      const steps = solutionsOf(numbers).draw(target, createRng(2), 'fewest').length;
      const all = [...allSolutions(numbers, target, MOST)].map(operators);
      expect(steps).toBe(Math.min(...all));
    }
  });

  test('shows what is right kept, and most of what is wrong mended', () => {
    const task = family();
    const rng = createRng(8);
    const seen = { kept: 0, right: 0, mended: 0, wrong: 0 };
    for (let i = 0; i < 600; i++) {
      const instance = task.sample('train', rng);
      const tokens = task.demonstrate(instance, EMPTY_HISTORY, 'solve', rng);
      const latest = { tokens, feedback: [], quality: 0 };
      const next = task.demonstrate(instance, { earlier: [], latest }, 'improve', rng);
      const right = (words: readonly string[]): boolean =>
        isRight(instance.numbers, instance.target, words.join(' '));
      if (right(tokens)) {
        seen.right++;
        seen.kept += Number(next.join(' ') === tokens.join(' '));
      } else {
        seen.wrong++;
        seen.mended += Number(right(next));
      }
    }
    expect(seen.kept).toBe(seen.right);
    expect(Math.abs(seen.right / 600 - 0.61)).toBeLessThan(0.08);
    expect(Math.abs(seen.mended / seen.wrong - 0.85)).toBeLessThan(0.09);
  });
});

describe('what a run says of an attempt', () => {
  const PUZZLE = { numbers: [3, 7, 8], target: 32 };
  const graded = (values: Partial<Config>, text: string) => {
    const verdict = family(values).grade(PUZZLE, EMPTY_HISTORY, text.split(' '));
    if (verdict instanceof Promise) throw new Error('expected a synchronous grade');
    return verdict;
  };

  test.each([
    ['7 - 3 = 4 ; 4 * 8 = 32', '0', '32'],
    ['7 - 3 = 5 ; 5 * 8 = 40', '1', '·'],
    ['7 - 3 = 4 ; 4 + 8 = 12', '2', '12'],
    ['7 - 3 = 4 ; 4 * 9 = 36 ; 36 - 4 = 32', '2', '·'],
    ['7 - 3 =', '·', '·'],
  ])('%s: first wrong step %s, value %s', (text, step, value) => {
    expect(graded({ countdownFeedback: 'step' }, text).feedback).toEqual([step]);
    expect(graded({ countdownFeedback: 'value' }, text).feedback).toEqual([value]);
    expect(graded({}, text).feedback).toEqual([]);
  });

  test('has the word of feedback before the mode, and room for it', () => {
    for (const countdownFeedback of ['value', 'step'] as const) {
      const task = family({ countdownFeedback });
      const latest = { tokens: [], feedback: ['2'], quality: 0 };
      const prompt = task.prompt(PUZZLE, { earlier: [], latest }, 'improve');
      expect(prompt.slice(-2)).toEqual(['2', 'improve']);
      expect(prompt).toHaveLength(task.maxPromptTokens);
      expect(task.maxPromptTokens).toBe(family().maxPromptTokens + 1);
    }
  });

  test('pays near misses no more than the credit, and nothing else but solutions', () => {
    const credit = fc.integer({ min: 0, max: 19 }).map((n) => n / 20);
    fc.assert(
      fc.property(credit, fc.integer({ min: 0, max: 199 }), (countdownCredit, result) => {
        const near = graded({ countdownCredit }, `7 - 3 = 4 ; 4 * 8 = 32 ; 32 - 0 = ${result}`);
        expect(near.quality).toBe(0);
        const { quality } = graded({ countdownCredit }, '8 * 3 = 24');
        expect(quality).toBeCloseTo(0.75 * countdownCredit, 12);
        expect(graded({ countdownCredit }, '7 - 3 = 4 ; 4 * 8 = 32').quality).toBe(1);
      }),
      { numRuns: 30 },
    );
  });
});
