import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ColumnReading, TableCorrection } from '../../task.ts';
import { cycle, withColumn, withTarget } from './csv.testing.ts';
import { TableError } from './error.ts';
import { describeTable, parseTable } from './reading.ts';

/** The values of a column by its name. */
function valuesOf(text: string, name = 'value'): (number | null)[] {
  const { columns, rows } = parseTable(text);
  expect(columns).toContain(name);
  return rows.map((row) => row[columns.indexOf(name)] ?? null);
}

function columnOf(text: string, name = 'value'): ColumnReading {
  return describeTable(text).reading.columns.find((column) => column.name === name)!;
}

describe('lines and cells', () => {
  test('a line break within quotation marks is part of the value', () => {
    const text = withColumn(cycle(24, '"one\nline"', '"two\nlines"'));
    expect(parseTable(text).columns).toEqual(['x', 'value=two\nlines']);
    expect(parseTable(text).rows).toHaveLength(24);
  });

  test.each([
    ['\n', ','],
    ['\r\n', ';'],
    ['\r', '\t'],
    ['\n', '|'],
  ])('ends of lines %j and separator %j make the same table', (end, separator) => {
    const text = ['a s k', ...cycle(12, '1 2 u', '3 4 v', '5 6 u')].join(end);
    const table = parseTable(text.replaceAll(' ', separator) + end + end);
    expect(table.columns).toEqual(['a', 's']);
    expect(table.rows.slice(0, 3)).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
  });

  test('a comma in a header does not hide semicolons', () => {
    const lines = Array.from({ length: 24 }, (_, i) => `${i},5;${i % 2 ? 'cat' : 'dog'}`);
    const table = parseTable(['length, cm;kind', ...lines].join('\n'));
    expect(table.columns).toEqual(['length, cm']);
    expect(table.rows[3]).toEqual([3.5]);
    expect([...table.classes].sort()).toEqual(['cat', 'dog']);
  });

  test('the separator may be named in a line of its own, and lines keep their numbers', () => {
    const text = `sep=;\n${withColumn(cycle(12, '1', '2'), { separator: ';' })}`;
    expect(valuesOf(text).slice(0, 2)).toEqual([1, 2]);
    expect(() => parseTable(text.replace('\n3,5;', '\n3,5;0;'))).toThrow(
      /^line 5: got "3,5;0;1;dog"/,
    );
  });

  test('empty lines are passed over and counted, at the end not even that', () => {
    const [header, ...lines] = withColumn(cycle(12, '1', '2')).split('\n');
    const text = [header, '', ...lines.slice(0, 4), ',,', ...lines.slice(4), '', ''].join('\n');
    expect(parseTable(text).rows).toHaveLength(12);
    expect(describeTable(text).reading.emptyLines).toBe(2);
  });

  test.each([
    [withColumn(cycle(12, '1', '"2')), /^line 3: got a quotation mark that is not closed/],
    [withColumn(cycle(12, '1', '"2"3')), /^line 3: got a quotation mark/],
    [withColumn(cycle(12, '1', '2,3')), /^line 3: got "7.5,2,3,cat", expected 3 values.*not 4/],
    ['a,b,c', /^rows: got "0 rows", expected 12 to 150 of them/],
    [`${withColumn(cycle(12, '1'))}\n1,"a\n\nb",cat,`, /^line 14: got .* not 4$/],
  ])('what is no table is refused with its line (%#)', (text, message) => {
    expect(() => parseTable(text)).toThrow(TableError);
    expect(() => parseTable(text)).toThrow(message);
    expect(describeTable(text).reading.problem).toMatch(message);
  });

  test('without names the first line is a row, and columns are counted', () => {
    const lines = Array.from({ length: 15 }, (_, i) => `${i}.5,${5 + i}.1,${i % 3 ? 'a' : 'b'}`);
    const { reading } = describeTable(lines.join('\n'));
    expect(reading).toMatchObject({ firstLine: 'data', rows: 15, problem: null });
    expect(reading.columns.map(({ name }) => name)).toEqual(['column 1', 'column 2', 'column 3']);
    const years = ['country,2019,2020', ...cycle(12, 'NO,1,2', 'DE,3,4')].join('\n');
    expect(describeTable(years).reading.firstLine).toBe('names');
  });
});

describe('numbers', () => {
  test.each([
    ['decimal commas', ['"0,5"', '"1,5"', '"2,5"'], [0.5, 1.5, 2.5]],
    ['thousands', ['"1,234"', '"1,234,567"', '12'], [1234, 1234567, 12]],
    ['thousands of another kind', ['1.234.567', '"1.234,5"', '7'], [1234567, 1234.5, 7]],
    ['thousands apart', ['1 234', '12 345.5', '1'], [1234, 12345.5, 1]],
    ['Swiss thousands', ["1'234", '1’234’567', '1'], [1234, 1234567, 1]],
    ['signs and powers', ['+1', '−2.5', '1e3'], [1, -2.5, 1000]],
    ['a minus without size', ['-0', '0', '-0.0'], [0, 0, 0]],
    ['three decimals', ['0.125', '12.125', '1.250'], [0.125, 12.125, 1.25]],
  ])('%s are read as what they are', (_what, written, expected) => {
    expect(valuesOf(withColumn(cycle(12, ...written))).slice(0, 3)).toEqual(expected);
  });

  test('what is ambiguous is read as the rest of the table is, and can be put right', () => {
    const text = withColumn(cycle(12, '1.234', '5.678'), { separator: ';' });
    expect(valuesOf(text).slice(0, 2)).toEqual([1234, 5678]);
    expect(describeTable(text).reading.decimalMark).toBe('comma');
    const quoted = withColumn(cycle(12, '"1,234"', '"5,678"'));
    expect(valuesOf(quoted).slice(0, 2)).toEqual([1234, 5678]);
    const { text: put } = describeTable(quoted.replaceAll('.5,', ','), { decimalMark: 'comma' });
    expect(valuesOf(put).slice(0, 2)).toEqual([1.234, 5.678]);
  });

  test('two decimal marks in one column are refused, and the message says which is expected', () => {
    const text = withColumn(cycle(12, '"0,5"', '"1,5"', '"2,5"', '3.5'));
    expect(() => parseTable(text)).toThrow(
      /^line 5, column value: got "3.5", expected a number with a decimal comma/,
    );
  });

  test('numbers that no model can bear are refused', () => {
    expect(() => parseTable(withColumn(cycle(12, '1', '1e300')))).toThrow(
      /^line 3, column value: got "1e300", expected a number from -1e\+60 to 1e\+60/,
    );
  });
});

describe('missing values', () => {
  const SPELLINGS = ['N/A', 'n/a', '-', 'None', '#N/A', '<NA>', 'NULL', '?', '', 'NaN', 'NA', '.'];
  test.each(SPELLINGS)('%j is missing among numbers', (spelling) => {
    const text = withColumn(cycle(24, '1', spelling, spelling, '3'));
    expect(valuesOf(text).slice(0, 4)).toEqual([1, null, null, 3]);
    expect(columnOf(text)).toMatchObject({ use: 'number', missing: 12 });
    expect(columnOf(text).missingAs).toEqual(spelling === '' ? [] : [spelling]);
  });

  test('NA is a code among codes, and missing among words', () => {
    const codes = withColumn(cycle(12, 'DE', 'NA', 'FR'), { name: 'country' });
    expect(parseTable(codes).columns).toEqual(['x', 'country=DE', 'country=FR', 'country=NA']);
    expect(columnOf(codes, 'country')).toMatchObject({ missing: 0 });
    expect(columnOf(codes, 'country').note).toMatch(/^NA stands for a word/);
    const words = withColumn(cycle(12, 'male', 'NA', 'female'), { name: 'sex' });
    expect(columnOf(words, 'sex')).toMatchObject({ missing: 4, missingAs: ['NA'] });
  });

  test('a class may be called None, and a sign may be one', () => {
    expect(parseTable(withTarget(cycle(12, 'None', 'Apnea'))).classes).toEqual(['Apnea', 'None']);
    expect(parseTable(withTarget(cycle(12, '+', '-'))).classes).toEqual(['+', '-']);
    expect(() => parseTable(withTarget(cycle(12, '1', '2', '')))).toThrow(
      /^line 4, column target: got "", expected a value for the target/,
    );
  });
});

describe('the target', () => {
  test('numbers that are written differently are one class', () => {
    const { classes, targets } = parseTable(
      withTarget(cycle(16, '0', '1', '0.0', '+1', '00', '01')),
    );
    expect(classes).toEqual(['0', '1']);
    expect(targets.slice(0, 6)).toEqual([0, 1, 0, 1, 0, 1]);
  });

  test('letters that are composed differently are one word', () => {
    expect(parseTable(withTarget(cycle(12, 'ü', 'o', 'u\u0308'))).classes).toEqual(['ü', 'o']);
  });

  test('what is nearly constant is said, or refused where a class is too rare to be learnt', () => {
    const nearly = withTarget([...cycle(23, '5.5'), '7.25']);
    expect(columnOf(nearly, 'target').note).toBe('nearly constant: one value in 95% of the rows');
    expect(parseTable(nearly).classes).toEqual([]);
    expect(() => parseTable(withTarget([...cycle(22, 'yes'), 'no', 'no']))).toThrow(
      /^line 24, column target: got "no", expected a class with at least 3 rows/,
    );
    expect(() => parseTable(withTarget(cycle(12, '1', '1.0')))).toThrow(
      /^column target: got "1", expected at least two different values/,
    );
  });
});

describe('identifiers', () => {
  test.each([
    ['customer_id', Array.from({ length: 24 }, (_, i) => `${100_045 + 17 * i}`), /identifier/],
    ['zip', Array.from({ length: 24 }, (_, i) => `0${1067 + 3 * i}`), /codes, not numbers/],
    ['account', Array.from({ length: 24 }, (_, i) => `90071992547409${930 + i}`), /codes/],
    ['', Array.from({ length: 24 }, (_, i) => `${i}`), /identifier/],
  ])('a column %j is left out, and can be taken back', (name, values, note) => {
    const text = withColumn(values, { name }).replace(/^x,,kind\n/, 'x,i,kind\n');
    const first = name === '' ? reorder(text) : text;
    const shown = name === '' ? 'column 1' : name;
    expect(columnOf(first, shown)).toMatchObject({ use: 'left out' });
    expect(columnOf(first, shown).note).toMatch(note);
    expect(parseTable(first).columns).toEqual(['x']);
    const back = describeTable(first, { column: { name: shown, use: 'number' } }).text;
    expect(parseTable(back).columns).toContain(shown);
  });

  /** The column in question first, without a name, as tables number their rows. */
  function reorder(text: string): string {
    return text
      .split('\n')
      .map((line) => line.split(','))
      .map(([x, i, kind], row) => `${row === 0 ? '' : i},${x},${kind}`)
      .join('\n');
  }

  test('counting upwards alone makes no identifier, but is pointed out', () => {
    const numbers = Array.from({ length: 24 }, (_, i) => `${10_007 + 3119 * i}`);
    expect(columnOf(withColumn(numbers)).note).toMatch(/^all different whole numbers/);
    const heights = Array.from({ length: 12 }, (_, i) => `${150 + i},${i < 6 ? 'cat' : 'dog'}`);
    expect(parseTable(['height,kind', ...heights].join('\n')).columns).toEqual(['height']);
  });
});

test('names are told apart after encoding', () => {
  const lines = cycle(12, 'Oslo,1,a', 'Rome,2,b', 'Bern,3,a');
  expect(parseTable(['city,city=Oslo,kind', ...lines].join('\n')).columns).toEqual([
    'city=Bern',
    'city=Oslo',
    'city=Rome',
    'city=Oslo (2)',
  ]);
});

describe('what a person puts right', () => {
  const TEXT = ['a,stars,"note, in full"', ...cycle(18, '1,1,u', '2,2,v', '3,3,v')].join('\n');
  const put = (...corrections: TableCorrection[]): string =>
    corrections.reduce((text, correction) => describeTable(text, correction).text, TEXT);

  test('stands in the text, above the table', () => {
    const text = put(
      { column: { name: 'stars', use: 'predicted classes' } },
      { column: { name: 'note, in full', use: 'left out' } },
    );
    expect(text).toBe(`# predict: stars\n# words: stars\n# left out: "note, in full"\n${TEXT}`);
    expect(parseTable(text)).toMatchObject({
      target: 'stars',
      classes: ['1', '2', '3'],
      columns: ['a'],
    });
    const number = put({ column: { name: 'stars', use: 'predicted number' } });
    expect(parseTable(number)).toMatchObject({ target: 'stars', classes: [], metric: 'r2' });
    expect(parseTable(put({ column: { name: 'stars', use: 'words' } })).columns).toEqual([
      'a',
      'stars=1',
      'stars=2',
      'stars=3',
    ]);
  });

  test('is refused where it names what is not there', () => {
    expect(() => parseTable(`# predict: stairs\n${TEXT}`)).toThrow(
      '# predict: got "stairs", expected the name of a column: a, stars, note, in full',
    );
    expect(() => parseTable(`# decimal mark: dot\n${TEXT}`)).toThrow(
      '# decimal mark: got "dot", expected one of point, comma',
    );
  });

  test('never makes of a reading something else than what is then used', () => {
    const use = fc.constantFrom(
      'number',
      'words',
      'predicted number',
      'predicted classes',
      'left out',
    );
    const name = fc.constantFrom('a', 'stars', 'note, in full');
    const correction = fc.oneof(
      fc.record({ column: fc.record({ name, use }) }),
      fc.record({ firstLine: fc.constantFrom('names' as const, 'data' as const) }),
      fc.record({ decimalMark: fc.constantFrom('point' as const, 'comma' as const) }),
    );
    fc.assert(
      fc.property(fc.array(correction, { maxLength: 4 }), (corrections) => {
        const text = put(...(corrections as TableCorrection[]));
        const { reading } = describeTable(text);
        const parse = () => parseTable(text);
        if (reading.problem !== null) expect(parse).toThrow(reading.problem);
        else expect(parse().targets).toHaveLength(reading.rows);
      }),
    );
  });
});
