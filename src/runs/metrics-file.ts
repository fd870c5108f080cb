/** metrics.jsonl: one training step's values per line, as any plotting program can read them. */
import { METRICS, type MetricRow } from '../schema/metrics.ts';
import { RunFormatError, show, toJson } from './checks.ts';

const FILE = 'metrics.jsonl';

/** @throws RunFormatError if a value is not finite. */
export function writeMetrics(rows: readonly MetricRow[]): string {
  return rows.map((row) => toJson(FILE, row) + '\n').join('');
}

/** @throws RunFormatError with the number of the first line that is off, and why. */
export function readMetrics(text: string): MetricRow[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  let last = -1;
  return lines.map((line, index) => {
    const row = readRow(line, { number: index + 1, isLast: index === lines.length - 1 });
    if (row.step <= last) {
      throw refusal(index + 1, `step: got ${row.step}, expected more than ${last}`);
    }
    last = row.step;
    return row;
  });
}

function refusal(line: number, problem: string): RunFormatError {
  return new RunFormatError(FILE, `line ${line}: ${problem}`);
}

interface Line {
  readonly number: number;
  readonly isLast: boolean;
}

function readRow(text: string, line: Line): MetricRow {
  const fields = parseLine(text, line);
  const { step } = fields;
  if (typeof step !== 'number' || !Number.isSafeInteger(step) || step < 0) {
    throw refusal(line.number, `step: got ${show(step)}, expected a whole number of at least 0`);
  }
  const row: Record<string, number> & { step: number } = { step };
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'step') continue;
    if (!Object.hasOwn(METRICS, name)) {
      throw refusal(line.number, `${show(name)}: expected the name of a metric`);
    }
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw refusal(line.number, `${name}: got ${show(value)}, expected a number`);
    }
    row[name] = value;
  }
  return row;
}

function parseLine(text: string, { number, isLast }: Line): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const hint = isLast ? '; the file seems to be cut off' : '';
    throw refusal(number, `is not JSON: ${(cause as Error).message}${hint}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw refusal(number, `got ${show(value)}, expected a JSON object`);
}
