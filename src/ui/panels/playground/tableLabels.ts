/** What was understood of a table, in words. */
import type { ColumnReading, ColumnUse, TableReading } from '../../../tasks/task.ts';

export const SEPARATORS: Readonly<Record<TableReading['separator'], string>> = {
  comma: 'a comma',
  semicolon: 'a semicolon',
  tab: 'a tab',
  bar: 'a bar |',
};

export const FIRST_LINES: Readonly<Record<TableReading['firstLine'], string>> = {
  names: 'names the columns',
  data: 'is a row of values',
};

export const DECIMAL_MARKS: Readonly<Record<'point' | 'comma', string>> = {
  point: 'a point, 0.5',
  comma: 'a comma, 0,5',
};

export const USES: Readonly<Record<ColumnUse, string>> = {
  number: 'a number',
  words: 'words',
  'predicted number': 'to be predicted, as a number',
  'predicted classes': 'to be predicted, as classes',
  'left out': 'left out',
};

/** In one or two sentences. */
export function tableSummary({ rows, columns, emptyLines }: TableReading): string {
  if (columns.length === 0) return 'The lines make no table yet.';
  const target = columns.find(({ use }) => use.startsWith('predicted'));
  const used = columns.filter(({ use }) => use === 'number' || use === 'words').length;
  const missing = columns.reduce(
    (sum, { use, missing: own }) => sum + (use === 'left out' ? 0 : own),
    0,
  );
  const passed = emptyLines === 0 ? '' : ` ${count(emptyLines, 'empty line')} passed over.`;
  return `${count(rows, 'row')}; ${target?.name ?? 'nothing'} is predicted from ${count(used, 'column')}; ${count(missing, 'value')} missing.${passed}`;
}

/** Its values, what is missing of them, and what may surprise. */
export function columnFacts(column: ColumnReading): string[] {
  const { missing, missingAs, different, examples, note } = column;
  const values = examples.map(shown).join(', ') + (different > examples.length ? ', …' : '');
  const written = missingAs.length === 0 ? '' : ` (${missingAs.join(', ')})`;
  return [
    different === 0 ? '' : `${count(different, 'value')}: ${values}`,
    missing === 0 ? '' : `${missing} missing${written}`,
    note ?? '',
  ].filter((fact) => fact !== '');
}

const LONGEST_SHOWN = 24;

function shown(text: string): string {
  const line = text.replaceAll('\n', ' ⏎ ');
  return line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN - 1)}…` : line;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
