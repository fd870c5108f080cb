import { expect, test } from 'vitest';
import type { ColumnReading, TableReading } from '../../../tasks/task.ts';
import { columnFacts, tableSummary } from './tableLabels.ts';

const COLUMN: ColumnReading = {
  name: 'level',
  use: 'number',
  missing: 16,
  missingAs: ['N/A', '-'],
  different: 5,
  examples: ['0', 'line one\nline two, which is long', '2', '1'],
  note: null,
  problem: null,
};

const READING: TableReading = {
  separator: 'comma',
  firstLine: 'names',
  decimalMark: null,
  rows: 24,
  emptyLines: 1,
  columns: [
    COLUMN,
    { ...COLUMN, name: 'id', use: 'left out' },
    { ...COLUMN, name: 'kind', use: 'predicted classes', missing: 0 },
  ],
  problem: null,
};

test('a table is told in rows, columns, target and what is missing', () => {
  expect(tableSummary(READING)).toBe(
    '24 rows; kind is predicted from 1 column; 16 values missing. 1 empty line passed over.',
  );
  expect(tableSummary({ ...READING, columns: [] })).toBe('The lines make no table yet.');
});

test('a column is told by its values, its gaps and what may surprise', () => {
  expect(columnFacts(COLUMN)).toEqual([
    '5 values: 0, line one ⏎ line two, wh…, 2, 1, …',
    '16 missing (N/A, -)',
  ]);
  const clean = {
    ...COLUMN,
    missing: 0,
    different: 1,
    examples: ['3'],
    note: 'one value throughout',
  };
  expect(columnFacts(clean)).toEqual(['1 value: 3', 'one value throughout']);
});
