/**
 * An instance as a person writes it: the name of a competition, or a table of their own as CSV, with the
 * target in the last column. What is understood of a table, and how a person puts it right, is told in
 * `csv/reading.ts` and `csv/corrections.ts`.
 *
 * A competition may be said to be noise, `moons (table of noise)`, or to be given away, `moons (table with
 * a leaked label)`.
 *
 *     age,smoker,weight
 *     31,no,72
 *     ,yes,80
 */
import { readKind, writeKind } from '../kind-text.ts';
import type { TableCorrection, TableReading } from '../task.ts';
import { COMPETITIONS } from '../tables/competitions.ts';
import { quote, writeCorrections, type Use } from './csv/corrections.ts';
import { refuse } from './csv/error.ts';
import { describeTable, parseTable } from './csv/reading.ts';
import { PIPELINE_KINDS, type PipelineInstance } from './instance.ts';
import { isClassification, type Table } from '../tables/table.ts';

/** @throws RangeError that names the line or field, the value and what was expected. */
export function parseInstance(text: string): PipelineInstance {
  if (isTable(text)) return { table: parseTable(text) };
  const { text: competition, ...kind } = readKind(text.trim(), PIPELINE_KINDS);
  if (COMPETITIONS.includes(competition)) return { competition, ...kind };
  return refuse('table', text.trim(), `CSV lines, or one of ${COMPETITIONS.join(', ')}`);
}

/** More than a name: several lines, or several values in one. */
function isTable(text: string): boolean {
  return /[\r\n,;\t|]/.test(text.trim());
}

/** What a table says, with the correction written into it; null of what is no table. */
export function readTable(
  text: string,
  correction?: TableCorrection,
): { readonly text: string; readonly reading: TableReading } | null {
  return isTable(text) ? describeTable(text, correction) : null;
}

/** What `parseInstance` reads back. */
export function formatInstance(instance: PipelineInstance): string {
  if ('table' in instance) return formatTable(instance.table);
  return writeKind(instance.competition, instance.kind, PIPELINE_KINDS);
}

/** What its columns are is said where their values do not tell. */
function formatTable(table: Table): string {
  const { columns, target, rows, targets, classes } = table;
  const lines = rows.map((row, i) => {
    const value = targets[i]!;
    const last = classes[value] ?? `${value}`;
    return [...row.map((cell) => (cell === null ? '' : `${cell}`)), last];
  });
  const text = [[...columns, target], ...lines]
    .map((cells) => cells.map(quote).join(','))
    .join('\n');
  return tells(text, table) ? text : withCorrections(text, table);
}

function tells(text: string, { columns, target, rows, classes, targets }: Table): boolean {
  try {
    const again = parseTable(text);
    const [read, written] = [again, { columns, target, rows, classes, targets }].map((one) =>
      JSON.stringify([one.columns, one.target, one.rows, one.classes, one.targets]),
    );
    return read === written;
  } catch {
    return false;
  }
}

function withCorrections(text: string, table: Table): string {
  const uses = new Map<string, Use>(table.columns.map((name) => [name, 'numbers']));
  uses.set(table.target, isClassification(table) ? 'words' : 'numbers');
  const said = { separator: 'comma', firstLine: 'names', decimalMark: 'point' } as const;
  return writeCorrections({ ...said, predict: table.target, uses }) + text;
}
