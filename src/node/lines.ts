/** Lines of a stream, one by one: no more is read than is asked for. */
import { CliError } from './args.ts';

const LINE_END = 0x0a;

export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/**
 * The lines of a stream of UTF-8, the last with or without its end. Empty lines are passed over.
 *
 * @param most bytes in a line.
 * @throws CliError naming the line that is longer, or that is no UTF-8.
 */
export async function* linesOf(
  stream: AsyncIterable<Uint8Array>,
  most: number,
): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let number = 1;
  let parts: Uint8Array[] = [];
  const take = (bytes: Uint8Array): void => {
    parts.push(bytes);
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    if (length <= most) return;
    throw new CliError(
      `line ${number}: got more than ${most.toLocaleString('en-US')} bytes, expected at most that`,
    );
  };
  const line = (): Line => {
    const bytes = Buffer.concat(parts);
    parts = [];
    try {
      return { number: number++, text: decoder.decode(bytes) };
    } catch {
      throw new CliError(`line ${number - 1}: is not UTF-8 text`);
    }
  };
  for await (const chunk of stream) {
    let begin = 0;
    for (let end = chunk.indexOf(LINE_END); end >= 0; end = chunk.indexOf(LINE_END, begin)) {
      take(chunk.subarray(begin, end));
      begin = end + 1;
      const next = line();
      if (next.text.trim() !== '') yield next;
    }
    take(chunk.subarray(begin));
  }
  const last = line();
  if (last.text.trim() !== '') yield last;
}
