import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../base/rng.ts';
import { EMPTY_HISTORY } from '../task.ts';
import { createLocks } from './locks.ts';
import { lockWording } from './wording.ts';

const SHAPE = { dials: 4, values: 3 };
const LOCK = { descriptors: [3, 11, 0], shifts: [0, 0, 0, 0] };
const wording = lockWording(SHAPE);
const read = (text: string): string | undefined => wording.read(LOCK, text)?.join(' ');

const setting = fc.array(fc.nat(2), { minLength: 4, maxLength: 4 });

describe('an answer in words', () => {
  it('is read however it is written', () => {
    const between = fc.constantFrom(' ', ', ', '-', ' – ', ' | ', '\n', '; ', '', '  ');
    const around = fc.constantFrom(['', ''], ['**', '**'], ['`', '`'], ['[', ']'], ['(', ')']);
    const before = fc.constantFrom('', 'I would try: ', 'The 4 dials:\n', 'CODE = ', 'Sure!\n\n');
    const after = fc.constantFrom('', '.', '\n', '\nThat may open it.', '!');
    fc.assert(
      fc.property(setting, between, around, before, after, (values, gap, marks, first, last) => {
        const [open, close] = marks as [string, string];
        const text = `${first}${open}${values.join(gap)}${close}${last}`;
        expect(wording.read(LOCK, text)).toEqual(values.map((value) => `v${value}`));
      }),
    );
  });

  it('comes back as it is asked for, and is read dial by dial in any order', () => {
    fc.assert(
      fc.property(setting, fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (values, order) => {
        const tokens = values.map((value) => `v${value}`);
        expect(wording.read(LOCK, wording.write(LOCK, tokens))).toEqual(tokens);
        const named = order.map((dial) => `- **Dial ${dial + 1}** is set to ${values[dial]}`);
        expect(wording.read(LOCK, named.join('\n'))).toEqual(tokens);
      }),
    );
  });

  it('never throws, and what it gives is a setting of the lock', () => {
    const task = createLocks({ id: 'l', label: '', summary: '', ...SHAPE });
    const bits = fc.constantFrom('0', '1', '2', '3', ' ', ',', '\n', 'dial ', ': ', '-', '.', 'A');
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(bits).map((list) => list.join('')),
    );
    fc.assert(
      fc.property(text, (any) => {
        const attempt = wording.read(LOCK, any);
        if (attempt === null) return;
        expect(task.grade(LOCK, EMPTY_HISTORY, attempt)).toMatchObject({ valid: true });
      }),
    );
  });

  it.each([
    ['1 0 2 1', 'v1 v0 v2 v1'],
    ['1021', 'v1 v0 v2 v1'],
    ['A lock with 4 dials from 0 to 2: I try 1 0 2 1, so 1 0 2 1.', 'v1 v0 v2 v1'],
    ['Labels A3 B11 C0 make me think of 1, 0, 2, 1.', 'v1 v0 v2 v1'],
    // What is not certain is malformed.
    ['', undefined],
    ['I do not know', undefined],
    ['1 0 2', undefined],
    ['1 0 2 1 1', undefined],
    ['1 0 2 3', undefined],
    ['1 0 2 1 or 1 0 2 2', undefined],
    ['Not 1 0 2 1.\nRather 0 0 2 1.', undefined],
    ['Dial 1: 0, dial 2: 1, dial 3: 2', undefined],
    ['Dial 1: 0, dial 1: 1, dial 2: 1, dial 3: 2, dial 4: 0', undefined],
    ['1.0 2.1 0 1', undefined],
  ])('%j is %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });
});

describe('the prompt in words', () => {
  it('says the labels, the previous attempt with its marks, and what is asked', () => {
    expect(wording.prompt(LOCK, { earlier: [] }, 'solve')).toBe(
      [
        'Break the code of a lock with 4 dials. Each dial is set to a number from 0 to 2.',
        'The lock is labelled A3 B11 C0.',
        'Locks with the same labels often open to the same numbers, but not always.',
        '',
        'Which numbers open it?',
        'Answer with the 4 numbers only, spaces between them.',
      ].join('\n'),
    );
    const latest = { text: ' 1 0 2 1\n', feedback: ['✓', '✗', '✗', '✓', 's4'] };
    expect(wording.prompt(LOCK, { earlier: [], latest }, 'improve')).toContain(
      'Your previous attempt:\n1 0 2 1\nDial 1 is right, dial 2 is wrong, dial 3 is wrong, dial 4 is right.\n\nImprove',
    );
  });

  it('tells nothing that the prompt of words does not tell', () => {
    const task = createLocks({ id: 'l', label: '', summary: '', ...SHAPE });
    const rng = createRng(1);
    const [one, other] = [task.sample('train', rng), task.sample('train', rng)];
    const hidden = { ...one, shifts: other.shifts.map((shift) => (shift + 1) % 3) };
    const prompt = (instance: typeof one): string =>
      task.wording!.prompt(instance, { earlier: [] }, 'solve');
    expect(prompt(hidden)).toBe(prompt(one));
  });
});
