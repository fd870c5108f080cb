import { expect, it } from 'vitest';
import { Turns, type CallProgress } from './turns.ts';

it('says how far a step is that lasts, at most twice a second, and nothing of a quick one', async () => {
  let now = 0;
  const told: CallProgress[] = [];
  const turns = new Turns({
    clock: () => now,
    nextTask: () => Promise.resolve(),
    onProgress: (progress) => told.push(progress),
  });
  const after = async (ms: number, done: number): Promise<void> => {
    now += ms;
    await turns.turn({ doing: 'sampling', done, of: 64 });
  };
  await after(5000, 1);
  await turns.rest(new AbortController().signal);
  await after(900, 2);
  expect(told).toEqual([]);
  await after(200, 3);
  await after(200, 4);
  await after(400, 5);
  await turns.turn();
  expect(told.map(({ done }) => done)).toEqual([3, 5]);
  await turns.rest(new AbortController().signal);
  await after(600, 6);
  expect(told).toHaveLength(2);
});
