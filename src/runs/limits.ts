/** How large a file of a run may be, by what it is: nothing is unpacked or read that is larger. */
import { RunFormatError } from './checks.ts';

const MiB = 2 ** 20;
/** Anything larger is no run of this app; a small archive can claim to hold terabytes. */
export const MOST_BYTES = 1024 * MiB;

const BY_NAME: Readonly<Record<string, number>> = {
  'config.json': MiB,
  'tokenizer_config.json': MiB,
  'generation_config.json': MiB,
  'README.md': 4 * MiB,
  'tokenizer.json': 32 * MiB,
  // What a string can hold; a buffer of 100,000 histories is half of it.
  'run.json': 384 * MiB,
};

/** In bytes. */
export function mostBytesOf(path: string): number {
  return BY_NAME[path] ?? MOST_BYTES;
}

/** @throws RunFormatError naming the file. */
export function checkSize(path: string, bytes: number): void {
  const most = mostBytesOf(path);
  if (bytes <= most) return;
  throw new RunFormatError(path, `got ${bytes} bytes, expected at most ${most}`);
}
