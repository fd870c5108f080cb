import { describe, expect, it } from 'vitest';
import { createRng } from '../base/rng.ts';
import { createCountdown } from './countdown/countdown.ts';
import { taskInWords, type TextCodec } from './in-words.ts';
import { EMPTY_HISTORY } from './task.ts';

const letters = (text: string): string[] => Array.from(text);

/** A model whose pieces are letters. */
const LETTERS: TextCodec = {
  words: ['<end>', ...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)), '\n'],
  encode: letters,
  decode: (pieces) => pieces.join(''),
  chat: (message) => letters(`user: ${message}\nyou: `),
};
const SHAPE = { numbers: 3, slots: 4, largest: 10, largestTarget: 60, feedback: 'value' } as const;
const countdown = createCountdown({ id: 'small', label: 'Small', summary: '', ...SHAPE });
const task = taskInWords(countdown, LETTERS, 60);
const PUZZLE = { numbers: [3, 7, 8], target: 32 };
const attempt = (text: string) => ({ tokens: letters(text), feedback: [], quality: 0 });

describe('a domain in words', () => {
  it('grades a free text as the domain grades its words', async () => {
    const grade = (text: string) => task.grade(PUZZLE, EMPTY_HISTORY, letters(text));
    const right = await grade('Sure!\n1. 7 - 3 = 4\n2. 4 × 8 = 32');
    expect(right).toMatchObject({ quality: 1, solved: true, valid: true, feedback: ['32'] });
    expect(await grade('7 - 3 = 4')).toMatchObject({ quality: 0, valid: true, feedback: ['4'] });
    expect(await grade('no idea')).toMatchObject({ quality: 0, valid: false, feedback: ['·'] });
  });

  it('asks with the previous attempt as it was written', () => {
    const latest = { ...attempt('I say: 7 + 3 = 10'), feedback: ['10'] };
    const text = task.prompt(PUZZLE, { earlier: [], latest }, 'improve').join('');
    expect(text).toContain('Your previous attempt:\nI say: 7 + 3 = 10\nIt reached 10.');
    expect(text).toMatch(/^user: Make 32 from .*\nyou: $/s);
  });

  it('keeps its prompts within what it says is the longest', () => {
    const rng = createRng(2);
    for (let i = 0; i < 50; i++) {
      const instance = task.sample('train', rng);
      const latest = { ...attempt('9'.repeat(60)), feedback: ['199'] };
      const prompt = task.prompt(instance, { earlier: [], latest }, 'improve');
      expect(prompt.length).toBeLessThanOrEqual(task.maxPromptTokens);
    }
  });

  it('demonstrates in the words that it asks for, which it reads back', async () => {
    const rng = createRng(3);
    for (let i = 0; i < 50; i++) {
      const instance = task.sample('train', rng);
      const shown = task.demonstrate(instance, EMPTY_HISTORY, 'solve', rng);
      expect(shown.join('')).toMatch(/^(\d+ [-+*/] \d+ = \d+\n?)+$/);
      expect(await task.grade(instance, EMPTY_HISTORY, shown)).toMatchObject({ valid: true });
    }
  });

  it('knows one solution however it is written, and unreadable ones by their text', () => {
    const key = (text: string): string => task.solutionKey!(PUZZLE, letters(text));
    expect(key('7-3=4\n8x4=32')).toBe(key('First: 7 - 3 = 4; then 4 * 8 = 32'));
    expect(key('hm')).toBe('hm');
  });

  it('refuses a domain that is not said in words', () => {
    const { wording: _, ...mute } = countdown;
    expect(() => taskInWords(mute, LETTERS, 9)).toThrow('task: got "small", expected one that is');
  });
});
