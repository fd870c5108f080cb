import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { throttle } from './throttle.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('throttle', () => {
  it('runs at once, and once more for all calls in the interval', () => {
    const task = vi.fn();
    const throttled = throttle(task, 250);
    for (let i = 0; i < 10; i++) throttled();
    expect(task).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(250);
    expect(task).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(1000);
    expect(task).toHaveBeenCalledTimes(2);
  });

  it('never exceeds four a second under constant calls', () => {
    const task = vi.fn();
    const throttled = throttle(task, 250);
    for (let ms = 0; ms < 2000; ms += 10) {
      throttled();
      vi.advanceTimersByTime(10);
    }
    expect(task).toHaveBeenCalledTimes(8 + 1);
  });

  it('forgets what was waiting when cancelled', () => {
    const task = vi.fn();
    const throttled = throttle(task, 250);
    throttled();
    throttled();
    throttled.cancel();
    vi.advanceTimersByTime(1000);
    expect(task).toHaveBeenCalledTimes(1);
  });
});
