/** Rows of a table as typed arrays, a column each, and back. */
import type { ColumnarColumn, ColumnarTable, PlainValues, RowOf } from '../../schema/columns.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Numbers of words: as narrow as the vocabulary was when they were written down. */
export type WordIds = Uint16Array | Uint32Array;

/** Lists of different lengths, end to end. */
export interface Ragged<T extends WordIds | Float32Array> {
  readonly values: T;
  /** [n + 1] where each list begins, and where the last one ends. */
  readonly starts: Uint32Array;
}

/** Where values of each kind are kept; flags share an array of bits. */
interface Arrays {
  readonly uint: Uint32Array;
  readonly int: Int32Array;
  readonly float32: Float32Array;
  /** 0 for null. */
  readonly id: Float64Array;
  /** Indices into the options. */
  readonly choice: Uint8Array;
  readonly words: Ragged<WordIds>;
  readonly numbers: Ragged<Float32Array>;
}

type StoredKind = keyof Arrays;
type Flags = Uint8Array | Uint32Array;

export type Columns<T extends ColumnarTable> = {
  readonly [K in keyof T as T[K]['kind'] extends StoredKind ? K : never]: Arrays[T[K]['kind'] &
    StoredKind];
} & { readonly flags: Flags };

interface Store<V, A> {
  write(values: readonly V[], words: Vocabulary, column: ColumnarColumn): A;
  read(array: A, index: number, words: Vocabulary, column: ColumnarColumn): V;
}

/** What a value of each kind is; those of a choice are checked where its type is known. */
type Values = PlainValues & { readonly choice: string | undefined };

const STORES: { readonly [K in StoredKind]: Store<Values[K], Arrays[K]> } = {
  uint: { write: (values) => new Uint32Array(values), read: at },
  int: { write: (values) => new Int32Array(values), read: at },
  float32: { write: (values) => new Float32Array(values), read: at },
  id: {
    write: (values) => new Float64Array(values.map((id) => id ?? 0)),
    read: (array, index) => array[index]! || null,
  },
  choice: {
    write: (values, _words, column) =>
      new Uint8Array(values.map((value) => optionsOf(column).indexOf(value!))),
    read: (array, index, _words, column) => optionsOf(column)[array[index]!],
  },
  words: { write: raggedWords, read: wordsAt },
  numbers: {
    write: (lists) => ({ values: new Float32Array(lists.flat()), starts: startsOf(lists) }),
    read: numbersAt,
  },
};

function at(array: Readonly<Record<number, number>>, index: number): number {
  return array[index]!;
}

function optionsOf(column: ColumnarColumn): readonly string[] {
  return column.kind === 'choice' ? column.options : [];
}

export function toColumns<T extends ColumnarTable>(
  table: T,
  rows: readonly RowOf<T>[],
  words: Vocabulary,
): Columns<T> {
  const columns: Record<string, unknown> = { flags: flagsOf(table, rows) };
  for (const { name, column, store } of fieldsOf(table)) {
    if (store === null) continue;
    columns[name] = store.write(
      rows.map((row) => valueAt(row, name)),
      words,
      column,
    );
  }
  return columns as unknown as Columns<T>;
}

/** The row as it was, up to the rounding of 32-bit floats. */
export function rowAt<T extends ColumnarTable>(
  table: T,
  columns: Columns<T>,
  index: number,
  words: Vocabulary,
): RowOf<T> {
  const flags = columns.flags[index]!;
  const row: Record<string, unknown> = {};
  let bit = 1;
  for (const { name, column, store } of fieldsOf(table)) {
    if (store !== null) {
      row[name] = store.read(valueAt(columns, name), index, words, column);
      continue;
    }
    row[name] = (flags & bit) !== 0;
    bit *= 2;
  }
  return row as RowOf<T>;
}

interface Field {
  readonly name: string;
  readonly column: ColumnarColumn;
  /** Null for a flag. */
  readonly store: Store<unknown, unknown> | null;
}

/** By table: they are asked for with each row. */
const FIELDS = new WeakMap<ColumnarTable, readonly Field[]>();

function fieldsOf(table: ColumnarTable): readonly Field[] {
  const known = FIELDS.get(table);
  if (known) return known;
  const fields = Object.entries(table).map(([name, column]) => ({
    ...{ name, column },
    // The table pairs names with kinds, and its types say the same: see `RowOf` and `Columns`.
    store: column.kind === 'flag' ? null : (STORES[column.kind] as Store<unknown, unknown>),
  }));
  FIELDS.set(table, fields);
  return fields;
}

function valueAt(record: object, name: string): unknown {
  return (record as Readonly<Record<string, unknown>>)[name];
}

function flagNames(table: ColumnarTable): string[] {
  return Object.keys(table).filter((name) => table[name]!.kind === 'flag');
}

type FlagName<T> = {
  [K in keyof T]: T[K] extends { kind: 'flag' } ? K : never;
}[keyof T];

/** The bit of a row's flags that stands for the column. */
export function flagBit<T extends ColumnarTable>(table: T, name: FlagName<T>): number {
  return 2 ** flagNames(table).findIndex((one) => one === name);
}

function flagsOf(table: ColumnarTable, rows: readonly object[]): Flags {
  const names = flagNames(table);
  const flags = names.length > 8 ? new Uint32Array(rows.length) : new Uint8Array(rows.length);
  names.forEach((name, i) => {
    for (let row = 0; row < rows.length; row++) {
      if (valueAt(rows[row]!, name) === true) flags[row]! |= 1 << i;
    }
  });
  return flags;
}

/** Bytes of all arrays. */
export function bytesOfColumns<T extends ColumnarTable>(columns: Columns<T>): number {
  const arrays: readonly (ArrayBufferView | Ragged<WordIds | Float32Array>)[] =
    Object.values(columns);
  return arrays.reduce((sum, array) => sum + bytesOfArray(array), 0);
}

export function bytesOfArray(array: ArrayBufferView | Ragged<WordIds | Float32Array>): number {
  if ('byteLength' in array) return array.byteLength;
  return array.values.byteLength + array.starts.byteLength;
}

// ---- lists

export function raggedWords(
  lists: readonly (readonly string[])[],
  words: Vocabulary,
): Ragged<WordIds> {
  const starts = startsOf(lists);
  let values: WordIds = new Uint16Array(starts.at(-1)!);
  let at = 0;
  for (const list of lists) {
    for (const word of list) {
      const id = words.id(word);
      if (id > MOST_NARROW && values instanceof Uint16Array) values = new Uint32Array(values);
      values[at++] = id;
    }
  }
  return { values, starts };
}

const MOST_NARROW = 0xffff;

export function wordsAt(
  { values, starts }: Ragged<WordIds>,
  index: number,
  words: Vocabulary,
): string[] {
  const list: string[] = [];
  for (let at = starts[index]!; at < starts[index + 1]!; at++) list.push(words.word(values[at]!));
  return list;
}

function numbersAt({ values, starts }: Ragged<Float32Array>, index: number): number[] {
  const list: number[] = [];
  for (let at = starts[index]!; at < starts[index + 1]!; at++) list.push(values[at]!);
  return list;
}

function startsOf(lists: readonly { readonly length: number }[]): Uint32Array {
  const starts = new Uint32Array(lists.length + 1);
  lists.forEach(({ length }, i) => (starts[i + 1] = starts[i]! + length));
  return starts;
}
