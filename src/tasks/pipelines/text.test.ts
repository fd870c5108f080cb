import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EMPTY_HISTORY } from '../task.ts';
import { COMPETITIONS, tableOf } from '../tables/competitions.ts';
import { TableError } from './csv/error.ts';
import { parseTable } from './csv/reading.ts';
import { tableIn } from './instance.ts';
import { createPipelines } from './pipelines.ts';
import type { Table } from '../tables/table.ts';
import { formatInstance, parseInstance, readTable } from './text.ts';

/** Texts of tables with odd names, words that look like numbers, gaps, and corrections. */
const NAMES = fc.constantFrom(
  'id',
  'a b',
  'x,y',
  'NA',
  '2019',
  'zip=1',
  '"q"',
  'lines\nin it',
  '#',
);
const CELLS = fc.constantFrom(
  '1',
  '01',
  '0.0',
  '-0',
  '"1,5"',
  'NA',
  'None',
  '-',
  '',
  'a;b',
  'DE',
  '1e-7',
);
const OWN_TABLES = fc
  .record({
    names: fc.uniqueArray(NAMES, { minLength: 2, maxLength: 4 }),
    cells: fc.array(CELLS, { minLength: 60, maxLength: 60 }),
    classes: fc.constantFrom(['u', 'v'], ['1', '01', '2'], ['1.5', '2.5', '1e6']),
    put: fc.constantFrom('', '# words: id\n', '# numbers: 2019\n'),
  })
  .map(({ names, cells, classes, put }) => {
    const lines = Array.from({ length: 15 }, (_, row) => {
      const own = names.slice(1).map((_name, i) => cells[(4 * row + i) % cells.length]!);
      return [...own, classes[row % classes.length]!].join(',');
    });
    return (
      put + [names.map((name) => `"${name.replaceAll('"', '""')}"`).join(','), ...lines].join('\n')
    );
  });

const HEADER = 'age,smoker,city,group';

/** Twelve rows, unless a line is put in the place of one. */
function csv(replaced: Readonly<Record<number, string>> = {}): string {
  const lines = Array.from({ length: 12 }, (_, i) => {
    const city = ['Oslo', 'Rome', '"Paris, France"'][i % 3]!;
    return `${20 + i},${i % 2 === 0 ? 'yes' : 'no'},${city},${i < 8 ? 'low' : 'high'}`;
  });
  return [HEADER, ...lines].map((line, i) => replaced[i + 1] ?? line).join('\n');
}

describe('what a person types', () => {
  test('is the name of a competition', () => {
    expect(parseInstance(' moons\n')).toEqual({ competition: 'moons' });
    for (const competition of COMPETITIONS) {
      expect(parseInstance(formatInstance({ competition }))).toEqual({ competition });
    }
  });

  test('is a table: numbers, words as columns of zeros and ones, gaps, and a target', () => {
    const table = tableIn(parseInstance(csv({ 3: ',no,,low', 4: '22,?,Rome,low' })));
    expect(table.columns).toEqual([
      'age',
      'smoker=yes',
      'city=Oslo',
      'city=Paris, France',
      'city=Rome',
    ]);
    expect(table.rows.slice(0, 3)).toEqual([
      [20, 1, 1, 0, 0],
      [null, 0, null, null, null],
      [22, null, 0, 0, 1],
    ]);
    expect(table.classes).toEqual(['low', 'high']);
    expect(table.targets.slice(6)).toEqual([0, 0, 1, 1, 1, 1]);
    expect(table.metric).toBe('accuracy');
  });

  test('gets F1 where a class is rare, and R² where numbers are to be predicted', () => {
    const rare = csv({ 10: '28,yes,Oslo,low', 11: '29,no,Oslo,high' });
    expect(tableIn(parseInstance(rare)).metric).toBe('accuracy');
    const lines = Array.from({ length: 16 }, (_, i) => `${i},${i < 13 ? 'a' : 'b'}`);
    expect(tableIn(parseInstance(['x,y', ...lines].join('\n'))).metric).toBe('f1');
    const numbers = Array.from({ length: 16 }, (_, i) => `${i},${i / 2}`);
    expect(tableIn(parseInstance(['x,y', ...numbers].join('\n')))).toMatchObject({
      metric: 'r2',
      classes: [],
    });
  });

  test('is what format writes', () => {
    const own = parseInstance(csv({ 3: ',no,,low' }));
    expect(parseInstance(formatInstance(own))).toEqual(own);
    const { name: _, ...rest } = tableOf('penguin-species');
    const again = tableIn(parseInstance(formatInstance({ table: tableOf('penguin-species') })));
    expect(again.rows).toEqual(rest.rows);
  });

  test('is what format writes, whatever the table holds', () => {
    fc.assert(
      fc.property(OWN_TABLES, (table) => {
        let once: Table;
        try {
          once = parseTable(table);
        } catch (error) {
          expect(error).toBeInstanceOf(TableError);
          return;
        }
        expect(parseInstance(formatInstance({ table: once }))).toEqual({ table: once });
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['atlantis', 'table: got "atlantis", expected CSV lines, or one of iris-species'],
    ['a,b\n1,2', 'rows: got "1 rows", expected 12 to 150 of them'],
    [csv({ 1: 'age' }), 'line 1: got "age", expected the names of at least two columns'],
    [csv({ 1: 'age,,city,group' }), 'line 1, column 2: got "", expected a name'],
    [csv({ 1: 'age,age,city,group' }), 'line 1, column 2: got "age", expected a name of its own'],
    [csv({ 5: '23,no,Oslo' }), 'line 5: got "23,no,Oslo", expected 4 values'],
    [csv({ 5: '23,no,Oslo,low,' }), 'line 5: got "23,no,Oslo,low,", expected 4 values'],
    [csv({ 5: 'old,no,Oslo,low' }), 'line 5, column age: got "old", expected a number'],
    [csv({ 5: '23,no,Oslo,' }), 'line 5, column group: got "", expected a value for the target'],
    [
      csv({ 5: '23,no,Oslo,mid' }),
      'line 5, column group: got "mid", expected a class with at least 3',
    ],
    [
      csv({ 2: '1,no,A,low', 3: '1,no,B,low', 4: '1,no,C,low', 5: '1,no,D,low' }),
      'expected a number, or at most 5 different words in the column',
    ],
  ])('is refused: %j', (text, message) => {
    expect(() => parseInstance(text)).toThrow(RangeError);
    expect(() => parseInstance(text)).toThrow(message);
  });

  test('a name alone is no table to be understood', () => {
    expect(readTable('moons')).toBeNull();
    expect(readTable(csv())).toMatchObject({ text: csv(), reading: { rows: 12, problem: null } });
  });

  test('too many columns, rows or classes are refused', () => {
    const wide = Array.from({ length: 12 }, () => Array(10).fill(1).join(','));
    const names = Array.from({ length: 10 }, (_, i) => `c${i}`).join(',');
    expect(() => parseInstance([names, ...wide].join('\n'))).toThrow('columns: got "9 columns"');
    const long = Array.from({ length: 151 }, (_, i) => `${i},${i}`);
    expect(() => parseInstance(['x,y', ...long].join('\n'))).toThrow('rows: got "151 rows"');
    const many = Array.from({ length: 21 }, (_, i) => `${i},class ${i % 7}`);
    expect(() => parseInstance(['x,y', ...many].join('\n'))).toThrow('at most 6 classes');
  });
});

test("a person's own table is trained on for real, and its quality is relative to usual pipelines", async () => {
  const task = createPipelines({ id: 'own', label: 'Own', summary: '' });
  const lines = Array.from({ length: 30 }, (_, i) => `${(i * 7) % 30},${(i * 11) % 30}`);
  const text = lines.map((line) => {
    const [x, noise] = line.split(',').map(Number) as [number, number];
    return `${x},${noise},${(x - 15) ** 2 + noise / 10}`;
  });
  const instance = task.parse!(['x,noise,y', ...text].join('\n'));
  const quality = async (words: string): Promise<number> =>
    (await task.grade(instance, EMPTY_HISTORY, words.split(' '))).quality;
  expect(await quality('keep standard products linear small weak alone')).toBeGreaterThan(0.95);
  expect(await quality('keep standard all linear small weak alone')).toBeLessThan(0.3);
  expect(await quality('keep standard all bayes small weak alone')).toBe(0);
});
