import { describe, expect, it } from 'vitest';
import type { AttemptMap } from '../../../runs/index/queries.ts';
import { drift, indexOfPoint, layOut, nearest, nextPoint, pointAt } from './points.ts';

const COUNT = 40;
const all = Array.from({ length: COUNT }, (_, i) => i);

/** Drifts to the right: two attempts a step, the last four of them alike. */
const map: AttemptMap = {
  x: Float32Array.from(all, (i) => (i < 36 ? i / 20 - 1 : 1)),
  y: Float32Array.from(all, (i) => (i < 36 ? (i % 2) - 0.5 : 0)),
  explained: [0.6, 0.2],
  step: Int32Array.from(all, (i) => 1 + Math.floor(i / 2)),
  group: Uint16Array.from(all, () => 0),
  completion: Uint16Array.from(all, (i) => i % 2),
  index: Uint16Array.from(all, (i) => i % 2),
  quality: Float32Array.from(all, () => 0.5),
  mode: Uint8Array.from(all, () => 1),
  domain: all.map((i) => (i % 2 === 0 ? 'locks' : 'countdown')),
  text: all.map((i) => (i < 36 ? `v${i}` : 'same')),
};
const frame = { width: 600, height: 400 };
const layout = layOut(map, frame);

describe('layOut', () => {
  it('keeps every attempt inside, equal ones apart, and one scale for both axes', () => {
    all.forEach((i) => {
      expect(layout.x[i]).toBeGreaterThan(0);
      expect(layout.x[i]).toBeLessThan(frame.width);
      expect(layout.y[i]).toBeGreaterThan(0);
      expect(layout.y[i]).toBeLessThan(frame.height);
    });
    const same = all.slice(36).map((i) => `${layout.x[i]!.toFixed(1)} ${layout.y[i]!.toFixed(1)}`);
    expect(new Set(same).size).toBe(4);
    const [origin, corner] = [layout.place(0, 0), layout.place(1, 1)];
    expect(corner.x - origin.x).toBeCloseTo(origin.y - corner.y, 9);
    expect(
      layOut({ ...map, x: new Float32Array(COUNT), y: new Float32Array(COUNT) }, frame).x[0],
    ).toBe(300);
  });
});

describe('moving about', () => {
  it('finds the attempt under the pointer, and none in the void', () => {
    const at = { x: layout.x[7]! + 2, y: layout.y[7]! - 2 };
    expect(nearest(layout, at, 14)).toBe(7);
    expect(nearest(layout, { x: 5, y: 5 }, 14)).toBeNull();
  });

  it('goes to the nearest attempt in the direction of the key', () => {
    expect(nextPoint(layout, 4, 'ArrowRight')).toBe(6);
    expect(nextPoint(layout, 4, 'ArrowLeft')).toBe(2);
    expect(layout.y[nextPoint(layout, 4, 'ArrowUp')!]).toBeLessThan(layout.y[4]!);
    expect(nextPoint(layout, 4, 'ArrowDown')).toBeNull();
  });

  it('knows the domain of an attempt', () => {
    expect([3, 4].map((i) => pointAt(map, i).domain)).toEqual(['countdown', 'locks']);
  });

  it('finds an attempt again on a later map', () => {
    const point = pointAt(map, 9);
    expect(indexOfPoint(map, point)).toBe(9);
    expect(indexOfPoint({ ...map, step: new Int32Array(COUNT) }, point)).toBe(-1);
    expect(indexOfPoint(map, null)).toBe(-1);
  });
});

describe('drift', () => {
  it('is the mean of each range of steps, in their order', () => {
    const line = drift(map, 5);
    expect(line.map(({ from, to }) => [from, to])).toEqual([
      [1, 4],
      [5, 8],
      [9, 12],
      [13, 16],
      [17, 20],
    ]);
    expect(line.map(({ x }) => x)).toEqual([...line.map(({ x }) => x)].sort((a, b) => a - b));
    expect(line[0]!.x).toBeCloseTo((0 + 7) / 2 / 20 - 1, 5);
  });

  it('leaves out ranges without attempts', () => {
    const gap = Int32Array.from(all, (i) => (i < 20 ? 1 : 100));
    expect(drift({ ...map, step: gap }, 10).length).toBe(2);
    expect(drift({ ...map, step: new Int32Array(0) }, 10)).toEqual([]);
  });
});
