import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRng, type Rng } from '../../base/rng.ts';
import { EMPTY_HISTORY, MODES, type Grade, type History, type Task } from '../task.ts';
import { createCountdown, type CountdownOptions } from './countdown.ts';
import type { CountdownInstance } from './instance.ts';
import { isRight } from './oracle.testing.ts';

const SMALL: CountdownOptions = {
  id: 'small',
  label: 'Small',
  summary: '',
  numbers: 3,
  slots: 4,
  largest: 10,
  largestTarget: 60,
};
const LARGE: CountdownOptions = {
  id: 'large',
  label: 'Large',
  summary: '',
  numbers: 4,
  slots: 6,
  largest: 20,
  largestTarget: 99,
};
const VARIANTS = [createCountdown(SMALL), createCountdown(LARGE)];
const [small] = VARIANTS as [Task<CountdownInstance>];
const PUZZLE = { numbers: [3, 7, 8], target: 32 };

/** The grade is synchronous in this domain; the test holds it to that. */
function gradeWords(
  task: Task<CountdownInstance>,
  instance: CountdownInstance,
  completion: readonly string[],
): Grade {
  const verdict = task.grade(instance, EMPTY_HISTORY, completion);
  if (verdict instanceof Promise) throw new Error('expected a synchronous grade');
  return verdict;
}

function grade(text: string, instance = PUZZLE, task = small): Grade {
  return gradeWords(task, instance, text.split(' '));
}

/** Derivations, right, wrong and mutilated, and heaps of words. */
function anyCompletion(
  task: Task<CountdownInstance>,
  instance: CountdownInstance,
  rng: Rng,
): string[] {
  const kind = rng.int(4);
  if (kind === 0) {
    const length = rng.int(task.maxCompletionTokens + 3);
    return Array.from({ length }, () => rng.pick([...task.vocabulary, 'nonsense', '<pad>', '']));
  }
  const other = rng.chance(0.1) ? task.sample('train', rng) : instance;
  const words = task.demonstrate(other, EMPTY_HISTORY, 'solve', rng);
  if (kind === 1) return words;
  const at = rng.int(words.length);
  const near = [...words, ...instance.numbers.map(String), '+', '-', '*', '/'];
  return kind === 2 ? words.with(at, rng.pick(near)) : words.toSpliced(at, rng.int(7));
}

describe('the grader', () => {
  test('agrees with an independent oracle on 10,000 random attempts, many of them malformed', () => {
    const rng = createRng(5);
    const seen = { right: 0, wrong: 0, malformed: 0 };
    const pools = VARIANTS.map((task) =>
      Array.from({ length: 200 }, () => task.sample('train', rng)),
    );
    for (let i = 0; i < 10_000; i++) {
      const task = VARIANTS[i % 2]!;
      const instance = rng.pick(pools[i % 2]!);
      const completion = anyCompletion(task, instance, rng);
      const { solved, quality, valid } = gradeWords(task, instance, completion);
      const right = isRight(instance.numbers, instance.target, completion.join(' '));
      if (solved !== right || quality !== Number(right)) {
        expect.fail(`${task.format!(instance)}: ${completion.join(' ')} is ${right}`);
      }
      seen[right ? 'right' : valid ? 'wrong' : 'malformed']++;
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(1000);
  });

  test.each([
    ['7 - 3 = 4 ; 4 * 8 = 32', true, true],
    ['7 - 3 = 4 ; 8 * 4 = 32', true, true],
    ['8 * 7 = 56 ; 56 - 3 = 53', false, true],
    ['3 - 7 = 4 ; 4 * 8 = 32', false, true],
    ['4 * 8 = 32', false, true],
    ['8 * 8 = 64 ; 64 / 3 = 32', false, true],
    ['7 - 3 = 5 ; 4 * 8 = 32', false, true],
    ['7 - 3 = 4 ; 7 - 3 = 4 ; 4 * 8 = 32', false, true],
    ['7 - 3 = 4 ; 4 * 8 = 32 ;', false, false],
    ['7 - 3 = 4 4 * 8 = 32', false, false],
    ['7 - 3 = 4 + 4 * 8 = 32', false, false],
    ['7 - 3 4 ; 4 * 8 = 32', false, false],
    ['07 - 3 = 4 ; 4 * 8 = 32', false, false],
    ['', false, false],
  ])('takes %s as solved: %s, valid: %s', (text, solved, valid) => {
    expect(grade(text)).toEqual({ quality: solved ? 1 : 0, solved, valid, feedback: [] });
  });

  test('takes a repeated number as often as it is given, and steps that nothing rests on', () => {
    const twice = { numbers: [4, 4, 9, 1], target: 8 };
    expect(grade('4 + 4 = 8', twice).solved).toBe(true);
    expect(grade('9 - 1 = 8', twice).solved).toBe(true);
    expect(grade('9 * 1 = 9 ; 4 + 4 = 8', twice).solved).toBe(true);
    expect(grade('9 - 1 = 8 ; 9 - 1 = 8', twice).solved).toBe(false);
  });

  test('divides without remainder, not by 0, and does not go below 0', () => {
    const numbers = { numbers: [5, 5, 3, 12], target: 4 };
    expect(grade('12 / 3 = 4', numbers).solved).toBe(true);
    expect(grade('5 / 3 = 1', numbers).solved).toBe(false);
    expect(grade('5 - 5 = 0 ; 12 / 0 = 4', numbers).solved).toBe(false);
    expect(grade('3 - 5 = 2 ; 2 * 2 = 4', numbers).solved).toBe(false);
    expect(grade('5 - 5 = 0 ; 0 / 3 = 0 ; 0 + 12 = 12', { ...numbers, target: 12 }).solved).toBe(
      true,
    );
  });
});

describe('options', () => {
  const generous = createCountdown({ ...SMALL, partialCredit: 0.4, feedback: 'value' });

  test('partial credit falls with the distance, and is for right steps only', () => {
    const quality = (text: string): number => grade(text, PUZZLE, generous).quality;
    expect(quality('7 - 3 = 4 ; 4 * 8 = 32')).toBe(1);
    expect(quality('3 * 8 = 24 ; 24 + 7 = 31')).toBeCloseTo(0.4 * (31 / 32));
    expect(quality('3 * 8 = 24')).toBeCloseTo(0.4 * (24 / 32));
    expect(quality('8 * 7 = 56 ; 56 * 3 = 168')).toBe(0);
    expect(quality('3 * 8 = 25 ; 25 + 7 = 32')).toBe(0);
    expect(quality('3 * 8 =')).toBe(0);
  });

  test('feedback says what was reached, one word before the mode', () => {
    const shown = (text: string): string[] => {
      const { feedback, quality } = grade(text, PUZZLE, generous);
      const latest = { tokens: text.split(' '), feedback, quality };
      return generous.prompt(PUZZLE, { earlier: [], latest }, 'improve').slice(-2);
    };
    expect(shown('3 * 8 = 24 ; 24 + 7 = 31')).toEqual(['31', 'improve']);
    expect(shown('3 * 8 = 25 ; 25 + 7 = 32')).toEqual(['·', 'improve']);
    expect(generous.prompt(PUZZLE, EMPTY_HISTORY, 'solve')).toHaveLength(generous.maxPromptTokens);
    expect(generous.feedback && !small.feedback).toBe(true);
  });
});

describe('solution keys', () => {
  const key = (text: string, instance: CountdownInstance = PUZZLE): string =>
    small.solutionKey!(instance, text.split(' '));

  test('ignore the order of operands that commute and of independent steps, and idle steps', () => {
    expect(key('8 * 4 = 32')).toBe('8 * 4 = 32');
    expect(key('7 - 3 = 4 ; 8 * 4 = 32')).toBe(key('7 - 3 = 4 ; 4 * 8 = 32'));
    expect(key('7 - 3 = 4 ; 4 * 8 = 32')).toBe('(7 - 3) * 8');
    const four = { numbers: [1, 2, 5, 9], target: 12 };
    expect(key('1 + 2 = 3 ; 9 - 5 = 4 ; 3 * 4 = 12', four)).toBe(
      key('9 - 5 = 4 ; 2 + 1 = 3 ; 4 * 3 = 12', four),
    );
    expect(key('1 * 5 = 5 ; 2 + 9 = 11', four)).toBe('2 + 9');
  });

  test('tell derivations of one value apart', () => {
    const four = { numbers: [2, 4, 6, 3], target: 24 };
    expect(key('4 * 6 = 24', four)).not.toBe(key('2 * 4 = 8 ; 8 * 3 = 24', four));
    expect(key('6 / 3 = 2 ; 2 + 4 = 6', four)).not.toBe(key('3 * 2 = 6 ; 6 + 4 = 10', four));
  });

  test('are the words where a step is wrong', () => {
    expect(key('7 - 3 = 5 ; 4 * 8 = 32')).toBe('7 - 3 = 5 ; 4 * 8 = 32');
    expect(key('; ;')).toBe('; ;');
  });
});

describe.each(VARIANTS)('prompt of $id', (task) => {
  test('has one layout: numbers, target, previous attempt, mode', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(...MODES), (seed, mode) => {
        const rng = createRng(seed);
        const split = rng.pick(['train', 'test', 'unseen-numbers']);
        const instance = task.sample(split, rng);
        const tokens = anyCompletion(task, instance, rng);
        const history: History = { earlier: [], latest: { tokens, feedback: [], quality: 0 } };
        const prompt = task.prompt(instance, history, mode);
        const slots = task.maxPromptTokens - task.maxCompletionTokens - 1;
        expect(prompt).toHaveLength(task.maxPromptTokens);
        expect(prompt.slice(0, instance.numbers.length)).toEqual(instance.numbers.map(String));
        expect(prompt[slots]).toBe(`${instance.target}`);
        const sayable = /^(\d+|[-+*/=;])$/;
        const written = prompt.slice(slots + 1, -1);
        written.forEach((word, i) => {
          const own = tokens[i] ?? '·';
          expect(word).toBe(sayable.test(own) ? own : '·');
        });
        expect(prompt.at(-1)).toBe(mode);
        expect(prompt.every((word) => task.vocabulary.includes(word))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

test('a prompt as a whole', () => {
  expect(small.prompt(PUZZLE, EMPTY_HISTORY, 'solve').join(' ')).toBe(
    `3 7 8 · 32 ${'· '.repeat(17)}solve`,
  );
  const latest = { tokens: '7 + 3 = 10 ; 10 * 8 = 80'.split(' '), feedback: [], quality: 0 };
  expect(small.prompt(PUZZLE, { earlier: [], latest }, 'improve').join(' ')).toBe(
    `3 7 8 · 32 7 + 3 = 10 ; 10 * 8 = 80 ${'· '.repeat(6)}improve`,
  );
});

describe('what a person types', () => {
  test.each(['3 7 8 = 32', '3 7 8 -> 32', ' 3,7, 8→32 ', '3 7 8=32'])('reads %s', (text) => {
    expect(small.parse!(text)).toEqual(PUZZLE);
  });

  test('is what format writes', () => {
    const rng = createRng(3);
    for (const task of VARIANTS) {
      for (const { id } of task.heldOut!) {
        const instance = task.sample(id, rng);
        expect(task.parse!(task.format!(instance))).toEqual(instance);
      }
    }
    expect(small.format!(PUZZLE)).toBe('3 7 8 = 32');
  });

  test.each([
    ['3 7 8', 'instance: got "3 7 8", expected numbers and a target like 3 5 8 = 32'],
    ['3 7 8 = 32 = 1', 'instance: got "3 7 8 = 32 = 1", expected numbers and a target'],
    ['3 x 8 = 32', 'numbers: got "x", expected a whole number from 1 to 25'],
    ['3 0 8 = 32', 'numbers: got "0", expected a whole number from 1 to 25'],
    ['3 26 8 = 32', 'numbers: got "26", expected a whole number from 1 to 25'],
    ['3 1.5 8 = 32', 'numbers: got "1.5", expected a whole number from 1 to 25'],
    ['3 7 = 21', 'numbers: got 2 numbers, expected 3 to 4 of them'],
    ['1 2 3 4 5 = 21', 'numbers: got 5 numbers, expected 3 to 4 of them'],
    ['3 7 8 = ', 'target: got "", expected a whole number from 1 to 199'],
    ['3 7 8 = 200', 'target: got "200", expected a whole number from 1 to 199'],
    ['1 1 1 = 50', 'target: got 50, expected one that 1 1 1 can make; the nearest is 3'],
  ])('is refused: %s', (text, message) => {
    expect(() => small.parse!(text)).toThrow(RangeError);
    expect(() => small.parse!(text)).toThrow(message);
  });
});
