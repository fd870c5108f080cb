import { describe, expect, expectTypeOf, it } from 'vitest';
import { omit, valueBefore, versionOf, type Column, type RowOf, type Table } from './columns.ts';
import {
  ATTEMPT,
  COMPLETION,
  EVALUATION,
  GROUP,
  PARAM_CHANGE,
  START,
  STEP,
  type CompletionRecord,
  type Evaluation,
  type StartRecord,
} from './records.ts';

const TABLES: readonly (readonly [string, Table])[] = Object.entries({
  ...{ ATTEMPT, START, COMPLETION, GROUP, STEP, EVALUATION, PARAM_CHANGE },
});

/** Columns that this one cannot be read without. */
function needs(column: Column): string[] {
  const named = [
    column.onlyIf?.column,
    column.kind === 'json' ? column.per : undefined,
    column.kind === 'attempt' ? column.of : undefined,
    column.kind === 'float32' ? column.usually : undefined,
    column.kind === 'rows' && column.perDepth ? 'depth' : undefined,
  ];
  return named.filter((name) => name !== undefined);
}

describe.each(TABLES)('%s', (_name, table) => {
  it('names only columns that stand before', () => {
    const names = Object.keys(table);
    const late = Object.entries(table).filter(([name, column]) =>
      needs(column).some((one) => !names.slice(0, names.indexOf(name)).includes(one)),
    );
    expect(late.map(([name]) => name)).toEqual([]);
  });

  it('says of each column what it is, in a sentence', () => {
    for (const { doc } of Object.values(table)) expect(doc).toMatch(/\.$/);
  });
});

describe('a record', () => {
  it('holds what an attempt is in each completion', () => {
    expect(COMPLETION).toMatchObject(ATTEMPT);
  });

  it('has the type that its table says', () => {
    expectTypeOf<CompletionRecord['insertedAs']>().toEqualTypeOf<number | null>();
    expectTypeOf<CompletionRecord['tokens']>().toEqualTypeOf<readonly string[]>();
    expectTypeOf<CompletionRecord['solved']>().toEqualTypeOf<boolean>();
    expectTypeOf<StartRecord['source']>().toEqualTypeOf<'fresh' | 'buffer'>();
    expectTypeOf<StartRecord['rank']>().toEqualTypeOf<number | null>();
    expectTypeOf<StartRecord['latest']>().toEqualTypeOf<RowOf<typeof ATTEMPT> | null>();
    expectTypeOf<Evaluation['depth']>().toEqualTypeOf<number>();
    expectTypeOf<Pick<Evaluation, 'turns'>>().toEqualTypeOf<{
      readonly turns?: NonNullable<Evaluation['turns']>;
    }>();
  });
});

describe('versions', () => {
  const inner = { a: { kind: 'flag', since: 3, doc: 'A.' } } as const satisfies Table;
  const outer = {
    b: { kind: 'uint', doc: 'B.' },
    c: { kind: 'rows', columns: inner, expected: 'a row', doc: 'C.' },
  } as const satisfies Table;

  it('are the newest of any column, inner ones too', () => {
    expect(versionOf(inner)).toBe(3);
    expect(versionOf(outer)).toBe(3);
    expect(versionOf(omit(outer, 'c'))).toBe(1);
  });

  it.each<[Column, unknown]>([
    [{ kind: 'uint', doc: '' }, 0],
    [{ kind: 'uint', since: 2, before: 7, doc: '' }, 7],
    [{ kind: 'flag', since: 2, doc: '' }, false],
    [{ kind: 'words', since: 2, doc: '' }, []],
    [{ kind: 'id', since: 2, doc: '' }, null],
    [{ kind: 'choice', options: ['x', 'y'], since: 2, doc: '' }, 'x'],
    [{ kind: 'float32', since: 2, onlyIf: { column: 'b', is: 'c' }, doc: '' }, null],
  ])('records of before %j are read with %j', (column, value) => {
    expect(valueBefore(column)).toEqual(value);
  });
});
