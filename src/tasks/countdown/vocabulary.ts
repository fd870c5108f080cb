/** The words of Countdown; all variants share them, so one base policy can read any. */
import { MODES, type Token } from '../task.ts';

/** A result above this has no word, so no attempt can write the step that makes it. */
export const MOST = 199;

export const OPERATORS = ['+', '-', '*', '/'] as const;
export type Operator = (typeof OPERATORS)[number];

export const EQUALS = '=';
export const SEPARATOR = ';';
/** Stands where there is nothing to read yet. */
export const BLANK = '·';

const NUMBERS: readonly Token[] = Array.from({ length: MOST + 1 }, (_, value) => `${value}`);

export const COUNTDOWN_VOCABULARY: readonly Token[] = [
  ...NUMBERS,
  ...OPERATORS,
  EQUALS,
  SEPARATOR,
  BLANK,
  ...MODES,
];

/** Words of one step, its separator excluded: `x op y = r`. */
export const STEP_WORDS = 5;

/** Longest attempt on this many numbers: every step uses one of them up. */
export function longestAttempt(numbers: number): number {
  return (numbers - 1) * (STEP_WORDS + 1) - 1;
}

const VALUES = new Map(NUMBERS.map((word, value) => [word, value]));
const OPERATOR_WORDS = new Map(OPERATORS.map((operator) => [operator as Token, operator]));
const ATTEMPT_WORDS = new Set<Token>([...NUMBERS, ...OPERATORS, EQUALS, SEPARATOR]);

/** The whole number from 0 to `MOST` that a word stands for, if it is one. */
export function numberOf(word: Token | undefined): number | undefined {
  return word === undefined ? undefined : VALUES.get(word);
}

export function operatorOf(word: Token | undefined): Operator | undefined {
  return word === undefined ? undefined : OPERATOR_WORDS.get(word);
}

/** Exactly `count` words: cut or padded, and blank where a word does not belong in an attempt. */
export function padOrCut(tokens: readonly Token[], count: number): Token[] {
  return Array.from({ length: count }, (_, i) => {
    const token = tokens[i];
    return token !== undefined && ATTEMPT_WORDS.has(token) ? token : BLANK;
  });
}
