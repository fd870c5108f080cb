/** Records as bytes, value by value, in the order of their table's columns. */
import {
  valueBefore,
  type Column,
  type Kind,
  type PlainValues,
  type Rounding,
  type Table,
} from '../../schema/columns.ts';
import { ATTEMPT, type Attempt } from '../../schema/records.ts';
import { METRIC_IDS, type MetricRow } from '../../schema/metrics.ts';
import type { Json } from '../../tasks/task.ts';
import { Vocabulary } from '../index/vocabulary.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';

/** What has been said so far, the same on both sides. */
export class CodecDictionary {
  readonly words = new Vocabulary();
  private readonly json = new Map<Column, Map<unknown, Json>>();
  /** By id of the history. */
  readonly attempts = new Map<unknown, Attempt>();

  /** @param version of the tables that the bytes were written with. */
  constructor(readonly version: number) {}

  /** What a column was, by the value of the column that tells it. */
  jsonOf(column: Column): Map<unknown, Json> {
    const known = this.json.get(column) ?? new Map<unknown, Json>();
    this.json.set(column, known);
    return known;
  }

  knows(column: Column): boolean {
    return (column.since ?? 1) <= this.version;
  }
}

export type Row = Readonly<Record<string, unknown>>;

/** What a value is written beside: the rest of its row, and what was said before. */
interface Place<K extends Kind> {
  readonly column: Extract<Column, { kind: K }>;
  readonly row: Row;
  readonly dictionary: CodecDictionary;
}

interface Codec<K extends Kind, V> {
  write(out: ByteWriter, value: V, place: Place<K>): void;
  read(from: ByteReader, place: Place<K>): V;
}

/** Kinds that stand in the tables of recordings. */
type Values = Omit<PlainValues, 'real' | 'text' | 'param' | 'paramValue'> & {
  readonly choice: string;
  readonly attempt: Attempt | null;
  readonly row: Row;
  readonly rows: readonly Row[];
};

const CODECS: { readonly [K in keyof Values]: Codec<K, Values[K]> } = {
  uint: { write: (out, value) => out.uint(value), read: (from) => from.uint() },
  int: { write: (out, value) => out.int(value), read: (from) => from.int() },
  float32: {
    write: (out, value, { column }) => writeNumber(out, value, column.rounding),
    read: (from, { column }) => readNumber(from, column.rounding),
  },
  flag: { write: (out, value) => out.uint(Number(value)), read: (from) => from.uint() === 1 },
  id: { write: (out, id) => out.uint(id ?? 0), read: (from) => from.uint() || null },
  choice: {
    write: (out, value, { column }) => out.uint(column.options.indexOf(value)),
    read: (from, { column }) => choiceOf(column.options, from.uint()),
  },
  words: {
    write: (out, words) => writeList(out, words, (word) => out.word(word)),
    read: (from) => readList(from, () => from.word()),
  },
  numbers: {
    write: (out, list, { column }) =>
      writeList(out, list, (value) => writeNumber(out, value, column.rounding)),
    read: (from, { column }) => readList(from, () => readNumber(from, column.rounding)),
  },
  ids: {
    write: (out, list) => writeList(out, list, (id) => out.uint(id)),
    read: (from) => readList(from, () => from.uint()),
  },
  json: { write: writeJson, read: readJson },
  metrics: { write: writeMetrics, read: readMetrics },
  attempt: { write: writeAttempt, read: readAttempt },
  row: {
    write: (out, value, { column, dictionary }) => writeRow(out, column.columns, value, dictionary),
    read: (from, { column, dictionary }) => readRow(from, column.columns, dictionary),
  },
  rows: {
    write: (out, list, { column, dictionary }) =>
      writeList(out, list, (value) => writeRow(out, column.columns, value, dictionary)),
    read: (from, { column, dictionary }) =>
      readList(from, () => readRow(from, column.columns, dictionary)),
  },
};

/** @throws RangeError for a kind that recordings do not hold. */
function codecOf(kind: Kind): Codec<Kind, unknown> {
  if (!Object.hasOwn(CODECS, kind)) throw new RangeError(`column: got ${kind}, which has no codec`);
  // The table pairs names with kinds, and its types say the same: see `RowOf`.
  return CODECS[kind as keyof Values] as Codec<Kind, unknown>;
}

export function writeValue(out: ByteWriter, value: unknown, place: Place<Kind>): void {
  codecOf(place.column.kind).write(out, value, place);
}

export function readValue(from: ByteReader, place: Place<Kind>): unknown {
  return codecOf(place.column.kind).read(from, place);
}

export function writeRow(
  out: ByteWriter,
  table: Table,
  row: Row,
  dictionary: CodecDictionary,
): void {
  for (const [name, column] of Object.entries(table)) {
    if (isPresent(column, row)) writeValue(out, row[name], { column, row, dictionary });
  }
}

export function readRow(from: ByteReader, table: Table, dictionary: CodecDictionary): Row {
  const row: Record<string, unknown> = {};
  for (const [name, column] of Object.entries(table)) {
    if (!dictionary.knows(column)) row[name] = valueBefore(column);
    else if (isPresent(column, row)) row[name] = readValue(from, { column, row, dictionary });
    else row[name] = null;
  }
  return row;
}

function isPresent({ onlyIf }: Column, row: Row): boolean {
  return onlyIf === undefined || row[onlyIf.column] === onlyIf.is;
}

// ---- what an earlier row has said is not said again

function writeJson(out: ByteWriter, value: Json, { column, row, dictionary }: Place<'json'>): void {
  if (column.per === undefined) return out.text(JSON.stringify(value));
  const known = dictionary.jsonOf(column);
  const key = row[column.per];
  if (!known.has(key)) out.text(JSON.stringify(value));
  known.set(key, value);
}

function readJson(from: ByteReader, { column, row, dictionary }: Place<'json'>): Json {
  const read = (): Json => JSON.parse(from.text()) as Json;
  if (column.per === undefined) return read();
  const known = dictionary.jsonOf(column);
  const key = row[column.per];
  const value = known.has(key) ? known.get(key)! : read();
  known.set(key, value);
  return value;
}

const SAID = { none: 0, before: 1, here: 2 } as const;

function writeAttempt(
  out: ByteWriter,
  attempt: Attempt | null,
  { column, row, dictionary }: Place<'attempt'>,
): void {
  if (attempt === null) return out.uint(SAID.none);
  const known = dictionary.attempts.get(row[column.of]);
  const isKnown = known !== undefined && JSON.stringify(known) === JSON.stringify(attempt);
  out.uint(isKnown ? SAID.before : SAID.here);
  if (!isKnown) writeRow(out, ATTEMPT, attempt, dictionary);
}

function readAttempt(
  from: ByteReader,
  { column, row, dictionary }: Place<'attempt'>,
): Attempt | null {
  const kind = from.uint();
  if (kind === SAID.none) return null;
  if (kind === SAID.here) return readRow(from, ATTEMPT, dictionary) as Attempt;
  const known = dictionary.attempts.get(row[column.of]);
  if (!known) throw new RangeError(`history ${String(row[column.of])}: it did not come before`);
  return known;
}

// ---- pieces

function choiceOf(options: readonly string[], index: number): string {
  const choice = options[index];
  if (choice !== undefined) return choice;
  throw new RangeError(`choice: got ${index}, expected less than ${options.length}`);
}

/** Metrics that this version does not know are left out when read. */
export function writeMetrics(out: ByteWriter, row: MetricRow): void {
  const entries = Object.entries(row).filter(([, value]) => value !== undefined);
  writeList(out, entries, ([id]) => out.word(id));
  for (const [, value] of entries) out.float32(value);
}

export function readMetrics(from: ByteReader): MetricRow {
  const ids = readList(from, () => from.word());
  const entries = ids.map((id) => [id, from.float32()] as const);
  const known = entries.filter(([id]) => id === 'step' || METRIC_IDS.some((one) => one === id));
  return { step: 0, ...Object.fromEntries(known) };
}

function writeNumber(out: ByteWriter, value: number, rounding: Rounding | undefined): void {
  if (rounding === undefined) out.float32(value);
  else if (rounding.side === 'both') out.int(roundedSteps(value, rounding));
  else out.uint(roundedSteps(value, rounding));
}

function readNumber(from: ByteReader, rounding: Rounding | undefined): number {
  if (rounding === undefined) return from.float32();
  switch (rounding.side) {
    case 'both':
      return from.int() * rounding.step;
    case 'positive':
      return from.uint() * rounding.step;
    case 'negative':
      return 0 - from.uint() * rounding.step;
    default:
      return rounding.side satisfies never;
  }
}

/** What a number that is rounded is written as. */
export function roundedSteps(value: number, { step, side }: Rounding): number {
  return Math.round(side === 'negative' ? Math.max(0, -value / step) : value / step);
}

export function writeList<T>(out: ByteWriter, list: readonly T[], write: (one: T) => void): void {
  out.uint(list.length);
  list.forEach(write);
}

export function readList<T>(from: ByteReader, read: () => T): T[] {
  return Array.from({ length: from.count() }, read);
}
