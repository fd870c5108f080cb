/**
 * An instance as a person writes it: the name of a competition, or a table of their own as CSV, with a
 * header and the target in the last column.
 *
 * A competition may be said to be noise, `moons (table of noise)`, or to be given away, `moons (table with
 * a leaked label)`.
 *
 *     age,smoker,weight
 *     31,no,72
 *     ,yes,80
 */
import { readKind, writeKind } from '../kind-text.ts';
import { COMPETITIONS } from './competitions.ts';
import { FOLDS } from './folds.ts';
import { PIPELINE_KINDS, type PipelineInstance } from './instance.ts';
import { MOST_COLUMNS } from './meta.ts';
import type { Table } from './table.ts';

export const FEWEST_ROWS = 12;
export const MOST_ROWS = 150;
const MOST_CLASSES = 6;
/** Of a column in words: each becomes a column of zeros and ones. */
const MOST_CATEGORIES = 5;
/** Share of the rarer of two classes below which F1 is the metric. */
const RARE = 0.25;

const OWN_NAME = 'own table';
const MISSING: readonly string[] = ['', '?', 'na', 'nan', 'null'];

/** @throws RangeError that names the line or field, the value and what was expected. */
export function parseInstance(text: string): PipelineInstance {
  const lines = text.split(/\r?\n/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  const [name = ''] = lines;
  if (lines.length > 1) return { table: parseTable(lines) };
  const { text: competition, ...kind } = readKind(name.trim(), PIPELINE_KINDS);
  if (COMPETITIONS.includes(competition)) return { competition, ...kind };
  return refuse('table', name, `CSV lines, or one of ${COMPETITIONS.join(', ')}`);
}

export function formatInstance(instance: PipelineInstance): string {
  if ('table' in instance) return formatTable(instance.table);
  return writeKind(instance.competition, instance.kind, PIPELINE_KINDS);
}

function formatTable({ columns, target, classes, rows, targets }: Table): string {
  const lines = rows.map((row, i) => {
    const value = targets[i]!;
    const last = classes[value] ?? `${value}`;
    return [...row.map((cell) => (cell === null ? '' : `${cell}`)), last];
  });
  return [[...columns, target], ...lines].map((cells) => cells.map(quote).join(',')).join('\n');
}

function quote(cell: string): string {
  return /[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** One value of a column, and the line it stands in, counted from 1. */
interface Cell {
  readonly text: string;
  readonly line: number;
}

interface Column {
  readonly name: string;
  readonly cells: readonly Cell[];
}

function parseTable(lines: readonly string[]): Table {
  const columns = readColumns(lines);
  const target = columns.at(-1)!;
  const encoded = columns.slice(0, -1).flatMap(encode);
  if (encoded.length > MOST_COLUMNS) {
    const expected = `at most ${MOST_COLUMNS}; a column in words counts once per category`;
    refuse('columns', `${encoded.length} columns`, expected);
  }
  const { classes, targets, metric } = readTarget(target);
  return {
    name: OWN_NAME,
    columns: encoded.map(({ name }) => name),
    target: target.name,
    classes,
    metric,
    rows: targets.map((_, row) => encoded.map(({ values }) => values[row]!)),
    targets,
  };
}

/** The header names the columns; each has a cell per line after it. */
function readColumns([header = '', ...body]: readonly string[]): Column[] {
  const names = splitLine(header);
  if (names.length < 2) refuse('line 1', header, 'the names of at least two columns, with commas');
  names.forEach((name, i) => {
    if (name === '') refuse(`line 1, column ${i + 1}`, name, 'a name');
    if (names.indexOf(name) < i) refuse(`line 1, column ${i + 1}`, name, 'a name of its own');
  });
  if (body.length < FEWEST_ROWS || body.length > MOST_ROWS) {
    refuse('rows', `${body.length} rows`, `${FEWEST_ROWS} to ${MOST_ROWS} of them`);
  }
  const cells = body.map((line, i) => {
    const own = splitLine(line);
    const expected = `${names.length} values, as many as the header has names`;
    if (own.length !== names.length) refuse(`line ${i + 2}`, line, expected);
    return own;
  });
  return names.map((name, column) => ({
    name,
    cells: cells.map((own, i) => ({ text: own[column]!, line: i + 2 })),
  }));
}

/** Cells between commas; within quotation marks a comma is a comma, and two marks are one. */
function splitLine(line: string): string[] {
  const cells = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? [];
  // The expression matches the empty end once more, unless the line ends with a comma.
  const own = line.endsWith(',') ? cells : cells.slice(0, -1);
  return own.map((cell) => unquote(cell.replace(/,$/, '').trim()));
}

function unquote(cell: string): string {
  return /^".*"$/.test(cell) ? cell.slice(1, -1).replaceAll('""', '"') : cell;
}

function isMissing({ text }: Cell): boolean {
  return MISSING.includes(text.toLowerCase());
}

function isNumber({ text }: Cell): boolean {
  return text !== '' && Number.isFinite(Number(text));
}

interface Encoded {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** Numbers as they are; words as a column per category, one alone if there are two. */
function encode({ name, cells }: Column): Encoded[] {
  const known = cells.filter((cell) => !isMissing(cell));
  if (known.length === 0) refuse(`column ${name}`, '', 'at least one value');
  const numbers = known.filter(isNumber).length;
  if (numbers === known.length) {
    return [{ name, values: cells.map((cell) => (isMissing(cell) ? null : Number(cell.text))) }];
  }
  const categories = [...new Set(known.map(({ text }) => text))].sort();
  if (numbers > known.length / 2 || categories.length > MOST_CATEGORIES) {
    const odd = known.find((cell) => !isNumber(cell))!;
    const expected = `a number, or at most ${MOST_CATEGORIES} different words in the column`;
    refuse(`line ${odd.line}, column ${name}`, odd.text, expected);
  }
  const shown = categories.length === 2 ? categories.slice(1) : categories;
  return shown.map((category) => ({
    name: `${name}=${category}`,
    values: cells.map((cell) => (isMissing(cell) ? null : Number(cell.text === category))),
  }));
}

/** Words, or a few whole numbers, are classes; anything else is a number to be predicted. */
function readTarget({ name, cells }: Column): Pick<Table, 'classes' | 'targets' | 'metric'> {
  const empty = cells.find(isMissing);
  if (empty) refuse(`line ${empty.line}, column ${name}`, empty.text, 'a value for the target');
  const texts = cells.map(({ text }) => text);
  const different = new Set(texts);
  if (different.size < 2) refuse(`column ${name}`, texts[0]!, 'at least two different values');
  const numeric = cells.every(isNumber);
  const few =
    different.size <= MOST_CLASSES && texts.every((text) => Number.isInteger(Number(text)));
  if (numeric && !few) return { classes: [], targets: texts.map(Number), metric: 'r2' };
  return readClasses(name, cells);
}

/** The commonest first, so that the second of two is the one that F1 is for. */
function readClasses(
  name: string,
  cells: readonly Cell[],
): Pick<Table, 'classes' | 'targets' | 'metric'> {
  const counts = new Map<string, number>();
  for (const { text } of cells) counts.set(text, (counts.get(text) ?? 0) + 1);
  const classes = [...counts.keys()].sort(
    (a, b) => counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1),
  );
  if (classes.length > MOST_CLASSES) {
    const odd = cells.find((cell) => !isNumber(cell))!;
    const expected = `a number, or at most ${MOST_CLASSES} classes`;
    refuse(`line ${odd.line}, column ${name}`, odd.text, expected);
  }
  const rarest = classes.at(-1)!;
  if (counts.get(rarest)! < FOLDS) {
    const line = cells.find(({ text }) => text === rarest)!.line;
    refuse(`line ${line}, column ${name}`, rarest, `a class with at least ${FOLDS} rows`);
  }
  const rare = classes.length === 2 && counts.get(rarest)! / cells.length < RARE;
  return {
    classes,
    targets: cells.map(({ text }) => classes.indexOf(text)),
    metric: rare ? 'f1' : 'accuracy',
  };
}

function refuse(field: string, value: string, expected: string): never {
  throw new RangeError(`${field}: got "${value}", expected ${expected}`);
}
