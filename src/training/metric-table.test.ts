import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { METRIC_IDS, type MetricRow } from '../schema/metrics.ts';
import { MetricTable } from './metric-table.ts';

const values = fc.dictionary(
  fc.constantFrom(...METRIC_IDS.slice(0, 8)),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const rows = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 3 }), values), { maxLength: 600 })
  .map((all) => {
    let step = 0;
    return all.map(([rise, row]): MetricRow => ({ ...row, step: (step += rise) }));
  });

describe('a table of metrics', () => {
  it('gives back every row that went in, each with what it measured and nothing else', () => {
    fc.assert(
      fc.property(rows, fc.nat(40), (all, step) => {
        const table = new MetricTable(all);
        expect(table.length).toBe(all.length);
        expect(table.after(0)).toEqual(all);
        expect(table.after(step)).toEqual(all.filter((row) => row.step > step));
      }),
      { numRuns: 30 },
    );
  });

  it('holds more rows than one piece of it', () => {
    const all = Array.from({ length: 2500 }, (_, i): MetricRow => {
      const row = { step: i + 1, loss: i / 7 };
      return i < 1500 ? row : { ...row, 'quality/mean': i };
    });
    const table = new MetricTable(all);
    expect(table.after(0)).toEqual(all);
    expect(table.after(1020)).toEqual(all.slice(1020));
    expect(table.latest('quality/mean', 1010)).toHaveLength(1000);
  });

  it('tells the newest values of a metric', () => {
    const table = new MetricTable([
      { step: 1, 'quality/mean': 0.1 },
      { step: 2 },
      { step: 3, 'quality/mean': 0.3 },
      { step: 4, 'quality/mean': 0.4 },
    ]);
    expect(table.latest('quality/mean', 3)).toEqual([0.3, 0.4]);
    expect(table.latest('quality/mean', 10)).toEqual([0.1, 0.3, 0.4]);
    expect(table.latest('start_depth/mean', 10)).toEqual([]);
  });
});
