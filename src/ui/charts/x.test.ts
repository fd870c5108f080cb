import { describe, expect, it } from 'vitest';
import { appendRows, EMPTY_HISTORY } from '../../app/history.ts';
import { chartData } from './bucket.ts';
import { xAxisOf, xColumn } from './x.ts';

const HISTORY = appendRows(EMPTY_HISTORY, [
  { step: 1, num_tokens: 100, step_time: 500, reward: 1 },
  { step: 2, num_tokens: 250, reward: 2 },
  { step: 3, num_tokens: 300, step_time: 1500, reward: 3 },
]);

describe('x', () => {
  it('counts steps, tokens or the seconds of training steps', () => {
    expect([...Array.from(xColumn(HISTORY, 'step')).slice(0, 3)]).toEqual([1, 2, 3]);
    expect([...Array.from(xColumn(HISTORY, 'tokens'))]).toEqual([100, 250, 300]);
    expect([...Array.from(xColumn(HISTORY, 'time'))]).toEqual([0.5, 0.5, 2]);
  });

  it('moves the values, never the steps that a chart points to', () => {
    const data = chartData(HISTORY, { ids: ['reward'], smoothing: 0, x: 'tokens' });
    expect(data).toMatchObject({ xs: [100, 250, 300], steps: [1, 2, 3] });
    expect(data.series[0]?.values).toEqual([1, 2, 3]);
  });

  it('has an axis over all runs, at what clocks show, and logarithmic without zero', () => {
    expect(xAxisOf('step', false, [1, 50, 1, 200]).domain).toEqual([1, 200]);
    expect(xAxisOf('time', false, [0, 170]).ticks).toEqual([0, 60, 120]);
    expect(xAxisOf('tokens', true, [0, 10, 1000])).toMatchObject({ domain: [10, 1000], log: true });
    expect(xAxisOf('step', true, []).domain[0]).toBeGreaterThan(0);
  });
});
