/** A table that cannot be used, told in one sentence: where, what stands there, and what was expected. */
export class TableError extends RangeError {
  override readonly name = 'TableError';
}

const LONGEST_SHOWN = 60;

/** @throws TableError */
export function refuse(field: string, value: string, expected: string): never {
  const line = value.replaceAll('\n', '⏎');
  const shown = line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN - 1)}…` : line;
  throw new TableError(`${field.replaceAll('\n', '⏎')}: got "${shown}", expected ${expected}`);
}
