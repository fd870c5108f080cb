/** What can be seen of a table before anything is trained, in words. */
import type { Token } from '../task.ts';
import { mean, told } from './metrics.ts';
import { isClassification, METRICS, missingShare, type Table } from './table.ts';

export const MOST_COLUMNS = 8;

const KINDS = ['two-classes', 'more-classes', 'number'] as const;
const ROWS = ['rows-few', 'rows-some', 'rows-many'] as const;
const COLUMNS = Array.from({ length: MOST_COLUMNS }, (_, i) => `columns${i + 1}`);
const TYPES = ['numeric', 'mixed'] as const;
const MISSING = ['missing-none', 'missing-few', 'missing-many'] as const;
const BALANCE = ['balanced', 'skewed', 'rare', 'continuous'] as const;
const SCALES = ['scales-alike', 'scales-apart'] as const;
/** How much the most telling column explains by itself, in fifths. */
const TELLING = ['told0', 'told1', 'told2', 'told3', 'told4'] as const;

export const META_WORDS: readonly Token[] = [
  ...KINDS,
  ...METRICS,
  ...ROWS,
  ...COLUMNS,
  ...TYPES,
  ...MISSING,
  ...BALANCE,
  ...SCALES,
  ...TELLING,
];

/** Words of `metaWords`. */
export const META_COUNT = 9;

const MANY_ROWS = 85;
const SOME_ROWS = 65;
const MANY_MISSING = 0.1;
/** Ratio of the widest to the narrowest column from which scales are apart. */
const APART = 10;

const WORDS = new WeakMap<Table, readonly Token[]>();

export function metaWords(table: Table): readonly Token[] {
  const known = WORDS.get(table);
  if (known) return known;
  const rows = table.targets.length;
  const missing = missingShare(table);
  const words = [
    kindOf(table),
    table.metric,
    rows >= MANY_ROWS ? ROWS[2] : rows >= SOME_ROWS ? ROWS[1] : ROWS[0],
    COLUMNS[table.columns.length - 1]!,
    table.columns.some((_, i) => isBinary(valuesOf(table, i))) ? TYPES[1] : TYPES[0],
    missing === 0 ? MISSING[0] : missing < MANY_MISSING ? MISSING[1] : MISSING[2],
    balanceOf(table),
    spreadRatio(table) > APART ? SCALES[1] : SCALES[0],
    TELLING[Math.min(TELLING.length - 1, Math.floor(mostTold(table) * TELLING.length))]!,
  ];
  WORDS.set(table, words);
  return words;
}

function kindOf(table: Table): Token {
  if (!isClassification(table)) return KINDS[2];
  return table.classes.length === 2 ? KINDS[0] : KINDS[1];
}

/** The known values of a column. */
function valuesOf(table: Table, column: number): number[] {
  return table.rows.flatMap((row) => row[column] ?? []);
}

function isBinary(values: readonly number[]): boolean {
  return values.every((value) => value === 0 || value === 1);
}

function balanceOf({ targets, classes }: Table): Token {
  if (classes.length === 0) return BALANCE[3];
  const counts = classes.map((_, label) => targets.filter((target) => target === label).length);
  const least = (Math.min(...counts) / targets.length) * classes.length;
  return least > 0.7 ? BALANCE[0] : least > 0.4 ? BALANCE[1] : BALANCE[2];
}

function spreadRatio(table: Table): number {
  const spreads = table.columns.map((_, i) => spread(valuesOf(table, i))).filter((s) => s > 0);
  return spreads.length === 0 ? 1 : Math.max(...spreads) / Math.min(...spreads);
}

function spread(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

function mostTold(table: Table): number {
  return Math.max(...table.columns.map((_, i) => toldBy(table, i)));
}

function toldBy(table: Table, column: number): number {
  const known = table.rows.flatMap((row, i) => {
    const value = row[column] ?? null;
    return value === null ? [] : [{ value, target: table.targets[i]! }];
  });
  const values = known.map(({ value }) => value);
  const targets = known.map(({ target }) => target);
  return known.length === 0 ? 0 : told(values, targets, table);
}
