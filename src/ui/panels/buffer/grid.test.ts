import { describe, expect, it } from 'vitest';
import type { BufferCell } from '../../../runs/index/queries.ts';
import { gridOf, nextCell } from './grid.ts';
import { contrast, css, shade, textColorOn } from '../../charts/viridis.ts';
import { pointColor } from './colors.ts';

const CELLS: readonly BufferCell[] = [
  { depth: 1, bin: 0, count: 4, learnability: 0.2 },
  { depth: 1, bin: 8, count: 1600, learnability: 0.05 },
  { depth: 4, bin: 2, count: 1, learnability: 0 },
];

describe('gridOf', () => {
  it('has a row for every depth between those that occur, and a column per recency', () => {
    const { rows, most } = gridOf(CELLS, 'count');
    expect(rows.map(({ depth }) => depth)).toEqual([1, 2, 3, 4]);
    expect(rows.every(({ cells }) => cells.length === 9)).toBe(true);
    expect(most).toBe(1600);
    expect(rows[0]!.cells.map((cell) => cell?.text ?? '')).toEqual(
      ['4', '', '', '', '', '', '', '', '1.6k'], // four digits at most
    );
    expect(rows[1]!.cells.every((cell) => cell === null)).toBe(true);
    // What is brightest is most, as in the heat map.
    expect(rows[0]!.cells[8]!.background).toBe(css(shade(1)));
    expect(rows[0]!.cells[0]!.background).toBe(css(shade(0.05)));
  });

  it('shows learnability to a thousandth', () => {
    const { rows, most } = gridOf(CELLS, 'learnability');
    expect(most).toBe(0.2);
    expect(rows[0]!.cells[0]!.text).toBe('.200');
    expect(rows[3]!.cells[2]!.text).toBe('.000');
    expect(gridOf([], 'count').rows).toEqual([]);
  });
});

describe('nextCell', () => {
  it('moves along the row or column, over gaps, and stays at the rim', () => {
    expect(nextCell(CELLS, { depth: 1, bin: 0 }, 'right')).toMatchObject({ depth: 1, bin: 8 });
    expect(nextCell(CELLS, { depth: 1, bin: 0 }, 'down')).toMatchObject({ depth: 4, bin: 2 });
    expect(nextCell(CELLS, { depth: 1, bin: 0 }, 'up')).toBeNull();
    expect(nextCell(CELLS, { depth: 1, bin: 8 }, 'left')).toMatchObject({ depth: 1, bin: 0 });
  });
});

describe('the colours', () => {
  const steps = Array.from({ length: 101 }, (_, i) => i / 100);

  it('carry text that can be read, whatever the value', () => {
    for (const color of steps.map(shade)) {
      const textColor =
        textColorOn(color) === '#000' ? ([0, 0, 0] as const) : ([255, 255, 255] as const);
      expect(contrast(color, textColor)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('stand out from the ground as points, what is most by far', () => {
    const [night, paper] = [[16, 18, 22] as const, [251, 251, 249] as const];
    for (const t of steps) {
      expect(contrast(pointColor(t, true), night)).toBeGreaterThan(2);
      expect(contrast(pointColor(t, false), paper)).toBeGreaterThan(2);
    }
    expect(contrast(pointColor(1, true), night)).toBeGreaterThan(10);
    expect(contrast(pointColor(1, false), paper)).toBeGreaterThan(10);
  });
});
