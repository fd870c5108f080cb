/** How files of a run are refused: with the file, the field, its value and what was expected of it. */
import * as v from 'valibot';

/** A file, or a set of files, that is not what it should be. */
export class RunFormatError extends Error {
  override readonly name = 'RunFormatError';
  readonly file: string;

  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(`${file}: ${problem}`, options);
    this.file = file;
  }
}

/** A value of an outside file in an error message, shortened. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** What can be parsed can be nested too deeply to be written. */
function stringify(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return 'an array or object';
  }
}

/** @throws RunFormatError if the bytes are not UTF-8. */
export function decodeText(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new RunFormatError(file, 'is not UTF-8 text', { cause });
  }
}

export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** Deeper than any file of a run; what is nested in thousands of levels cannot be written again. */
const MOST_DEPTH = 64;

/**
 * @throws RunFormatError if the text is not JSON, in the parser's own words, which say where; or if it is
 * nested too deeply.
 */
export function parseJson(file: string, text: string): unknown {
  if (depthOf(text) > MOST_DEPTH) {
    throw new RunFormatError(file, `is nested more than ${MOST_DEPTH} levels deep`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new RunFormatError(file, `is not JSON: ${(cause as Error).message}`, { cause });
  }
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];

/** Levels of lists and objects within one another, if the text is JSON. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  let inText = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inText) {
      if (code === BACKSLASH) i++;
      else if (code === QUOTE) inText = false;
    } else if (code === QUOTE) inText = true;
    // [ and {, ] and }: they differ in one bit.
    else if ((code | 0x20) === 0x7b) deepest = Math.max(deepest, ++depth);
    else if ((code | 0x20) === 0x7d) depth--;
  }
  return deepest;
}

/**
 * JSON text that reads back as it was.
 * @throws RunFormatError at a number that JSON cannot hold, which would silently become null.
 */
export function toJson(file: string, value: unknown, indent?: number): string {
  const checked = (key: string, field: unknown): unknown => {
    if (typeof field !== 'number' || Number.isFinite(field)) return field;
    throw new RunFormatError(file, `${key}: got ${field}, expected a finite number`);
  };
  return JSON.stringify(value, checked, indent);
}

type Entries = v.ObjectEntries;
type Outline = v.ObjectSchema<Entries, undefined> | v.LooseObjectSchema<Entries, undefined>;

/**
 * Checks a JSON object field by field. The messages of the schema's own checks must say what is
 * expected, as in `v.number('a number')`.
 * @throws RunFormatError naming the first field that is off.
 */
export function checkObject<S extends Outline>(
  file: string,
  schema: S,
  value: unknown,
): v.InferOutput<S> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RunFormatError(file, `got ${show(value)}, expected a JSON object`);
  }
  // An absent field is checked like an undefined one, so that the message says what belongs there.
  const absent = Object.fromEntries(Object.keys(schema.entries).map((key) => [key, undefined]));
  const result = v.safeParse(schema, { ...absent, ...value }, { abortEarly: true });
  if (result.success) return result.output;
  throw new RunFormatError(file, describe(result.issues[0]));
}

function describe(issue: v.BaseIssue<unknown>): string {
  const last = issue.path?.at(-1);
  const value = last ? last.value : issue.input;
  return `${v.getDotPath(issue) ?? 'content'}: got ${show(value)}, expected ${issue.message}`;
}

export function whole(least: 0 | 1) {
  const expected = `a whole number of at least ${least}`;
  return v.pipe(v.number(expected), v.safeInteger(expected), v.minValue(least, expected));
}

/** Finite: JSON holds nothing else. */
export function real() {
  return v.pipe(v.number('a number'), v.finite('a number'));
}
