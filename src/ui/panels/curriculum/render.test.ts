import { describe, expect, it } from 'vitest';
import { appendProfiles, NO_PROFILES } from '../../../app/profiles.ts';
import { EMPTY_HISTORY } from '../../../app/history.ts';
import type { Icicle } from '../../../runs/index/queries.ts';
import { shade, SHADE_PIXELS, textColorOn, viridis } from '../../charts/viridis.ts';
import { heatColumns, NO_COLUMNS } from './columns.ts';
import { depthAt, spanOf, stepAt, xOf, yOf } from './geometry.ts';
import { largest } from './IcicleList.tsx';
import { columnPoints, pathOf } from './lines.ts';
import { renderCells } from './heatMapRenderer.ts';
import { blockAt, boxOf, nameOf } from './renderIcicle.ts';
import { shareOfScale, quantity, QUANTITIES, scaleTop } from './quantities.ts';

const PROFILES = appendProfiles(NO_PROFILES, [
  {
    step: 1,
    count: [8],
    learnability: [0.1],
    distinct: [1],
    quality: [0.5],
    recency: [0],
    uniformDepth: 1,
  },
  {
    step: 2,
    count: [2, 0, 6],
    learnability: [0.1, 0, 0.2],
    distinct: [1, 0, 0.5],
    quality: [0.5, 0, 1],
    recency: [0, 0, 4],
    uniformDepth: 2,
  },
]);
const COLUMNS = heatColumns(NO_COLUMNS, PROFILES, EMPTY_HISTORY, 10);

describe('the cells', () => {
  it('say what they show', () => {
    const cell = COLUMNS.rows + 2;
    const values = QUANTITIES.map(({ value, format }) => format(value(COLUMNS, cell)));
    expect(values).toEqual(['1', '75%', '0.2', '4', '50%']);
  });

  it('leave the ground where nothing started, and put depth 0 at the bottom', () => {
    const pixels = new Uint32Array(COLUMNS.rows * 10);
    renderCells(pixels, 10, COLUMNS, { quantity: quantity('share'), top: 1 }, 0);
    const drawn = [...pixels].flatMap((pixel, at) => (pixel === 0 ? [] : [at]));
    const bottom = (COLUMNS.rows - 1) * 10;
    expect(drawn).toEqual([bottom - 20 + 1, bottom, bottom + 1]);
  });

  it('have a scale whose ticks end where it ends', () => {
    for (const one of QUANTITIES) {
      expect(one.scales.map((ticks) => ticks.at(-1))).toContain(scaleTop(COLUMNS, one));
    }
    expect(shareOfScale(0.25, 1, true)).toBe(0.5);
    expect(shareOfScale(2, 1, false)).toBe(1);
  });
});

describe('the scale of colours', () => {
  it('runs from viridis’ violet to its yellow, brightest for the most', () => {
    expect(viridis(0)).toEqual([68, 1, 84]);
    expect(viridis(0.5)).toEqual([33, 145, 140]);
    expect(viridis(1)).toEqual([253, 231, 37]);
    expect(shade(1)).toEqual(viridis(1));
    expect([0, 1].map((share) => textColorOn(shade(share)))).toEqual(['#fff', '#000']);
    expect(SHADE_PIXELS.at(-1)).toBe(0xff25e7fd);
  });
});

describe('the axes', () => {
  const span = spanOf([5, 6, 7], 3);

  it('are read back as they are drawn', () => {
    for (const step of [5, 6, 7]) expect(stepAt(xOf(step, span), span)).toBe(step);
    expect([stepAt(-1, span), stepAt(2, span)]).toEqual([5, 7]);
    expect(stepAt(0.5, spanOf([], 0))).toBeNull();
    for (const depth of [0, 3, 7]) expect(depthAt(yOf(depth, 8), 8)).toBe(depth);
  });

  it('hold the lines', () => {
    const size = { width: 600, height: 80 };
    const means = columnPoints(COLUMNS, 'depth', 1);
    // Both columns are each other's neighbours: eight groups at 0, two at 0 and six at 2.
    expect(means.map(({ depth }) => depth)).toEqual([0.75, 0.75]);
    expect(pathOf(means, 8, spanOf(PROFILES.steps, 2), size)).toBe('M5.0 67.5L15.0 67.5');
  });
});

describe('the icicle', () => {
  const icicle: Icicle = {
    ...{ from: 1, to: 9, total: 10 },
    id: Float64Array.from([0, 0, 7, 0, 0]),
    task: Int32Array.from([0, 1, 0, 0, -1]),
    parent: Int32Array.from([-1, -1, 0, 2, -1]),
    depth: Uint16Array.from([0, 0, 1, 2, 0]),
    start: Float64Array.from([0, 5, 0, 0, 8]),
    count: Uint32Array.from([5, 3, 4, 2, 2]),
    own: Uint32Array.from([1, 3, 2, 2, 2]),
    learnability: Float32Array.from([0.1, 0.2, 0.2, 0.1, 0]),
    members: Uint32Array.from([1, 1, 1, 2, 2]),
    tasks: [
      { number: 3, taskId: 77, instance: null },
      { number: 1, taskId: 55, instance: null },
    ],
  };
  const size = { width: 100, height: 150 };

  it('finds the block under the pointer', () => {
    expect(boxOf(icicle, 2, size)).toEqual({ left: 0, top: 30, width: 40, height: 30 });
    expect(blockAt(icicle, 39, 31, size)).toBe(2);
    expect(blockAt(icicle, 41, 31, size)).toBe(-1);
    expect(blockAt(icicle, 60, 10, size)).toBe(1);
  });

  it('names blocks, merged ones too', () => {
    expect([0, 1, 2, 3, 4].map((i) => nameOf(icicle, i))).toEqual([
      'Task 3',
      'Task 1',
      'Task 3, history #7, depth 1',
      '2 histories of task 3, depth 2',
      '2 tasks, each too small to show',
    ]);
  });

  it('lists the largest of what is one', () => {
    expect(largest(icicle)).toEqual([0, 2, 1]);
  });
});
