/** Numbers as people and their spreadsheets write them. */

export const DECIMAL_MARKS = ['point', 'comma'] as const;
export type DecimalMark = (typeof DECIMAL_MARKS)[number];

/** Thousands may be set apart by the other mark, by a space or by an apostrophe, the same throughout. */
const FORMS: Readonly<Record<DecimalMark, RegExp>> = {
  point: form('.', ','),
  comma: form(',', '.'),
};

function form(mark: '.' | ',', other: '.' | ','): RegExp {
  const spaces = ' \u00a0\u2009\u202f';
  const grouped = `[1-9]\\d{0,2}([${spaces}'’${other}])\\d{3}(?:\\1\\d{3})*`;
  return new RegExp(
    `^[+-]?(?:(?:${grouped}|\\d+)(?:[${mark}]\\d*)?|[${mark}]\\d+)(?:e[+-]?\\d+)?$`,
    'i',
  );
}

/** @returns null if it is no number; never −0. May be infinite. */
export function readNumber(text: string, mark: DecimalMark): number | null {
  const plain = text.replace(/^[−–]/, '-');
  if (!FORMS[mark].test(plain)) return null;
  const digits = mark === 'comma' ? plain.replaceAll('.', '') : plain.replaceAll(',', '');
  // −0 is written as 0, and would not come back.
  return Number(digits.replace(',', '.').replace(/[^\d.e+-]/gi, '')) + 0;
}

/** The marks by which all are numbers, `point` first; none if some are words under either. */
export function marksOf(texts: readonly string[]): DecimalMark[] {
  return DECIMAL_MARKS.filter((mark) => texts.every((text) => readNumber(text, mark) !== null));
}

/** Whether the texts mean different numbers under the two marks, as 1,234 does. */
export function dependsOnMark(texts: readonly string[]): boolean {
  return texts.some((text) => readNumber(text, 'point') !== readNumber(text, 'comma'));
}

/**
 * Digits that name something rather than count it: with a 0 in front and all of one length, as postal
 * codes have it, or more digits than a number holds.
 */
export function areCodes(texts: readonly string[]): boolean {
  if (texts.length === 0 || !texts.every((text) => /^\d+$/.test(text))) return false;
  const { length } = texts[0]!;
  const padded = texts.some((text) => text.startsWith('0') && length > 2);
  return (
    texts.some((text) => text.length > 15) ||
    (padded && texts.every((text) => text.length === length))
  );
}
