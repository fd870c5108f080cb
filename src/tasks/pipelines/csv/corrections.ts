/**
 * What a person has put right of how a table is understood. It stands in the lines before the table, so that
 * the text alone tells what the table is:
 *
 *     # predict: kind
 *     # words: stars
 *     # left out: id, "name, in full"
 *     id,stars,"name, in full",kind
 */
import type { TableCorrection } from '../../task.ts';
import { refuse } from './error.ts';
import { DECIMAL_MARKS } from './numbers.ts';
import { SEPARATORS } from './records.ts';

/** How a column is used where nothing is said: by what its values look like. */
export const USES = ['numbers', 'words', 'left out'] as const;
export type Use = (typeof USES)[number];

export const FIRST_LINES = ['names', 'data'] as const;

export interface Corrections {
  readonly separator?: keyof typeof SEPARATORS;
  readonly firstLine?: (typeof FIRST_LINES)[number];
  readonly decimalMark?: (typeof DECIMAL_MARKS)[number];
  /** Name of the target. */
  readonly predict?: string;
  readonly uses: ReadonlyMap<string, Use>;
}

const LINE = /^# (separator|first line|decimal mark|predict|numbers|words|left out): (.*)$/;

/**
 * Takes the corrections off a text.
 * @throws TableError at one that says what cannot be said.
 */
export function readCorrections(text: string): { corrections: Corrections; content: string } {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const uses = new Map<string, Use>();
  let corrections: Corrections = { uses };
  let read = 0;
  for (; read < lines.length; read++) {
    const [, field, value = ''] = LINE.exec(lines[read]!) ?? [];
    if (field === undefined) break;
    const use = USES.find((known) => known === field);
    if (use) for (const name of namesIn(value)) uses.set(name, use);
    else corrections = { ...corrections, ...readField(field, value) };
  }
  return { corrections, content: lines.slice(read).join('\n') };
}

function readField(field: string, value: string): Partial<Corrections> {
  switch (field) {
    case 'separator':
      return { separator: oneOf(field, value, Object.keys(SEPARATORS) as Separator[]) };
    case 'first line':
      return { firstLine: oneOf(field, value, FIRST_LINES) };
    case 'decimal mark':
      return { decimalMark: oneOf(field, value, DECIMAL_MARKS) };
    default: {
      const [predict = ''] = namesIn(value);
      return { predict };
    }
  }
}

type Separator = keyof typeof SEPARATORS;

function oneOf<T extends string>(field: string, value: string, options: readonly T[]): T {
  const known = options.find((option) => option === value.trim());
  return known ?? refuse(`# ${field}`, value, `one of ${options.join(', ')}`);
}

/** Names between commas, quoted as values are; line breaks within one are written as `\n`. */
function namesIn(value: string): string[] {
  const parts = value.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*(?:,|$)/g);
  return [...parts]
    .map(([, quoted, plain = '']) => (quoted === undefined ? plain : quoted.replaceAll('""', '"')))
    .map((name) => name.trim().replaceAll('\\n', '\n'))
    .filter((name) => name !== '');
}

function writeNames(names: readonly string[]): string {
  return names.map((name) => quote(name.replaceAll('\n', '\\n'))).join(', ');
}

/** A value as it stands between commas. */
export function quote(cell: string): string {
  return /[",;|\t\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** The lines before a table; empty where nothing is put right. */
export function writeCorrections(corrections: Corrections): string {
  const { separator, firstLine, decimalMark, predict, uses } = corrections;
  const of = (use: Use): string =>
    writeNames([...uses].filter(([, own]) => own === use).map(([name]) => name));
  const fields: [string, string | undefined][] = [
    ['separator', separator],
    ['first line', firstLine],
    ['decimal mark', decimalMark],
    ['predict', predict === undefined ? undefined : writeNames([predict])],
    ...USES.map((use): [string, string] => [use, of(use)]),
  ];
  return fields.map(([field, value]) => (value ? `# ${field}: ${value}\n` : '')).join('');
}

/** What was put right before, and what is now. Columns have other names where the first line is data. */
export function corrected(
  before: Corrections,
  { column, separator, firstLine, decimalMark }: TableCorrection,
): Corrections {
  const renamed = firstLine !== undefined || separator !== undefined;
  const { predict: target, uses: known, ...rest } = before;
  const uses = new Map(renamed ? [] : known);
  let predict = renamed ? undefined : target;
  if (column) {
    const { name, use } = column;
    if (use.startsWith('predicted')) predict = name;
    else if (predict === name) predict = undefined;
    uses.set(name, USE_OF[use]);
  }
  return {
    ...rest,
    ...(separator && { separator }),
    ...(firstLine && { firstLine }),
    ...(decimalMark && { decimalMark }),
    ...(predict !== undefined && { predict }),
    uses,
  };
}

const USE_OF = {
  number: 'numbers',
  words: 'words',
  'predicted number': 'numbers',
  'predicted classes': 'words',
  'left out': 'left out',
} as const satisfies Readonly<Record<string, Use>>;
