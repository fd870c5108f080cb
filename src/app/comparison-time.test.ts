import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobState } from './comparison-time.ts';
import { secondsToGo } from './comparison-time.ts';

const waiting: JobState = { kind: 'waiting' };
const finished: JobState = { kind: 'finished', quality: 0.5 };
const failed: JobState = { kind: 'failed', message: 'no memory left' };
const running = (done: number): JobState => ({ kind: 'running', done });
const since = { at: 1000, done: 0 };

describe('secondsToGo', () => {
  it('goes by what was done since jobs began, not by what was finished before', () => {
    expect(secondsToGo([running(0.5), running(0.5), waiting, waiting], since, 8000)).toBeCloseTo(
      (7 / 0.7) * 3.3,
      9,
    );
    const later = { at: 1000, done: 2 };
    expect(secondsToGo([finished, finished, finished, waiting], later, 8000)).toBeCloseTo(7, 9);
    expect(secondsToGo([finished, finished, waiting, waiting], later, 8000)).toBeNull();
  });

  it('knows nothing of a judgement before one has ended', () => {
    expect(secondsToGo([running(1), running(0.9), waiting], since, 60_000)).toBeNull();
    expect(secondsToGo([finished, running(1), waiting], since, 60_000)).toBeGreaterThan(0);
    expect(secondsToGo([failed, running(1), waiting], since, 60_000)).toBeGreaterThan(0);
  });

  it('is over when the last job has ended', () => {
    expect(secondsToGo([finished, failed], since, 60_000)).toBeNull();
  });

  it('is never below 0', () => {
    const state = fc.oneof(
      fc.constantFrom(waiting, finished, failed),
      fc.double({ min: 0, max: 1, noNaN: true }).map(running),
    );
    fc.assert(
      fc.property(fc.array(state, { maxLength: 12 }), fc.nat(12), fc.nat(), (states, most, now) => {
        const done = Math.min(most, states.filter(({ kind }) => kind === 'finished').length);
        const seconds = secondsToGo(states, { at: 0, done }, now);
        if (seconds !== null) expect(seconds).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
