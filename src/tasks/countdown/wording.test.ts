import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../base/rng.ts';
import { EMPTY_HISTORY } from '../task.ts';
import { createCountdown } from './countdown.ts';
import { OPERATORS, type Operator } from './vocabulary.ts';
import { countdownWording } from './wording.ts';

const wording = countdownWording('value');
import { writeSteps, type Step } from './steps.ts';

const PUZZLE = { numbers: [3, 7, 8], target: 32 };
const SOLVED = '7 - 3 = 4 ; 4 * 8 = 32'.split(' ');
const read = (text: string): string | undefined => wording.read(PUZZLE, text)?.join(' ');

const number = fc.integer({ min: 0, max: 199 });
const steps = fc.array(
  fc.record<Step>({
    left: number,
    operator: fc.constantFrom(...OPERATORS),
    right: number,
    result: number,
  }),
  { minLength: 1, maxLength: 5 },
);

const SIGNS: Readonly<Record<Operator, readonly string[]>> = {
  '+': ['+', 'plus', ' PLUS '],
  '-': ['-', '−', '–', 'minus'],
  '*': ['*', '×', 'x', '·', '\\times', 'multiplied by', 'times'],
  '/': ['/', '÷', '\\div', 'divided by'],
};

/** Ways to write one step that mean the same. */
const styles = fc.record({
  sign: fc.nat(10),
  equals: fc.constantFrom('=', ' = ', ' equals ', ' is ', ' => ', ' → ', ' gives '),
  space: fc.constantFrom(' ', '  '),
  around: fc.constantFrom(
    ['', ''],
    ['**', '**'],
    ['`', '`'],
    ['$', '$'],
    ['\\(', '\\)'],
    ['(', ''],
  ),
  mark: fc.constantFrom('', '- ', '* ', '• ', '1. ', '2) ', 'Step 3: ', '**Step 1:** ', '> ', '+ '),
  before: fc.constantFrom('', 'First, ', 'Then we have ', 'So: '),
  after: fc.constantFrom('', '.', ' ', ' (good)', ', which helps'),
});
type Style = typeof styles extends fc.Arbitrary<infer S> ? S : never;

function written({ left, operator, right, result }: Step, style: Style): string {
  const { sign, equals, space, around, mark, before, after } = style;
  const signs = SIGNS[operator];
  const [open, close] = around as [string, string];
  const bracket = open === '(' ? ')' : '';
  const made = `${left}${space}${signs[sign % signs.length]}${space}${right}`;
  return `${mark}${before}${open}${made}${bracket}${equals}${result}${close}${after}`;
}

describe('an answer in words', () => {
  it('is read however it is written', () => {
    const lines = fc.array(styles, { minLength: 5, maxLength: 5 });
    const opening = fc.constantFrom(
      '',
      'Sure! Here are the steps:\n',
      'To make 32 from 3, 7 and 8:\n',
    );
    const between = fc.constantFrom('\n', '\n\n', ' ;\n', '\r\n');
    const closing = fc.constantFrom('', '\nThe target is 32.', '\n\nAnswer = 32', '\n```');
    fc.assert(
      fc.property(steps, lines, opening, between, closing, (given, how, first, gap, last) => {
        const text = given.map((step, i) => written(step, how[i]!)).join(gap);
        expect(wording.read(PUZZLE, first + text + last)).toEqual(writeSteps(given));
      }),
    );
  });

  it('comes back as it is asked for', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const tokens = writeSteps(given);
        expect(wording.read(PUZZLE, wording.write(PUZZLE, tokens))).toEqual(tokens);
      }),
    );
  });

  it('never throws, and what it gives is an attempt of the domain', () => {
    const task = createCountdown({
      ...{ id: 'c', label: '', summary: '', numbers: 3, slots: 4, largest: 10, largestTarget: 60 },
    });
    const bits = fc.constantFrom(
      '7',
      '-',
      '3',
      '=',
      '4',
      '(',
      ')',
      ' ',
      '\n',
      'x',
      '**',
      '1.',
      ',',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(bits).map((list) => list.join('')),
    );
    fc.assert(
      fc.property(text, (any) => {
        const attempt = wording.read(PUZZLE, any);
        if (attempt === null) return;
        const grade = task.grade(PUZZLE, EMPTY_HISTORY, attempt);
        expect(grade).toMatchObject({ valid: true });
      }),
    );
  });

  it.each([
    ['7 - 3 = 4\n4 * 8 = 32', SOLVED.join(' ')],
    ['7-3=4, 4*8=32', SOLVED.join(' ')],
    ['(7 - 3) = 4\n4 * 8 = 32\nSo (7 - 3) * 8 = 32.', SOLVED.join(' ')],
    ['**Steps:**\n\n1. 7 − 3 = 4\n2. 4 × 8 = **32**', SOLVED.join(' ')],
    ['3 + 7 = 10. The target is 32.', '3 + 7 = 10'],
    // What is not certain is malformed.
    ['', undefined],
    ['I do not know.', undefined],
    ['(7 - 3) * 8 = 32', undefined],
    ['7 - 3 = 4 * 8 = 32', undefined],
    ['1 + 3 + 7 = 11', undefined],
    ['7 - 3 = 4\n(7 - 3) * 8 = 33', undefined],
    ['7 - 3 = 4\n(8 - 3) * 8 = 4', undefined],
    ['3 - 7 = -4', undefined],
    ['7 / 3 = 2.33', undefined],
    ['100 * 10 = 1,000', undefined],
    ['8 * 56 = 448', undefined],
    ['7 - 3 = x\nx * 8 = 32', undefined],
    ['7 - 3 =', undefined],
  ])('%j is %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });
});

describe('the prompt in words', () => {
  it('says the task, the previous attempt and what is asked', () => {
    expect(wording.prompt(PUZZLE, { earlier: [] }, 'solve')).toBe(
      [
        'Make 32 from the numbers 3, 7 and 8.',
        'Use +, -, * and /, and each number at most once.',
        'Every result is a whole number from 0 to 199, and can be used once in a later step.',
        'Write each step on a line of its own, like this:',
        '1 + 2 = 3',
        'The last result must be 32.',
        '',
        'Answer with the steps only.',
      ].join('\n'),
    );
    const latest = { text: '7 + 3 = 10\n10 * 8 = 80\n', feedback: ['80'] };
    const improve = wording.prompt(PUZZLE, { earlier: [], latest }, 'improve');
    expect(improve).toContain('Your previous attempt:\n7 + 3 = 10\n10 * 8 = 80\nIt reached 80.\n');
    expect(improve).toMatch(/answer with better steps only\.$/);
    const wrong = { ...latest, feedback: ['·'] };
    expect(wording.prompt(PUZZLE, { earlier: [], latest: wrong }, 'diverge')).toContain(
      'A step of it is wrong.\n\nSolve it in another way',
    );
  });

  it('says which step is the first wrong one, where that is what comes back', () => {
    const said = (word: string): string =>
      countdownWording('step').prompt(
        PUZZLE,
        { earlier: [], latest: { text: '7 + 3 = 10', feedback: [word] } },
        'improve',
      );
    expect(said('2')).toContain('7 + 3 = 10\nStep 2 of it is the first wrong one.\n');
    expect(said('0')).toContain('No step of it is wrong.');
    expect(said('·')).toContain('It has no steps that could be read.');
  });

  it('never holds the numbers of another task: only its own, and those of the example', () => {
    const task = createCountdown({
      ...{ id: 'c', label: '', summary: '', numbers: 4, slots: 6, largest: 20, largestTarget: 99 },
    });
    const rng = createRng(1);
    for (let i = 0; i < 100; i++) {
      const instance = task.sample('train', rng);
      const text = task.wording!.prompt(instance, { earlier: [] }, 'solve');
      const said = (text.match(/\d+/g) ?? []).map(Number);
      const own = [...instance.numbers, instance.target, 0, 199, 1, 2, 3];
      expect(said.every((value) => own.includes(value))).toBe(true);
    }
  });
});
