import { describe, expect, it } from 'vitest';
import { appendRows, EMPTY_HISTORY } from '../../../app/history.ts';
import { ribbonOf } from './ribbon.ts';

function history(rows: readonly { depth: number; difference: number; fresh: number }[]) {
  return appendRows(
    EMPTY_HISTORY,
    rows.map(({ depth, difference, fresh }, i) => ({
      ...{ step: i + 1, 'start_depth/mean': depth, 'share/fresh': fresh },
      'selected_minus_uniform/depth': difference,
    })),
  );
}

describe('a ribbon', () => {
  it('says what a uniform draw would have given, fresh starts at depth 0 in both', () => {
    // Half are fresh; those chosen lie at 4, a uniform draw would lie at 3.
    const rows = Array.from({ length: 9 }, () => ({ depth: 2, difference: 1, fresh: 0.5 }));
    const ribbon = ribbonOf(
      history(rows),
      'start_depth/mean',
      'selected_minus_uniform/depth',
      true,
    );
    expect(ribbon.value).toEqual(Array(9).fill(2));
    expect(ribbon.uniform).toEqual(Array(9).fill(1.5));
    expect(ribbon.top).toBe(2);
  });

  it('averages three steps on each side, and leaves gaps as gaps', () => {
    const values = [0, 0, 0, 7, 0, 0, 0, 0];
    const rows = values.map((depth) => ({ depth, difference: 0, fresh: 0 }));
    const { value, uniform } = ribbonOf(history(rows), 'start_depth/mean', undefined, false);
    expect(value[3]).toBe(1);
    expect(value[7]).toBe(0);
    expect(uniform).toBeNull();
    const none = ribbonOf(history(rows), 'recency/mean', undefined, false);
    expect(none.value.every(Number.isNaN)).toBe(true);
  });
});
