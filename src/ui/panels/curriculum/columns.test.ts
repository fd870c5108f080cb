import { describe, expect, it } from 'vitest';
import { appendRows, EMPTY_HISTORY } from '../../../app/history.ts';
import { appendProfiles, NO_PROFILES } from '../../../app/profiles.ts';
import type { DepthProfile } from '../../../runs/index/queries.ts';
import { heatColumns, NO_COLUMNS, uniformDepth } from './columns.ts';
import type { HeatColumns } from './columns.ts';

/** Invented but exact in 32 bits: counts are whole, means are quarters. */
function profileOf(step: number): DepthProfile {
  const depths = Array.from({ length: 1 + (step % 6) }, (_, depth) => depth);
  return {
    step,
    count: depths.map((depth) => (step + depth) % 5),
    learnability: depths.map((depth) => ((step * depth) % 4) / 4),
    distinct: depths.map((depth) => ((step + 2 * depth) % 3) / 4),
    quality: depths.map((depth) => ((step + depth) % 4) / 4),
    recency: depths.map((depth) => (step + depth) % 8),
    uniformDepth: (step % 8) / 4,
  };
}

function runOf(steps: number, salt = 0) {
  const list = Array.from({ length: steps }, (_, i) => ({
    ...profileOf(i + 1 + salt),
    step: i + 1,
  }));
  const rows = list.map(({ step }) => ({ step, 'share/fresh': 0.25 }));
  return {
    list,
    profiles: appendProfiles(NO_PROFILES, list),
    metrics: appendRows(EMPTY_HISTORY, rows),
  };
}

function visible(columns: HeatColumns) {
  const { length, rows, width } = columns;
  const cells = (values: Float32Array): number[] => [...values.subarray(0, length * rows)];
  const line = (values: Float32Array): number[] => [...values.subarray(0, length)];
  return {
    ...{ length, rows, width },
    cells: [
      columns.count,
      columns.learnability,
      columns.distinct,
      columns.quality,
      columns.recency,
    ].map(cells),
    lines: [columns.groups, columns.depth, columns.control].map(line),
  };
}

describe('heatColumns', () => {
  it('gives each step its column while there is room', () => {
    const { list, profiles, metrics } = runOf(9);
    const columns = heatColumns(NO_COLUMNS, profiles, metrics, 20);
    expect([columns.length, columns.width]).toEqual([9, 1]);
    list.forEach(({ count, learnability, distinct, quality, recency }, at) => {
      count.forEach((n, depth) => {
        const cell = at * columns.rows + depth;
        expect(columns.count[cell]).toBe(n);
        expect(columns.learnability[cell]).toBe(n * learnability[depth]!);
        expect(columns.distinct[cell]).toBe(n * distinct[depth]!);
        expect(columns.quality[cell]).toBe(n * quality[depth]!);
        expect(columns.recency[cell]).toBe(n * recency[depth]!);
      });
      const groups = count.reduce((a, b) => a + b, 0);
      expect(columns.groups[at]).toBe(groups);
      expect(columns.depth[at]).toBe(count.reduce((sum, n, depth) => sum + n * depth, 0));
    });
  });

  it('sums steps up where there is none, and loses no group', () => {
    const { list, profiles, metrics } = runOf(1000);
    const columns = heatColumns(NO_COLUMNS, profiles, metrics, 150);
    expect([columns.width, columns.length]).toEqual([8, 125]);
    const all = list.flatMap(({ count }) => count).reduce((a, b) => a + b, 0);
    expect(visible(columns).cells[0]!.reduce((a, b) => a + b, 0)).toBe(all);
  });

  it('is the same whether a run came at once or little by little', () => {
    const { list, metrics } = runOf(300);
    let [profiles, columns] = [NO_PROFILES, NO_COLUMNS];
    for (let from = 0; from < 300; from += 7) {
      profiles = appendProfiles(profiles, list.slice(from, from + 7));
      columns = heatColumns(columns, profiles, metrics, 40);
      // Twice is as good as once: React may render twice.
      columns = heatColumns(columns, profiles, metrics, 40);
    }
    const at = appendRows(EMPTY_HISTORY, []);
    expect(visible(columns).cells).toEqual(
      visible(heatColumns(NO_COLUMNS, profiles, at, 40)).cells,
    );
  });

  it('notices another run', () => {
    const before = runOf(100);
    const after = runOf(120, 3);
    const columns = heatColumns(NO_COLUMNS, before.profiles, before.metrics, 200);
    const next = heatColumns(columns, after.profiles, after.metrics, 200);
    const fresh = heatColumns(NO_COLUMNS, after.profiles, after.metrics, 200);
    expect(visible(next)).toEqual(visible(fresh));
  });

  it('compares with a uniform draw from the buffer as the step found it', () => {
    const { profiles, metrics } = runOf(5);
    const { control, groups } = heatColumns(NO_COLUMNS, profiles, metrics, 20);
    expect(control[3]! / groups[3]!).toBeCloseTo(0.75 * profiles.uniformDepth[2]!, 6);
    expect(uniformDepth(profiles, 3, 1)).toBe(0);
  });
});
