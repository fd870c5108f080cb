import { expect, it } from 'vitest';
import { EVALUATION, RUN } from '../runs/bundle.testing.ts';
import { evaluationRows, evaluationsTable, jsonLines, metricsTable } from './tables.ts';

it('has a column for each metric that was ever measured, empty where it was not', () => {
  const rows = [
    { step: 1, loss: -0.001 },
    { step: 2, loss: 1e-12, entropy: 0.5 },
  ];
  expect(metricsTable(rows)).toBe('step,loss,entropy\n1,-0.001,\n2,1e-12,0.5\n');
});

it('lists evaluations in long form, those of domains by their names', () => {
  const { quality, netCorrections } = EVALUATION;
  const part = { ...EVALUATION, task: 'locks' };
  const rows = evaluationRows({ ...RUN, evaluations: [{ ...EVALUATION, parts: [part] }] });
  const at = (domain: string | null, measure: string) =>
    rows.filter((row) => row.domain === domain && row.measure === measure);
  expect(at(null, 'quality')).toEqual(
    quality.map((estimate, k) => {
      return { step: 10, domain: null, measure: 'quality', k, ...estimate };
    }),
  );
  expect(at('locks', 'netCorrections')).toEqual([
    { step: 10, domain: 'locks', measure: 'netCorrections', k: null, ...netCorrections },
  ]);
  expect(new Set(rows.map(({ measure }) => measure))).toEqual(
    new Set(
      ['quality', 'solved', 'bestQuality', 'bestSolved', 'netCorrections', 'distinct'].concat([
        'resampleQuality',
        'resampleSolved',
      ]),
    ),
  );
});

it('writes evaluations as a table', () => {
  const [head, first] = evaluationsTable(RUN).split('\n');
  expect(head).toBe('step,domain,measure,k,mean,ci95');
  expect(first).toBe('10,,quality,0,0.3,0.02');
});

it('writes an object per line', () => {
  expect(jsonLines([{ a: 1 }, { a: 'two\nlines' }])).toBe('{"a":1}\n{"a":"two\\nlines"}\n');
});
