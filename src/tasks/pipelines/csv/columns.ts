/** What each column of a table is: what its values say, and what a person has put right. */
import { type Corrections, type Use } from './corrections.ts';
import { refuse } from './error.ts';
import { missingIn } from './missing.ts';
import { areCodes, dependsOnMark, marksOf, readNumber, type DecimalMark } from './numbers.ts';
import { SEPARATORS, type Records, type Row } from './records.ts';

/** One value of a column, and the line it stands in, counted from 1. */
export interface Cell {
  readonly text: string;
  readonly line: number;
}

export interface Column {
  readonly name: string;
  readonly cells: readonly Cell[];
  readonly isTarget: boolean;
  readonly use: Use;
  /** A person said so. */
  readonly isGiven: boolean;
  /** Why it is used so, where that may surprise. */
  readonly note?: string;
  readonly mark: DecimalMark;
  readonly isMissing: (text: string) => boolean;
}

export interface Columns {
  readonly all: readonly Column[];
  readonly firstLine: 'names' | 'data';
  /** Null where no value depends on it. */
  readonly decimalMark: DecimalMark | null;
}

export const FEWEST_ROWS = 12;
export const MOST_ROWS = 150;

/** @throws TableError where lines and names do not make columns. */
export function readColumns({ rows, separator }: Records, corrections: Corrections): Columns {
  const firstLine = corrections.firstLine ?? (startsWithData(rows) ? 'data' : 'names');
  const first = rows[0] ?? { line: 1, cells: [] };
  if (first.cells.length < 2) {
    refuse('line 1', first.cells.join(), 'the names of at least two columns, with commas');
  }
  const body = firstLine === 'names' ? rows.slice(1) : rows;
  const names = firstLine === 'names' ? namesIn(first, body) : unnamed(first.cells);
  checkRows(body, names.length, SEPARATORS[separator]);
  const found = names.map((name, i) => ({
    name,
    cells: body.map(({ cells, line }) => ({ text: cells[i]!, line })),
  }));
  const target = targetOf(found, corrections, names);
  for (const name of corrections.uses.keys()) checkName('column', name, names);
  const mark = corrections.decimalMark ?? markOf(found, separator);
  const all = found.map((column) =>
    typed({ ...column, isTarget: column === target }, { mark, corrections }),
  );
  const depends = all.some(({ cells, use, isMissing }) => {
    const texts = cells.map(({ text }) => text).filter((text) => !isMissing(text));
    return use === 'numbers' && dependsOnMark(texts);
  });
  return { all, firstLine, decimalMark: depends ? mark : null };
}

function checkName(field: string, name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  refuse(`# ${field}`, name, `the name of a column: ${names.join(', ')}`);
}

type Found = Pick<Column, 'name' | 'cells'>;

/** The last one that has values, unless a person chose. */
function targetOf(found: readonly Found[], { predict, uses }: Corrections, names: string[]): Found {
  if (predict !== undefined) checkName('predict', predict, names);
  const chosen = found.find(({ name }) => name === predict);
  if (chosen) return chosen;
  const usable = found.filter(
    ({ name, cells }) => uses.get(name) !== 'left out' && cells.some(({ text }) => text !== ''),
  );
  return usable.at(-1) ?? found.at(-1)!;
}

/** A column may lack a name in front, where tables number their rows, and where it has no values. */
function namesIn({ cells, line }: Row, body: readonly Row[]): string[] {
  const mayLackName = (i: number): boolean => i === 0 || body.every((row) => !row.cells[i]);
  const names = cells.map((cell, i) => (cell === '' && mayLackName(i) ? `column ${i + 1}` : cell));
  names.forEach((name, i) => {
    if (name === '') refuse(`line ${line}, column ${i + 1}`, name, 'a name');
    if (names.indexOf(name) < i) refuse(`line ${line}, column ${i + 1}`, name, 'a name of its own');
  });
  return names;
}

function unnamed(cells: readonly string[]): string[] {
  return cells.map((_, i) => `column ${i + 1}`);
}

function checkRows(body: readonly Row[], width: number, separator: string): void {
  if (body.length < FEWEST_ROWS || body.length > MOST_ROWS) {
    refuse('rows', `${body.length} rows`, `${FEWEST_ROWS} to ${MOST_ROWS} of them`);
  }
  for (const { line, cells } of body) {
    if (cells.length === width) continue;
    const expected = `${width} values, as many as the first line has`;
    refuse(`line ${line}`, cells.join(separator), `${expected}, not ${cells.length}`);
  }
}

/**
 * Names stand over columns of numbers as words do, and over columns of words as words that are none of
 * theirs. Where neither is so, the first line is a row like the others.
 */
function startsWithData([first, ...body]: readonly Row[]): boolean {
  if (!first || body.length === 0) return false;
  let alike = 0;
  for (const [i, name] of first.cells.entries()) {
    const texts = body.map(({ cells }) => cells[i] ?? '').filter((text) => text !== '');
    const known = texts.filter((text) => !missingIn(texts, false)(text));
    if (known.length === 0) continue;
    const numeric = marksOf(known).some((mark) => readNumber(name, mark) !== null);
    if (marksOf(known).length > 0 && !numeric) return false;
    const repeats = new Set(known).size < known.length;
    if (marksOf(known).length === 0 && !known.includes(name) && repeats) return false;
    if (numeric || known.includes(name)) alike++;
  }
  return alike > 0;
}

/** What the decimal mark is: what a column can be read with only; else what its separator suggests. */
function markOf(found: readonly Found[], separator: Records['separator']): DecimalMark {
  const columns = found.map(({ cells }) => knownIn(cells).filter((text) => /\d/.test(text)));
  const only = columns.map(marksOf).filter((marks) => marks.length === 1);
  if (only.some(([mark]) => mark === 'comma')) return 'comma';
  if (only.length > 0 || separator === 'comma') return 'point';
  // Where 1,234 is all there is, spreadsheets with another separator mean a decimal comma.
  const numbers = columns.filter((texts) => marksOf(texts).length > 0).flat();
  return numbers.some((text) => text.includes(',')) ? 'comma' : 'point';
}

function knownIn(cells: readonly Cell[]): string[] {
  const texts = cells.map(({ text }) => text);
  const isMissing = missingIn(texts, false);
  return texts.filter((text) => !isMissing(text));
}

interface Typing {
  readonly mark: DecimalMark;
  readonly corrections: Corrections;
}

type Untyped = Found & Pick<Column, 'isTarget'>;

function typed(column: Untyped, { mark: usual, corrections }: Typing): Column {
  const { name, cells, isTarget } = column;
  const texts = cells.map(({ text }) => text);
  const marks = marksOf(knownIn(cells));
  // What can be read in one way only is read so, whatever is usual.
  const own =
    marks.length === 1 ? marks[0]! : marks.length === 0 ? likelyMark(texts, usual) : usual;
  const given = corrections.uses.get(name);
  const { use, note } =
    given !== undefined && !(isTarget && given === 'left out')
      ? { use: given }
      : isTarget
        ? { use: useOfTarget(texts, marks) }
        : useOf(name, knownIn(cells), marks);
  const isMissing = missingIn(texts, isTarget && use === 'words');
  const isGiven = given === use;
  return { ...column, use, isGiven, mark: own, isMissing, ...(note !== undefined && { note }) };
}

/** The one by which most of the texts are numbers. */
function likelyMark(texts: readonly string[], usual: DecimalMark): DecimalMark {
  const other = usual === 'point' ? 'comma' : 'point';
  const count = (mark: DecimalMark): number =>
    texts.filter((text) => readNumber(text, mark) !== null).length;
  return count(other) > count(usual) ? other : usual;
}

function useOfTarget(texts: readonly string[], marks: readonly DecimalMark[]): Use {
  const known = texts.filter((text) => text !== '');
  return known.length > 0 && marks.length > 0 ? 'numbers' : 'words';
}

function useOf(
  name: string,
  known: readonly string[],
  marks: readonly DecimalMark[],
): { use: Use; note?: string } {
  if (known.length === 0) return { use: 'left out', note: 'no values' };
  const different = new Set(known).size === known.length;
  const whole = known.every((text) => /^\d+$/.test(text));
  const counts = different && whole && isCounting(known);
  if (areCodes(known)) {
    const few = new Set(known).size <= MOST_CATEGORIES;
    return { use: few ? 'words' : 'left out', note: 'codes, not numbers' };
  }
  if (
    (counts && name === 'column 1') ||
    (different && isIdentifier(name) && (whole || marks.length === 0))
  ) {
    return { use: 'left out', note: 'an identifier: its values are all different' };
  }
  if (marks.length > 0) {
    if (counts) return { use: 'numbers', note: 'may be row numbers' };
    const suspect = different && whole && (isConsecutive(known) || isLong(known));
    return suspect ? { use: 'numbers', note: IDENTIFIER_LIKE } : { use: 'numbers' };
  }
  return { use: 'words' };
}

/** Of a column in words: each becomes a column of zeros and ones. */
export const MOST_CATEGORIES = 5;

function isIdentifier(name: string): boolean {
  const usual = /^(.*[\s_.-])?(id|ids|uuid|guid|idx|index|nr|no|row|key|#|№)$|^unnamed: 0$/i;
  const number = /^(phone|telephone|mobile|zip|postcode|postal code|ssn|iban|isbn|account|serial)/i;
  return usual.test(name) || number.test(name) || /[a-z]I[dD]$/.test(name);
}

/** From 0 or 1, one more in each row. */
function isCounting(known: readonly string[]): boolean {
  return Number(known[0]) <= 1 && isConsecutive(known);
}

function isConsecutive(known: readonly string[]): boolean {
  return known.every((text, i) => Number(text) === Number(known[0]) + i);
}

const IDENTIFIER_LIKE = 'all different whole numbers: leave it out if it is an identifier';

/** Five digits or more, all of one length. */
function isLong(known: readonly string[]): boolean {
  const { length } = known[0]!;
  return length >= 5 && known.every((text) => text.length === length);
}
