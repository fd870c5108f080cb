/**
 * Many rows of a table as bytes, column by column. A row that equals an earlier one of the step in all but
 * what became of it is a reference.
 */
import { valueBefore, type Column, type ColumnarTable, type RowOf } from '../../schema/columns.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';
import {
  readValue,
  roundedSteps,
  writeValue,
  type CodecDictionary,
  type Row,
} from './row-codec.ts';

type Named = readonly [name: string, column: Column];

interface Parts {
  /** What a row is. */
  readonly values: readonly Named[];
  /** Their bits share one number. */
  readonly flags: readonly Named[];
  /** What became of it. */
  readonly outcomes: readonly Named[];
}

/** Those columns that the bytes hold. */
function partsOf(table: ColumnarTable, dictionary: CodecDictionary): Parts {
  const columns = Object.entries(table).filter(([, column]) => dictionary.knows(column));
  const isFlag = ([, { kind }]: Named): boolean => kind === 'flag';
  const isOutcome = ([, column]: Named): boolean => column.kind === 'id' && column.rises === true;
  return {
    values: columns.filter((one) => !isFlag(one) && !isOutcome(one)),
    flags: columns.filter(isFlag),
    outcomes: columns.filter(isOutcome),
  };
}

export function writeColumns<T extends ColumnarTable>(
  out: ByteWriter,
  table: T,
  all: readonly RowOf<T>[],
  dictionary: CodecDictionary,
): void {
  const { values, flags, outcomes } = partsOf(table, dictionary);
  const rows = all as readonly Row[];
  const distances = duplicateDistances(rows, [...values, ...flags]);
  for (const distance of distances) out.uint(distance);
  const distinct = rows.filter((_, i) => distances[i] === 0);
  for (const named of values) writeColumn(out, named, distinct, dictionary);
  if (flags.length > 0) for (const row of distinct) out.uint(bitsOf(row, flags));
  for (const [name] of outcomes) writeRising(out, rows, name);
}

function writeColumn(
  out: ByteWriter,
  [name, column]: Named,
  rows: readonly Row[],
  dictionary: CodecDictionary,
): void {
  const other = usualOf(column);
  const isUsual = (row: Row): boolean => other !== undefined && row[name] === row[other];
  if (other !== undefined) for (const row of rows) out.uint(Number(!isUsual(row)));
  for (const row of rows) {
    if (!isUsual(row)) writeValue(out, row[name], { column, row, dictionary });
  }
}

/** Ids rise: what is written is by how much, and 0 for none. */
function writeRising(out: ByteWriter, rows: readonly Row[], name: string): void {
  let last = 0;
  for (const row of rows) {
    const id = row[name] as number | null;
    out.uint(id === null ? 0 : id - last);
    last = id ?? last;
  }
}

function usualOf(column: Column): string | undefined {
  return column.kind === 'float32' ? column.usually : undefined;
}

function bitsOf(row: Row, flags: readonly Named[]): number {
  return flags.reduce((bits, [name], i) => bits + (row[name] === true ? 2 ** i : 0), 0);
}

/** How far before each row one stands that is the same in all but what became of it; 0 for none. */
function duplicateDistances(rows: readonly Row[], columns: readonly Named[]): number[] {
  const seen = new Map<string, number>();
  return rows.map((row, i) => {
    const key = JSON.stringify(columns.map(([name, column]) => comparable(row[name], column)));
    const before = seen.get(key);
    if (before === undefined) seen.set(key, i);
    return before === undefined ? 0 : i - before;
  });
}

/** Lists of rounded numbers are equal where what is written of them is. */
function comparable(value: unknown, column: Column): unknown {
  if (column.kind !== 'numbers' || column.rounding === undefined) return value;
  const { rounding } = column;
  return (value as readonly number[]).map((one) => roundedSteps(one, rounding));
}

export function readColumns<T extends ColumnarTable>(
  from: ByteReader,
  table: T,
  count: number,
  dictionary: CodecDictionary,
): RowOf<T>[] {
  const parts = partsOf(table, dictionary);
  const distances = Array.from({ length: count }, () => from.uint());
  const distinct = readDistinct(from, parts, {
    dictionary,
    before: blankRow(table, dictionary),
    length: distances.filter((distance) => distance === 0).length,
  });
  let next = 0;
  const rows: Record<string, unknown>[] = [];
  distances.forEach((distance, i) => {
    rows.push({ ...(distance === 0 ? distinct[next++]! : rows[i - distance]!) });
  });
  for (const [name] of parts.outcomes) readRising(from, rows, name);
  return rows as unknown as RowOf<T>[];
}

/** What the bytes do not hold, as records from before are read. */
function blankRow(table: ColumnarTable, dictionary: CodecDictionary): Row {
  const missing = Object.entries(table).filter(([, column]) => !dictionary.knows(column));
  return Object.fromEntries(missing.map(([name, column]) => [name, valueBefore(column)]));
}

interface Reading {
  readonly dictionary: CodecDictionary;
  readonly before: Row;
  readonly length: number;
}

function readDistinct(
  from: ByteReader,
  { values, flags }: Parts,
  { dictionary, before, length }: Reading,
): Row[] {
  const rows: Record<string, unknown>[] = Array.from({ length }, () => ({ ...before }));
  for (const [name, column] of values) {
    const other = usualOf(column);
    const differs = rows.map(() => other === undefined || from.uint() === 1);
    rows.forEach((row, i) => {
      row[name] = differs[i] ? readValue(from, { column, row, dictionary }) : row[other!];
    });
  }
  if (flags.length === 0) return rows;
  for (const row of rows) {
    const bits = from.uint();
    flags.forEach(([name], i) => (row[name] = Math.floor(bits / 2 ** i) % 2 === 1));
  }
  return rows;
}

function readRising(
  from: ByteReader,
  rows: readonly Record<string, unknown>[],
  name: string,
): void {
  let last = 0;
  for (const row of rows) {
    const rise = from.uint();
    last += rise;
    row[name] = rise === 0 ? null : last;
  }
}
