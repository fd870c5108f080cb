import { describe, expect, it } from 'vitest';
import type { ColumnarTable, RowOf } from '../../schema/columns.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { readColumns, writeColumns } from './column-codec.ts';
import { CodecDictionary } from './row-codec.ts';

const OLD = {
  words: { kind: 'words', doc: 'A.' },
  quality: { kind: 'float32', doc: 'B.' },
  reward: { kind: 'float32', usually: 'quality', doc: 'C.' },
  logprobs: { kind: 'numbers', rounding: { step: 1 / 4, side: 'negative' }, doc: 'D.' },
  solved: { kind: 'flag', doc: 'E.' },
  id: { kind: 'id', rises: true, doc: 'F.' },
} as const satisfies ColumnarTable;

/** What a later version of the program might have: a column of each place in the bytes. */
const NEW = {
  words: OLD.words,
  length: { kind: 'uint', since: 2, before: 9, doc: 'G.' },
  quality: OLD.quality,
  reward: OLD.reward,
  logprobs: OLD.logprobs,
  isNew: { kind: 'flag', since: 2, doc: 'H.' },
  solved: OLD.solved,
  mode: { kind: 'choice', options: ['x', 'y'], since: 2, doc: 'I.' },
  id: OLD.id,
  next: { kind: 'id', rises: true, since: 2, doc: 'J.' },
} as const satisfies ColumnarTable;

const ROWS: readonly RowOf<typeof OLD>[] = [
  { words: ['a', 'b'], quality: 0.5, reward: 0.5, logprobs: [-0.5], solved: false, id: null },
  { words: ['b'], quality: 0.5, reward: -0.25, logprobs: [], solved: true, id: 3 },
  { words: ['a', 'b'], quality: 0.5, reward: 0.5, logprobs: [-0.55], solved: false, id: 5 },
];

function bytesOf<T extends ColumnarTable>(table: T, rows: readonly RowOf<T>[], version: number) {
  const dictionary = new CodecDictionary(version);
  const out = new ByteWriter(dictionary.words);
  writeColumns(out, table, rows, dictionary);
  return out.take();
}

function read<T extends ColumnarTable>(table: T, bytes: Uint8Array, version: number) {
  const dictionary = new CodecDictionary(version);
  return readColumns(new ByteReader(bytes, dictionary.words), table, ROWS.length, dictionary);
}

describe('rows as bytes', () => {
  it('come back to the precision of their columns, duplicates as what they equal', () => {
    const back = read(OLD, bytesOf(OLD, ROWS, 1), 1);
    expect(back).toEqual([ROWS[0], ROWS[1], { ...ROWS[2], logprobs: [-0.5] }]);
  });

  it('of a version before are read with what new columns were then', () => {
    const added = { length: 9, isNew: false, mode: 'x', next: null };
    const back = read(NEW, bytesOf(OLD, ROWS, 1), 1);
    expect(back).toEqual(read(OLD, bytesOf(OLD, ROWS, 1), 1).map((row) => ({ ...row, ...added })));
  });

  it('of the new version hold the new columns', () => {
    const rows = ROWS.map((row, i) => ({
      ...{ ...row, logprobs: [], length: i, isNew: i === 1, next: i === 0 ? 4 : null },
      mode: i === 2 ? ('y' as const) : ('x' as const),
    }));
    expect(read(NEW, bytesOf(NEW, rows, 2), 2)).toEqual(rows);
  });
});
