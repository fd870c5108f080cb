import { describe, expect, it } from 'vitest';
import type { ColumnarTable, RowOf } from '../../schema/columns.ts';
import { bytesOfColumns, flagBit, rowAt, toColumns } from './columns.ts';
import { Vocabulary } from './vocabulary.ts';

const TABLE = {
  count: { kind: 'uint', doc: 'A.' },
  change: { kind: 'int', doc: 'B.' },
  share: { kind: 'float32', doc: 'C.' },
  early: { kind: 'flag', doc: 'D.' },
  mode: { kind: 'choice', options: ['x', 'y', 'z'], doc: 'E.' },
  words: { kind: 'words', doc: 'F.' },
  numbers: { kind: 'numbers', doc: 'G.' },
  late: { kind: 'flag', doc: 'H.' },
  id: { kind: 'id', doc: 'I.' },
} as const satisfies ColumnarTable;

const ROWS: readonly RowOf<typeof TABLE>[] = [
  {
    ...{ count: 4e9, change: -7, share: 0.25, early: true, late: false, mode: 'z', id: null },
    ...{ words: ['a', 'b', 'a'], numbers: [-0.5, 2] },
  },
  {
    ...{ count: 0, change: 0, share: -1, early: false, late: true, mode: 'x', id: 2 ** 40 },
    ...{ words: [], numbers: [] },
  },
];

describe('columns', () => {
  it('give every row back, of every kind', () => {
    const words = new Vocabulary();
    const columns = toColumns(TABLE, ROWS, words);
    expect(ROWS.map((_, i) => rowAt(TABLE, columns, i, words))).toEqual(ROWS);
    expect(words.size).toBe(2);
  });

  it('keep flags as bits of one number, in the order of the table', () => {
    const { flags } = toColumns(TABLE, ROWS, new Vocabulary());
    expect([...flags]).toEqual([flagBit(TABLE, 'early'), flagBit(TABLE, 'late')]);
    expect([...flags]).toEqual([1, 2]);
  });

  it('cost what their arrays cost', () => {
    const bytes = { numbers: 2 * (4 + 4 + 4 + 1 + 8), flags: 2, words: 3 * 2 + 3 * 4, list: 2 * 4 };
    const starts = 3 * 4;
    expect(bytesOfColumns(toColumns(TABLE, ROWS, new Vocabulary()))).toBe(
      bytes.numbers + bytes.flags + bytes.words + bytes.list + starts,
    );
  });

  it('of more than eight flags have wider bits', () => {
    const many = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`f${i}`, { kind: 'flag', doc: 'F.' } as const]),
    );
    const row = Object.fromEntries(Object.keys(many).map((name, i) => [name, i % 3 === 0]));
    const columns = toColumns(many, [row], new Vocabulary());
    expect(rowAt(many, columns, 0, new Vocabulary())).toEqual(row);
  });
});

describe('a vocabulary past 65,536 words', () => {
  const WORDS_TABLE = { words: { kind: 'words', doc: 'W.' } } as const satisfies ColumnarTable;
  const rows = Array.from({ length: 700 }, (_, r) => ({
    words: Array.from({ length: 100 }, (_, i) => `w${100 * r + i}`),
  }));

  it('keeps every word apart, and takes wider numbers only from there on', () => {
    const words = new Vocabulary();
    const before = toColumns(WORDS_TABLE, rows.slice(0, 655), words);
    const across = toColumns(WORDS_TABLE, rows.slice(655), words);
    const after = toColumns(WORDS_TABLE, rows.slice(0, 1), words);
    expect(words.size).toBe(70_000);
    expect(before.words.values).toBeInstanceOf(Uint16Array);
    expect(across.words.values).toBeInstanceOf(Uint32Array);
    expect(after.words.values).toBeInstanceOf(Uint16Array);
    expect(rowAt(WORDS_TABLE, before, 654, words)).toEqual(rows[654]);
    const back = rows.slice(655).map((_, i) => rowAt(WORDS_TABLE, across, i, words));
    expect(back).toEqual(rows.slice(655));
  });
});
