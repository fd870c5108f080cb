import { describe, expect, it } from 'vitest';
import { leastSquares } from './line-fit.ts';

describe('the line through measured points', () => {
  it('finds a line that is there', () => {
    const points = [1, 2, 4, 8].map((x) => ({ x, y: 3 + 0.5 * x }));
    const { slope, intercept, explained } = leastSquares(points);
    expect(slope).toBeCloseTo(0.5, 12);
    expect(intercept).toBeCloseTo(3, 12);
    expect(explained).toBeCloseTo(1, 12);
  });

  /** The first of Anscombe's four sets (American Statistician 27, 1973): y = 3.00 + 0.500 x, R² = 0.67. */
  it('agrees with published figures', () => {
    const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
    const y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
    const { slope, intercept, explained } = leastSquares(x.map((x, i) => ({ x, y: y[i]! })));
    expect(slope).toBeCloseTo(0.5, 3);
    expect(intercept).toBeCloseTo(3, 3);
    expect(explained).toBeCloseTo(0.6665, 4);
  });

  it('sees that a curve is no line', () => {
    const points = [1, 2, 3, 4, 5].map((x) => ({ x, y: (x - 3) ** 2 }));
    expect(leastSquares(points).explained).toBeCloseTo(0, 12);
  });

  it('refuses points that lie above each other, and a single one', () => {
    expect(() => leastSquares([{ x: 1, y: 1 }])).toThrow(RangeError);
    expect(() =>
      leastSquares([
        { x: 1, y: 1 },
        { x: 1, y: 2 },
      ]),
    ).toThrow(RangeError);
  });
});
