import { describe, expect, it } from 'vitest';
import { createScheduler } from './schedule.ts';
import type { Scheduler } from './schedule.ts';

/** A clock of 16 ms frames that the test advances by hand. */
function setUp(): {
  scheduler: Scheduler;
  frame: () => void;
  frames: (n: number) => void;
  /** As if so many ms went by while a chart is drawn. */
  spend: (ms: number) => void;
} {
  let now = 0;
  let nextFrame: (() => void)[] = [];
  let timers: { at: number; callback: () => void }[] = [];
  const scheduler = createScheduler({
    now: () => now,
    onFrame: (callback) => nextFrame.push(callback),
    after: (ms, callback) => timers.push({ at: now + ms, callback }),
  });
  const frame = (): void => {
    now += 16;
    const ripe = timers.filter(({ at }) => at <= now);
    timers = timers.filter(({ at }) => at > now);
    ripe.forEach(({ callback }) => callback());
    const due = nextFrame;
    nextFrame = [];
    due.forEach((callback) => callback());
  };
  return {
    scheduler,
    frame,
    frames: (n) => Array.from({ length: n }).forEach(frame),
    spend: (ms) => void (now += ms),
  };
}

function joinVisible(scheduler: Scheduler, name: string, drawn: string[]) {
  const turn = scheduler.register(() => drawn.push(name));
  turn.setVisible(true);
  return turn;
}

describe('the scheduler', () => {
  it('draws one chart per frame, in turn', () => {
    const { scheduler, frame } = setUp();
    const drawn: string[] = [];
    const turns = ['a', 'b', 'c'].map((name) => joinVisible(scheduler, name, drawn));
    turns.forEach((turn) => turn.request());
    const perFrame = Array.from({ length: 4 }, () => {
      const before = drawn.length;
      frame();
      return drawn.length - before;
    });
    expect(perFrame).toEqual([1, 1, 1, 0]);
    expect(drawn).toEqual(['a', 'b', 'c']);
  });

  it('draws a chart at most twice a second, and the last request is not lost', () => {
    const { scheduler, frame, frames } = setUp();
    const drawn: string[] = [];
    const turn = joinVisible(scheduler, 'a', drawn);
    for (let i = 0; i < 125; i++) {
      turn.request();
      frame();
    }
    expect(drawn.length).toBeGreaterThanOrEqual(3);
    expect(drawn.length).toBeLessThanOrEqual(5);
    const before = drawn.length;
    frames(60);
    expect(drawn.length).toBe(before + 1);
  });

  it('answers a person at the next free frame, one chart per frame still', () => {
    const { scheduler, frame, frames } = setUp();
    const drawn: string[] = [];
    const turns = ['a', 'b'].map((name) => joinVisible(scheduler, name, drawn));
    turns.forEach((turn) => turn.request());
    frames(3);
    turns.forEach((turn) => turn.request());
    turns.forEach((turn) => turn.request('soon'));
    frame();
    expect(drawn).toHaveLength(3);
    frame();
    expect(drawn).toEqual(['a', 'b', 'a', 'b']);
    frames(60);
    expect(drawn).toHaveLength(4);
  });

  it('draws a dear chart less often than a cheap one', () => {
    const { scheduler, frames, spend } = setUp();
    const drawn: string[] = [];
    const cheap = joinVisible(scheduler, 'cheap', drawn);
    const dear = scheduler.register(() => {
      drawn.push('dear');
      spend(50);
    });
    dear.setVisible(true);
    for (let i = 0; i < 600; i++) {
      cheap.request();
      dear.request();
      frames(1);
    }
    const count = (name: string): number => drawn.filter((other) => other === name).length;
    expect(count('cheap')).toBeGreaterThan(1.8 * count('dear'));
    expect(count('dear')).toBeGreaterThanOrEqual(6);
  });

  it('lets nobody starve', () => {
    const { scheduler, frame } = setUp();
    const drawn: string[] = [];
    const names = Array.from({ length: 40 }, (_, i) => `chart ${i}`);
    const turns = names.map((name) => joinVisible(scheduler, name, drawn));
    for (let i = 0; i < 100; i++) {
      turns.forEach((turn) => turn.request());
      frame();
    }
    const counts = names.map((name) => drawn.filter((other) => other === name).length);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(2);
  });

  it('draws a hidden chart only once it is seen, and one that has left never', () => {
    const { scheduler, frames } = setUp();
    const drawn: string[] = [];
    const hidden = scheduler.register(() => drawn.push('hidden'));
    const left = joinVisible(scheduler, 'left', drawn);
    hidden.request();
    left.request();
    left.unregister();
    frames(60);
    expect(drawn).toEqual([]);
    hidden.setVisible(true);
    frames(2);
    expect(drawn).toEqual(['hidden']);
  });
});
