/** A table of numbers, as pipelines are trained on, made of columns. */
import { FOLDS } from '../../tables/folds.ts';
import { MOST_COLUMNS } from '../../tables/meta.ts';
import type { Table } from '../../tables/table.ts';
import { MOST_CATEGORIES, type Cell, type Column } from './columns.ts';
import { refuse } from './error.ts';
import { areCodes, DECIMAL_MARKS, dependsOnMark, readNumber } from './numbers.ts';

const MOST_CLASSES = 6;
/** Share of the rarer of two classes below which F1 is the metric. */
const RARE = 0.25;
/** Squares and products of larger numbers would leave the range of a float. */
const LARGEST = 1e60;

export const OWN_NAME = 'own table';

/** @throws TableError naming the line or column. */
export function encodeTable(all: readonly Column[]): Table {
  const target = all.find(({ isTarget }) => isTarget)!;
  const used = all.filter(({ isTarget, use }) => !isTarget && use !== 'left out');
  const encoded = withNamesOfTheirOwn(used.flatMap(encodeColumn));
  if (encoded.length === 0) refuse('columns', 'none', 'at least one beside the target');
  if (encoded.length > MOST_COLUMNS) {
    const expected = `at most ${MOST_COLUMNS}; a column in words counts once per category`;
    refuse('columns', `${encoded.length} columns`, expected);
  }
  const { classes, targets, metric } = encodeTarget(target);
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

export interface Encoded {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** A column `city=Oslo` may stand beside a column `city`. */
function withNamesOfTheirOwn(encoded: readonly Encoded[]): Encoded[] {
  const taken = new Set<string>();
  return encoded.map((column) => {
    let { name } = column;
    for (let n = 2; taken.has(name); n++) name = `${column.name} (${n})`;
    taken.add(name);
    return { ...column, name };
  });
}

/**
 * Numbers as they are; words as a column per category, one alone if there are two.
 * @throws TableError naming the line or column.
 */
export function encodeColumn(column: Column): Encoded[] {
  const { name, cells, use, isMissing } = column;
  const known = cells.filter(({ text }) => !isMissing(text));
  if (known.length === 0) refuse(`column ${name}`, '', 'at least one value');
  if (use === 'numbers') {
    const values = cells.map((cell) => (isMissing(cell.text) ? null : numberIn(column, cell)));
    return [{ name, values }];
  }
  const word = wordsOf(
    column,
    known.map(({ text }) => text),
  );
  const categories = [...new Set(known.map(({ text }) => word(text)))].sort();
  const odd = oddAmongNumbers(column, known);
  if (odd) refuseOdd(column, odd, known);
  if (categories.length > MOST_CATEGORIES) {
    const first = known.find(({ text }) => word(text) === categories[0])!;
    const expected = `a number, or at most ${MOST_CATEGORIES} different words in the column; got ${categories.length}, and it can be left out`;
    refuse(`line ${first.line}, column ${name}`, first.text, expected);
  }
  const shown = categories.length === 2 ? categories.slice(1) : categories;
  return shown.map((category) => ({
    name: `${name}=${category}`,
    values: cells.map(({ text }) => (isMissing(text) ? null : Number(word(text) === category))),
  }));
}

/** Numbers that are written differently are one word, unless they are codes. */
export function wordsOf({ mark }: Column, texts: readonly string[]): (text: string) => string {
  const numbers = texts.every((text) => readNumber(text, mark) !== null) && !areCodes(texts);
  return numbers ? (text) => `${readNumber(text, mark)}` : (text) => text;
}

/** Where most values are numbers, the first that is none is a slip of the pen. */
function oddAmongNumbers({ mark, isGiven }: Column, known: readonly Cell[]): Cell | undefined {
  const numbers = known.filter(({ text }) => isNumber(text)).length;
  if (isGiven || numbers <= known.length / 2) return undefined;
  return known.find(({ text }) => readNumber(text, mark) === null);
}

/** Under either mark. */
function isNumber(text: string): boolean {
  return DECIMAL_MARKS.some((mark) => readNumber(text, mark) !== null);
}

function refuseOdd({ name, mark }: Column, { line, text }: Cell, known: readonly Cell[]): never {
  const marked = known.some((cell) => dependsOnMark([cell.text]));
  const kind = marked ? `a number with a decimal ${mark}` : 'a number';
  const expected = `${kind}, as most of the column; it can be left out, or the value left empty`;
  return refuse(`line ${line}, column ${name}`, text, expected);
}

function numberIn({ name, mark, cells }: Column, { text, line }: Cell): number {
  const value = readNumber(text, mark);
  if (value === null) {
    const depends = dependsOnMark(cells.map((cell) => cell.text));
    const expected = depends ? `a number with a decimal ${mark}` : 'a number';
    return refuse(`line ${line}, column ${name}`, text, expected);
  }
  if (Math.abs(value) <= LARGEST) return value;
  return refuse(`line ${line}, column ${name}`, text, `a number from -${LARGEST} to ${LARGEST}`);
}

type Target = Pick<Table, 'classes' | 'targets' | 'metric'>;

/**
 * Words, or a few whole numbers, are classes; anything else is a number to be predicted.
 * @throws TableError naming the line or column.
 */
export function encodeTarget(column: Column): Target {
  const { name, cells, isMissing } = column;
  const empty = cells.find(({ text }) => isMissing(text));
  if (empty) refuse(`line ${empty.line}, column ${name}`, empty.text, 'a value for the target');
  const labels = labelsOf(column);
  const different = [...new Set(labels)];
  if (different.length < 2) {
    refuse(`column ${name}`, `${different[0]}`, 'at least two different values');
  }
  return isNumeric(column)
    ? numeric(cells.map((cell) => numberIn(column, cell)))
    : classes(column, labels);
}

function numeric(targets: number[]): Target {
  return { classes: [], targets, metric: 'r2' };
}

/** Whether a number is predicted: not where it is one of a few whole ones, unless a person says so. */
export function isNumeric(column: Column): boolean {
  if (column.use !== 'numbers') return false;
  if (column.isGiven) return true;
  const values = column.cells.map((cell) => numberIn(column, cell));
  return new Set(values).size > MOST_CLASSES || !values.every(Number.isInteger);
}

/** Names of the classes: numbers that are written differently are one. */
function labelsOf(column: Column): string[] {
  if (column.use === 'numbers') return column.cells.map((cell) => `${numberIn(column, cell)}`);
  const texts = column.cells.map(({ text }) => text);
  return texts.map(wordsOf(column, texts));
}

/** The commonest first, so that the second of two is the one that F1 is for. */
function classes({ name, cells, use }: Column, labels: readonly string[]): Target {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const names = [...counts.keys()].sort(
    (a, b) => counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1),
  );
  if (names.length > MOST_CLASSES) {
    const odd = cells.find(({ text }) => readNumber(text, 'point') === null) ?? cells[0]!;
    const expected = `a number, or at most ${MOST_CLASSES} classes; got ${names.length}`;
    refuse(`line ${odd.line}, column ${name}`, odd.text, expected);
  }
  const rarest = names.at(-1)!;
  if (counts.get(rarest)! < FOLDS) {
    const { line } = cells[labels.indexOf(rarest)]!;
    const hint = use === 'numbers' ? ', or a number to be predicted' : '';
    const expected = `a class with at least ${FOLDS} rows${hint}`;
    refuse(`line ${line}, column ${name}`, rarest, expected);
  }
  const rare = names.length === 2 && counts.get(rarest)! / cells.length < RARE;
  return {
    classes: names,
    targets: labels.map((label) => names.indexOf(label)),
    metric: rare ? 'f1' : 'accuracy',
  };
}
