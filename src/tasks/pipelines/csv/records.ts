/** A text as lines of cells: RFC 4180 by papaparse, with the separator found where nobody says it. */
import Papa from 'papaparse';
import { refuse, TableError } from './error.ts';

export const SEPARATORS = { tab: '\t', semicolon: ';', bar: '|', comma: ',' } as const;
export type Separator = keyof typeof SEPARATORS;

export interface Row {
  /** In which it begins, counted from 1. */
  readonly line: number;
  /** Without the space around them. */
  readonly cells: readonly string[];
}

export interface Records {
  readonly separator: Separator;
  readonly rows: readonly Row[];
  /** Lines without a value, passed over. */
  readonly emptyLines: number;
}

/** More is no table of a few hundred rows. */
const LONGEST_TEXT = 1_000_000;

/**
 * @param separator found if absent: the one by which most lines have as many cells as the first. Where
 * several do, a comma is the last choice: it stands in numbers and sentences as well.
 * @throws TableError at a quotation mark that is not closed, or that closes too early.
 */
export function readRecords(content: string, separator?: Separator): Records {
  if (content.length > LONGEST_TEXT) {
    refuse('table', `${content.length} characters`, `at most ${LONGEST_TEXT}`);
  }
  const { text, named } = withoutHint(content.replace(/\r\n?/g, '\n').normalize('NFC'));
  const lineBefore = named === undefined ? 0 : 1;
  const known = separator ?? named;
  if (known !== undefined) return checked(split(text, known, lineBefore));
  const all = separators().map((candidate) => split(text, candidate, lineBefore));
  const [first, ...others] = all;
  return checked(others.reduce((best, one) => (fit(one) > fit(best) ? one : best), first!));
}

function separators(): Separator[] {
  return Object.keys(SEPARATORS) as Separator[];
}

/** A spreadsheet may name the separator in a line before the table: `sep=;`. */
function withoutHint(text: string): { text: string; named?: Separator } {
  const mark = /^\uFEFF?sep=(.)\n/.exec(text);
  const named = separators().find((name) => SEPARATORS[name] === mark?.[1]);
  if (!mark || !named) return { text: text.replace(/^\uFEFF/, '') };
  return { text: text.slice(mark[0].length), named };
}

interface Split extends Records {
  readonly problem?: TableError;
}

function split(text: string, separator: Separator, lineBefore: number): Split {
  const { data, errors } = Papa.parse<string[]>(text, {
    delimiter: SEPARATORS[separator],
    newline: '\n',
  });
  const rows: Row[] = [];
  let line = 1 + lineBefore;
  let [emptyLines, emptyAtEnd] = [0, 0];
  let problem: TableError | undefined;
  const broken = errors.find(({ type }) => type === 'Quotes')?.row;
  data.forEach((cells, index) => {
    if (index === broken) problem = quotesProblem(line);
    if (cells.some((cell) => cell.trim() !== '')) {
      rows.push({ line, cells: cells.map(tidy) });
      emptyLines += emptyAtEnd;
      emptyAtEnd = 0;
    } else emptyAtEnd++;
    line += 1 + cells.reduce((sum, cell) => sum + breaksIn(cell), 0);
  });
  const found = { separator, rows, emptyLines };
  return problem ? { ...found, problem } : found;
}

function quotesProblem(line: number): TableError {
  return new TableError(
    `line ${line}: got a quotation mark that is not closed, or not at the end of its value; expected two marks for one within quotation marks`,
  );
}

/** Space around a value is not part of it, nor are marks that stand behind a space. */
function tidy(cell: string): string {
  const text = cell.trim();
  return /^"[^"]*"$/.test(text) ? text.slice(1, -1).trim() : text;
}

function breaksIn(cell: string): number {
  return cell.split('\n').length - 1;
}

function checked({ problem, ...records }: Split): Records {
  if (problem) throw problem;
  return records;
}

/** Share of the lines that have as many cells as the first; 0 where that is one. */
function fit({ rows, problem }: Split): number {
  const width = rows[0]?.cells.length ?? 0;
  if (width < 2) return 0;
  const share = rows.filter(({ cells }) => cells.length === width).length / rows.length;
  return problem ? share / 2 : share;
}
