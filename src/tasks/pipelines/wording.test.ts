import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../base/rng.ts';
import { CHOICES, SLOTS } from '../tables/choices.ts';
import { COMPETITIONS } from '../tables/competitions.ts';
import { META_WORDS } from '../tables/meta.ts';
import { EMPTY_HISTORY, MODES } from '../task.ts';
import { createPipelines } from './pipelines.ts';
import { PIPELINES_WORDING as wording } from './wording.ts';

const MOONS = { competition: 'moons' };
const read = (text: string): string | undefined => wording.read(MOONS, text)?.join(' ');

const choices = fc
  .tuple(...SLOTS.map((slot) => fc.constantFrom<string>(...CHOICES[slot])))
  .map((words) => [...words]);

describe('an answer in words', () => {
  it('is read by name however it is written, in any order', () => {
    const order = fc.shuffledSubarray([...SLOTS.keys()], { minLength: SLOTS.length });
    const mark = fc.constantFrom('', '- ', '1. ', '* ', '• ');
    const around = fc.constantFrom('', '**', '`', '"');
    const sign = fc.constantFrom(': ', ' = ', ' -> ', ' is ', ':  ');
    const opening = fc.constantFrom('', 'Sure!\n\n', 'For this table I would choose:\n');
    const closing = fc.constantFrom('', '\nThat keeps the model small.', '.');
    fc.assert(
      fc.property(choices, order, mark, around, sign, opening, closing, (given, ...style) => {
        const [indices, start, quote, is, first, last] = style;
        const lines = indices.map(
          (i) =>
            `${start}${quote}${SLOTS[i]}${quote}${is}${quote}${given[i]!.toUpperCase()}${quote}`,
        );
        expect(wording.read(MOONS, first + lines.join('\n') + last)).toEqual(given);
      }),
    );
  });

  it('is read as a list in order, and comes back as it is asked for', () => {
    const gap = fc.constantFrom(', ', ' ', '\n', ' | ', '; ', ' → ', '\n- ');
    fc.assert(
      fc.property(choices, gap, (given, between) => {
        expect(wording.read(MOONS, wording.write(MOONS, given))).toEqual(given);
        expect(wording.read(MOONS, `My choices:\n${given.join(between)}.`)).toEqual(given);
      }),
    );
  });

  it('never throws, and what it gives is seven choices', () => {
    const bits = fc.constantFrom(
      ...[...SLOTS, ...SLOTS.flatMap((slot) => CHOICES[slot])],
      ...[': ', ', ', ' ', '\n', ' is ', '**', '-', 'and'],
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(bits, { maxLength: 30 }).map((list) => list.join(' ')),
      choices.map((given) => given.join(' or ')),
    );
    fc.assert(
      fc.property(text, (any) => {
        const attempt = wording.read(MOONS, any);
        if (attempt === null) return;
        attempt.forEach((word, i) => expect(CHOICES[SLOTS[i]!]).toContain(word));
        expect(attempt).toHaveLength(SLOTS.length);
      }),
      { numRuns: 100 },
    );
  });

  const SEVEN = 'median standard all forest medium strong bagged';
  const LINES = SEVEN.split(' ').map((word, i) => `${SLOTS[i]}: ${word}`);
  it.each([
    [SEVEN, SEVEN],
    [LINES.join(', '), SEVEN],
    [LINES.join('\n').replace('regularisation', 'Regularization'), SEVEN],
    [`${LINES.join('\n')}\nThe model is a forest.`, SEVEN],
    [`${LINES.join('\n')}\nThe size is what matters.`, SEVEN],
    [`${SEVEN}. Once more: ${SEVEN}`, SEVEN],
    // What is not certain is malformed.
    ['', undefined],
    ['I would take a forest.', undefined],
    [LINES.slice(1).join('\n'), undefined],
    [`${LINES.join('\n')}\nmodel: tree`, undefined],
    [LINES.join('\n').replace('forest', 'median'), undefined],
    [LINES.join('\n').replace('forest', 'transformer'), undefined],
    [`${SEVEN} bagged`, undefined],
    [`${SEVEN}\nor\n${SEVEN.replace('forest', 'tree')}`, undefined],
    ['standard median all forest medium strong bagged', undefined],
  ])('%j is %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });
});

describe('the prompt in words', () => {
  it('says what the table is like, the choices there are, and what came of the previous ones', () => {
    const prompt = (feedback: readonly string[]): string =>
      wording.prompt(MOONS, { earlier: [], latest: { text: 'my choices\n', feedback } }, 'improve');
    expect(prompt(['v7', 't9'])).toContain(
      'The table: two classes to be predicted, judged by accuracy, ',
    );
    expect(prompt(['v7', 't9'])).toContain('\nimpute: keep, median, flag (');
    expect(prompt(['v7', 't9'])).toContain(
      'Your previous choices:\nmy choices\nSkill on rows left out: 0.7 to 0.8. On rows trained on: 0.9 to 1.\n\nImprove',
    );
    expect(prompt(['v<', 't0'])).toContain(
      'left out: worse than guessing. On rows trained on: 0 to',
    );
    expect(prompt(['kind', '·'])).toContain('They failed: this model predicts classes');
    expect(prompt(['malformed', '·'])).toContain('They could not be read.\n');
  });

  it('says every table in words, as long as it says at most', () => {
    const longest = wording.longest!().length;
    for (const competition of COMPETITIONS) {
      for (const mode of MODES) {
        const latest = { text: '', feedback: ['missing', '·'] };
        const prompt = wording.prompt({ competition }, { earlier: [], latest }, mode);
        expect(prompt.length).toBeLessThanOrEqual(longest);
        const said = /The table: (.*)\./.exec(prompt)![1]!.split(', ');
        const words = META_WORDS.filter((word) => !['numeric', 'mixed', 'balanced'].includes(word));
        expect(said.filter((part) => words.includes(part))).toEqual([]);
      }
    }
  });

  it('demonstrations are read back, and graded as the domain grades them', async () => {
    const task = createPipelines({ id: 'p', label: '', summary: '' });
    const rng = createRng(1);
    for (let i = 0; i < 20; i++) {
      const instance = task.sample('train', rng);
      const tokens = task.demonstrate(instance, EMPTY_HISTORY, 'solve', rng);
      const again = task.wording!.read(instance, task.wording!.write(instance, tokens));
      expect(again).toEqual(tokens);
      expect(await task.grade(instance, EMPTY_HISTORY, again!)).toMatchObject({ valid: true });
    }
  });
});
