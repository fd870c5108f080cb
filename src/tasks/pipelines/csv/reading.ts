/** What was understood of a table, in plain words, for a person to check and to put right. */
import type { ColumnReading, ColumnUse, TableCorrection, TableReading } from '../../task.ts';
import type { Table } from '../../tables/table.ts';
import { readColumns, type Column } from './columns.ts';
import { corrected, readCorrections, writeCorrections, type Corrections } from './corrections.ts';
import { encodeColumn, encodeTable, encodeTarget, isNumeric, wordsOf } from './encode.ts';
import { TableError } from './error.ts';
import { readRecords } from './records.ts';

/** @throws TableError in one sentence. */
export function parseTable(text: string): Table {
  const { corrections, content } = readCorrections(text);
  const records = readRecords(content, corrections.separator);
  return encodeTable(readColumns(records, corrections).all);
}

/** The text with the correction written into it, and what it then says. Never throws. */
export function describeTable(
  text: string,
  correction: TableCorrection = {},
): { readonly text: string; readonly reading: TableReading } {
  let shown = text;
  try {
    const { corrections, content } = readCorrections(text);
    const next = corrected(corrections, correction);
    if (Object.keys(correction).length > 0) shown = writeCorrections(next) + content;
    return { text: shown, reading: read(content, next) };
  } catch (error) {
    return { text: shown, reading: { ...NOTHING, problem: problemOf(error) } };
  }
}

const NOTHING: TableReading = {
  separator: 'comma',
  firstLine: 'names',
  decimalMark: null,
  rows: 0,
  emptyLines: 0,
  columns: [],
  problem: null,
};

function problemOf(error: unknown): string {
  if (error instanceof TableError) return error.message;
  throw error;
}

/** What `action` refuses, in a sentence; null if nothing. */
function refusalOf(action: () => unknown): string | null {
  try {
    action();
    return null;
  } catch (error) {
    return problemOf(error);
  }
}

function read(content: string, corrections: Corrections): TableReading {
  const { separator, emptyLines, rows } = readRecords(content, corrections.separator);
  const found = { ...NOTHING, separator, emptyLines };
  try {
    const columns = readColumns({ separator, emptyLines, rows }, corrections);
    return {
      ...found,
      firstLine: columns.firstLine,
      decimalMark: columns.decimalMark,
      rows: columns.all[0]!.cells.length,
      columns: columns.all.map(readingOf),
      problem: refusalOf(() => encodeTable(columns.all)),
    };
  } catch (error) {
    const firstLine = corrections.firstLine ?? found.firstLine;
    return { ...found, firstLine, problem: problemOf(error) };
  }
}

const MOST_EXAMPLES = 4;

function readingOf(column: Column): ColumnReading {
  const { name, cells, use, isTarget, isMissing, note } = column;
  const known = cells.map(({ text }) => text).filter((text) => !isMissing(text));
  const spellings = cells.map(({ text }) => text).filter((text) => text !== '' && isMissing(text));
  const different = [...new Set(known.map(wordsOf(column, known)))];
  const check = (): unknown => (isTarget ? encodeTarget(column) : encodeColumn(column));
  return {
    name,
    use: useOf(column),
    missing: cells.length - known.length,
    missingAs: [...new Set(spellings)],
    different: different.length,
    examples: different.slice(0, MOST_EXAMPLES),
    note: note ?? noteOn(known.map(wordsOf(column, known))),
    problem: use === 'left out' ? null : refusalOf(check),
  };
}

function useOf(column: Column): ColumnUse {
  const { use, isTarget } = column;
  if (!isTarget) return use === 'numbers' ? 'number' : use;
  try {
    return isNumeric(column) ? 'predicted number' : 'predicted classes';
  } catch {
    return 'predicted number';
  }
}

/** Share of the rows from which one value makes a column nearly constant. */
const NEARLY_ALL = 0.9;

function noteOn(known: readonly string[]): string | null {
  const different = [...new Set(known)];
  if (different.includes('NA') || different.includes('na')) {
    return 'NA stands for a word here, as the other codes do';
  }
  const commonest = different.reduce(
    (most, text) => Math.max(most, known.filter((other) => other === text).length),
    0,
  );
  const share = commonest / known.length;
  if (different.length > 1 && share >= NEARLY_ALL) {
    return `nearly constant: one value in ${Math.floor(100 * share)}% of the rows`;
  }
  return different.length === 1 ? 'one value throughout' : null;
}
