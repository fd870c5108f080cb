import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeEvaluation } from '../../testing/fakeRecords.ts';
import { heldOutView, spread } from './heldOut.ts';

describe('heldOutView', () => {
  it('draws the newest evaluation with its interval, the control, and the earlier ones faint', () => {
    const view = heldOutView([10, 20, 30].map(fakeEvaluation));
    const newest = fakeEvaluation(30);
    expect(view.data.xs).toEqual(Array.from({ length: 17 }, (_, k) => k));
    expect(view.data.series[0]!.values).toEqual(newest.quality.map(({ mean }) => mean));
    expect(view.data.series[1]!.values).toEqual(newest.resampleQuality.map(({ mean }) => mean));
    const { mean, ci95 } = newest.quality[4]!;
    expect(view.data.series[0]!.bands[4]).toEqual([mean - ci95, mean + ci95]);
    expect(view.styles.map(({ label }) => label)).toEqual([
      'Self-improvement, step 30',
      'Resampling control',
      'Step 10',
      'Step 20',
    ]);
    expect(view.styles.map(({ faint }) => faint ?? false)).toEqual([false, false, true, true]);
    expect(view.styles[1]!.dash).toBeDefined();
  });

  it('never lets an interval leave [0, 1]', () => {
    const sure = { ...fakeEvaluation(1), quality: [{ mean: 0.98, ci95: 0.1 }] };
    expect(heldOutView([sure]).data.series[0]!.bands[0]).toEqual([0.98 - 0.1, 1]);
  });

  it('shows an empty chart before the first evaluation', () => {
    expect(heldOutView([])).toMatchObject({ latest: null, data: { xs: [] } });
  });
});

describe('spread', () => {
  it('keeps the order and the first item, within the limit', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(), { minLength: 1 }),
        fc.integer({ min: 1, max: 9 }),
        (list, n) => {
          const chosen = spread(list, n);
          expect(chosen.length).toBe(Math.min(n, list.length));
          expect(chosen[0]).toBe(list[0]);
          const places = chosen.map((item) => list.indexOf(item));
          expect([...places].sort((a, b) => a - b)).toEqual(places);
          expect(new Set(places).size).toBe(places.length);
        },
      ),
    );
  });
});
