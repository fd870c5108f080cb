/** Checks on JSON from outside, made of the tables of records. */
import * as v from 'valibot';
import { valueBefore, type Column, type RowOf, type Table } from '../schema/columns.ts';
import { real, whole } from './checks.ts';

/**
 * A schema for records of the table, whose messages say what was expected. Columns that came later than
 * the record are filled in; what the table does not know is left out.
 * @param expected of the record as a whole, in words.
 */
export function schemaOf<T extends Table>(
  table: T,
  expected: string,
): v.GenericSchema<unknown, RowOf<T>> {
  // Made of the same table as the type.
  return objectOf(table, expected) as unknown as v.GenericSchema<unknown, RowOf<T>>;
}

function objectOf(table: Table, expected: string): v.GenericSchema {
  const entries = Object.entries(table).map(([name, column]) => [name, entryOf(column)]);
  return v.object(Object.fromEntries(entries) as v.ObjectEntries, expected);
}

function entryOf(column: Column): v.GenericSchema {
  const schema = column.onlyIf === undefined ? valueOf(column) : v.nullable(valueOf(column));
  if (column.optional) return v.exactOptional(schema);
  return column.since === undefined ? schema : v.optional(schema, valueBefore(column));
}

function valueOf(column: Column): v.GenericSchema {
  if (column.kind === 'uint') return whole(column.least ?? 0);
  if (column.kind === 'choice') {
    return v.picklist(column.options, `one of ${column.options.join(', ')}`);
  }
  if (!('columns' in column)) return PLAIN[column.kind];
  if (column.kind === 'attempt') return v.nullable(objectOf(column.columns, 'an attempt'));
  const one = objectOf(column.columns, column.expected);
  return column.kind === 'row' ? one : v.array(one, column.expectedList ?? 'a list');
}

type PlainKind = Exclude<Column['kind'], 'uint' | 'choice' | 'attempt' | 'row' | 'rows'>;

const PLAIN: Readonly<Record<PlainKind, v.GenericSchema>> = {
  int: real(),
  float32: real(),
  real: real(),
  flag: v.boolean('true or false'),
  id: v.nullable(whole(1)),
  words: v.array(v.string('a word'), 'a list of words'),
  numbers: v.array(real(), 'a list of numbers'),
  ids: v.array(whole(1), 'a list of ids'),
  text: v.string('a text'),
  json: v.unknown(),
  metrics: v.record(v.string(), real(), 'numbers by name'),
  param: v.string('a text'),
  paramValue: v.unknown(),
};
