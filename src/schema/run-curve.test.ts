import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MetricRow } from './metrics.ts';
import { extended, NO_CURVE, runCurve } from './run-curve.ts';

const rowsOf = (rewards: readonly (number | undefined)[]): MetricRow[] =>
  rewards.map((reward, i) => ({
    step: i + 1,
    num_tokens_sampled: 100 * (i + 1),
    ...(reward !== undefined && { reward }),
  }));

describe('the curve of a run', () => {
  it('has a point per row while there are few, one by one or all at once', () => {
    const rows = rowsOf([0.5, undefined, 0.25]);
    const curve = runCurve(rows);
    expect(curve).toMatchObject({ step: [1, 2, 3], tokensSampled: [100, 200, 300] });
    expect(curve.metrics.reward).toEqual([0.5, null, 0.25]);
    expect(rows.reduce(extended, NO_CURVE)).toEqual(curve);
    expect(extended(curve, rows[2]!)).toBe(curve);
  });

  it('has at most a hundred, which keep the mean and the end', () => {
    const lengths = fc.integer({ min: 1, max: 700 });
    fc.assert(
      fc.property(lengths, (length) => {
        const { step, tokensSampled, metrics } = runCurve(
          rowsOf(Array.from({ length }, (_, i) => i % 7)),
        );
        expect(step.length).toBeLessThanOrEqual(100);
        expect([step.at(-1), tokensSampled.at(-1)]).toEqual([length, 100 * length]);
        const widths = step.map((to, i) => to - (step[i - 1] ?? 0));
        const sum = metrics.reward!.reduce<number>((all, one, i) => all + one! * widths[i]!, 0);
        expect(sum).toBeCloseTo(sumOf(length), 6);
      }),
      { numRuns: 40 },
    );
  });
});

function sumOf(length: number): number {
  return Array.from({ length }, (_, i) => i % 7).reduce((a, b) => a + b, 0);
}
