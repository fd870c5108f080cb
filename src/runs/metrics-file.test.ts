import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { METRIC_IDS, type MetricRow } from '../schema/metrics.ts';
import { encodeText, RunFormatError } from './checks.ts';
import { readMetrics, writeMetrics } from './metrics-file.ts';

const read = (text: string): MetricRow[] => readMetrics(encodeText(text));

/** −0 is written as 0, and no metric tells them apart. */
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);

const rows: fc.Arbitrary<MetricRow[]> = fc
  .array(
    fc.record(Object.fromEntries(METRIC_IDS.map((id) => [id, finite])), { requiredKeys: [] }),
    { maxLength: 5 },
  )
  .map((values) => values.map((row, index) => ({ ...row, step: 3 * index })));

describe('metrics.jsonl', () => {
  test('any rows come back, one line each', () => {
    fc.assert(
      fc.property(rows, (written) => {
        const text = writeMetrics(written);
        expect(read(text)).toEqual(written);
        expect(text.split('\n')).toHaveLength(written.length + 1);
      }),
    );
  });

  test('a last line without its line end is whole', () => {
    expect(read('{"step":1}\n{"step":2}')).toEqual([{ step: 1 }, { step: 2 }]);
  });

  test('every cut inside of the last line is refused with its number', () => {
    const text = writeMetrics([
      { step: 1, loss: 0.5 },
      { step: 2, loss: 0.25 },
    ]);
    const lastLine = text.indexOf('\n') + 1;
    for (let end = lastLine + 1; end < text.length - 1; end++) {
      expect(() => read(text.slice(0, end))).toThrow(
        /^metrics\.jsonl: line 2: is not JSON: .*; the file seems to be cut off$/,
      );
    }
  });

  test.each<[string, string, string]>([
    ['an unknown metric', '{"step":1,"los":2}', 'line 1: "los": expected the name of a metric'],
    [
      'a property of every object',
      '{"step":1,"toString":2}',
      'line 1: "toString": expected the name of a metric',
    ],
    ['a text', '{"step":1,"loss":"2"}', 'line 1: loss: got "2", expected a number'],
    ['a null', '{"step":1,"loss":null}', 'line 1: loss: got null, expected a number'],
    ['no step', '{"loss":2}', 'line 1: step: got nothing, expected a whole number of at least 0'],
    ['a fraction of a step', '{"step":0.5}', 'line 1: step: got 0.5, expected a whole number'],
    ['steps that go back', '{"step":2}\n{"step":2}', 'line 2: step: got 2, expected more than 2'],
    ['an empty line', '{"step":1}\n\n{"step":2}', 'line 2: is not JSON: '],
    ['a list', '[1]', 'line 1: got [1], expected a JSON object'],
  ])('%s is refused', (_what, text, message) => {
    const action = (): unknown => read(text);
    expect(action).toThrow(RunFormatError);
    expect(action).toThrow(`metrics.jsonl: ${message}`);
  });

  test('a line without end is refused before it is read', () => {
    expect(() => read(`{"step":1}\n${' '.repeat(70_000)}`)).toThrow(
      'metrics.jsonl: line 2: got 70000 bytes, expected at most 65536',
    );
  });

  test('a broken line in the middle is not taken for the end of the file', () => {
    expect(() => read('{"step":\n{"step":2}\n')).not.toThrow('cut off');
    expect(() => read('{"step":\n{"step":2}\n')).toThrow('line 1: is not JSON');
  });

  test('values that JSON cannot hold are not written', () => {
    expect(() => writeMetrics([{ step: 1, loss: NaN }])).toThrow(
      'metrics.jsonl: loss: got NaN, expected a finite number',
    );
  });
});
