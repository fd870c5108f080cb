/** metrics.jsonl: one training step's values per line, as any plotting program can read them. */
import { METRICS, type MetricRow } from '../schema/metrics.ts';
import { decodeText, RunFormatError, show, toJson } from './checks.ts';

const FILE = 'metrics.jsonl';

/** @throws RunFormatError if a value is not finite. */
export function writeMetrics(rows: readonly MetricRow[]): string {
  return rows.map((row) => toJson(FILE, row) + '\n').join('');
}

/**
 * Line by line, so that a file which is none is refused at its first line, however long it is.
 * @throws RunFormatError with the number of the first line that is off, and why.
 */
export function readMetrics(bytes: Uint8Array): MetricRow[] {
  const rows: MetricRow[] = [];
  for (const line of linesOf(bytes)) {
    const row = readRow(line.text, line);
    const last = rows.at(-1)?.step ?? -1;
    if (row.step <= last) {
      throw refusal(line.number, `step: got ${row.step}, expected more than ${last}`);
    }
    rows.push(row);
  }
  return rows;
}

/** In bytes; a row of every metric takes a thirtieth. */
const LONGEST_LINE = 2 ** 16;
const LINE_END = 0x0a;

/** Without the empty one after the last line end. */
function* linesOf(bytes: Uint8Array): Generator<Line & { readonly text: string }> {
  for (let [begin, number] = [0, 1]; begin < bytes.length; number++) {
    const found = bytes.indexOf(LINE_END, begin);
    const end = found < 0 ? bytes.length : found;
    if (end - begin > LONGEST_LINE) {
      throw refusal(number, `got ${end - begin} bytes, expected at most ${LONGEST_LINE}`);
    }
    const text = decodeText(FILE, bytes.subarray(begin, end));
    yield { text, number, isLast: end + 1 >= bytes.length };
    begin = end + 1;
  }
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
