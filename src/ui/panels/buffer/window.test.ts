import { describe, expect, it } from 'vitest';
import { askedSpan, drawnSpan, ROW_HEIGHT, rowByKey, scrolledTo } from './window.ts';

const BODY = 12 * ROW_HEIGHT;

describe('the window of a long table', () => {
  it('draws what can be seen and a little more, wherever it is', () => {
    expect(drawnSpan(0, BODY, 100_000)).toEqual({ from: 0, to: 20 });
    expect(drawnSpan(1000 * ROW_HEIGHT, BODY, 100_000)).toEqual({ from: 992, to: 1020 });
    expect(drawnSpan(99_988 * ROW_HEIGHT, BODY, 100_000)).toEqual({ from: 99_980, to: 100_000 });
    expect(drawnSpan(500, BODY, 3)).toEqual({ from: 3, to: 3 });
    expect(drawnSpan(0, BODY, 0)).toEqual({ from: 0, to: 0 });
  });

  it('asks by the page for all that is drawn', () => {
    for (let row = 0; row < 400; row += 7) {
      const top = row * ROW_HEIGHT + 5;
      const drawn = drawnSpan(top, BODY, 1000);
      const { offset, limit } = askedSpan(top, BODY);
      expect(offset % 50).toBe(0);
      expect(offset).toBeLessThanOrEqual(drawn.from);
      expect(offset + limit).toBeGreaterThanOrEqual(drawn.to);
      expect(limit).toBeLessThanOrEqual(100);
    }
  });

  it('scrolls as little as brings a row into view', () => {
    expect(scrolledTo(5, 0, BODY)).toBe(0);
    expect(scrolledTo(12, 0, BODY)).toBe(ROW_HEIGHT);
    expect(scrolledTo(3, 10 * ROW_HEIGHT, BODY)).toBe(3 * ROW_HEIGHT);
  });

  it('follows the keys and stops at both ends', () => {
    const key = (name: string, row: number): number | null => rowByKey(name, row, 100, 12);
    expect([key('ArrowDown', 0), key('ArrowUp', 0), key('End', 3)]).toEqual([1, 0, 99]);
    expect([key('PageDown', 0), key('PageDown', 95), key('PageUp', 30)]).toEqual([11, 99, 19]);
    expect([key('Home', 50), key('x', 50)]).toEqual([0, null]);
  });
});
