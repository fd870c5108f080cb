import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { onUserActivity } from './user-activity.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('reports keys, clicks and turns of the wheel, a few times a second, until it is stopped', () => {
  const page = new EventTarget();
  const notice = vi.fn();
  const stop = onUserActivity(page, notice);
  for (const doing of ['keydown', 'pointerdown', 'wheel', 'scroll', 'touchmove']) {
    page.dispatchEvent(new Event(doing));
    page.dispatchEvent(new Event(doing));
    expect(notice).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(100);
    expect(notice).toHaveBeenCalledTimes(2);
    notice.mockClear();
  }
  page.dispatchEvent(new Event('pointermove'));
  expect(notice).not.toHaveBeenCalled();
  stop();
  page.dispatchEvent(new Event('keydown'));
  vi.advanceTimersByTime(1000);
  expect(notice).not.toHaveBeenCalled();
});
