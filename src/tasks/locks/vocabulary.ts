/** The words of the locks; both variants share them, so one base policy can read either. */
import { MODES, type Token } from '../task.ts';

/** Visible properties per lock, and how many values each can take. */
export const DESCRIPTORS = 3;
export const DESCRIPTOR_VALUES = 16;
/** Most values that a dial of any variant has. */
export const MOST_DIAL_VALUES = 4;
const SCORE_BUCKETS = 8;

export const RIGHT = '✓';
export const WRONG = '✗';
/** Stands where there is nothing to read yet. */
export const BLANK = '·';

/** Value `value` of descriptor slot 0, 1 or 2: `A3`, `B11`, `C0`. */
export function descriptorToken(slot: number, value: number): Token {
  return `${'ABC'[slot]}${value}`;
}

export function dialToken(value: number): Token {
  return `v${value}`;
}

/** The words that set a dial with this many values. */
export function dialTokens(values: number): Token[] {
  return Array.from({ length: values }, (_, value) => dialToken(value));
}

/** `s0` … `s7`; the last one is a quality of 1 and nothing else. */
export function scoreToken(quality: number): Token {
  return `s${Math.floor(quality * (SCORE_BUCKETS - 1))}`;
}

export const MARKS: readonly Token[] = [RIGHT, WRONG];

export const SCORES: readonly Token[] = Array.from({ length: SCORE_BUCKETS }, (_, i) => `s${i}`);

export const LOCK_VOCABULARY: readonly Token[] = [
  ...Array.from({ length: DESCRIPTORS * DESCRIPTOR_VALUES }, (_, i) =>
    descriptorToken(Math.floor(i / DESCRIPTOR_VALUES), i % DESCRIPTOR_VALUES),
  ),
  ...dialTokens(MOST_DIAL_VALUES),
  ...MARKS,
  BLANK,
  ...SCORES,
  ...MODES,
];

/** Exactly `count` words: cut or padded, and blank where a word is not one of `allowed`. */
export function padOrCut(
  tokens: readonly Token[],
  count: number,
  allowed: readonly Token[],
): Token[] {
  return Array.from({ length: count }, (_, i) => {
    const token = tokens[i];
    return token !== undefined && allowed.includes(token) ? token : BLANK;
  });
}
