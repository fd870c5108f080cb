import { describe, expect, test } from 'vitest';
import { readPipeline } from '../tables/choices.ts';
import { tableOf } from '../tables/competitions.ts';
import { createPool, createScorer, type ScoringWorker } from './scorer.ts';
import { precomputedScores } from './precomputed-scores.ts';

const TABLE = tableOf('moons');
const PIPELINE = readPipeline('keep raw all tree small weak alone'.split(' '))!;
const SCORE = { kind: 'scored', validation: 0.5, training: 0.7 } as const;

/** A worker that answers only when told to. */
function puppets(): { workers: Puppet[]; start: () => ScoringWorker } {
  const workers: Puppet[] = [];
  return { workers, start: () => workers[workers.push(new Puppet()) - 1]! };
}

class Puppet implements ScoringWorker {
  onmessage: ScoringWorker['onmessage'] = null;
  onerror: ScoringWorker['onerror'] = null;
  readonly asked: unknown[] = [];
  ended = false;
  postMessage(message: unknown): void {
    this.asked.push(message);
  }
  terminate(): void {
    this.ended = true;
  }
  answer(data: unknown): void {
    this.onmessage?.(new MessageEvent('message', { data }));
  }
  /** @returns whether somebody took care of it, so that it goes no further. */
  fail(message: string): boolean {
    const event = Object.assign(new Event('error', { cancelable: true }), { message });
    this.onerror?.(event as ErrorEvent);
    return event.defaultPrevented;
  }
}

describe('the pool', () => {
  test('starts as many workers as are needed and allowed, and lets jobs wait', async () => {
    const { workers, start } = puppets();
    const score = createPool(2, start);
    const pending = [1, 2, 3].map(() => score(TABLE, PIPELINE));
    expect(workers).toHaveLength(2);
    workers[0]!.answer(SCORE);
    expect(await pending[0]).toEqual(SCORE);
    expect(workers[0]!.asked).toHaveLength(2);
    workers[0]!.answer({ ...SCORE, validation: 0.1 });
    workers[1]!.answer({ kind: 'failed', fault: 'columns' });
    expect(await Promise.all(pending)).toEqual([
      SCORE,
      { kind: 'failed', fault: 'columns' },
      { ...SCORE, validation: 0.1 },
    ]);
  });

  test('ends a worker that does not answer in time, and starts another for the next job', async () => {
    const { workers, start } = puppets();
    const score = createPool(1, start, 5);
    const [late, next] = [score(TABLE, PIPELINE), score(TABLE, PIPELINE)];
    expect(await late).toEqual({ kind: 'failed', fault: 'timeout' });
    expect(workers[0]!.ended).toBe(true);
    workers[1]!.answer(SCORE);
    expect(await next).toEqual(SCORE);
  });

  test('what a worker throws costs its job only, and goes no further', async () => {
    const { workers, start } = puppets();
    const score = createPool(1, start);
    const [broken, next] = [score(TABLE, PIPELINE), score(TABLE, PIPELINE)];
    expect(workers[0]!.fail('of no use')).toBe(true);
    await expect(broken).rejects.toThrow('scorer: of no use');
    expect(workers[0]!.ended).toBe(true);
    workers[1]!.answer(SCORE);
    expect(await next).toEqual(SCORE);
  });

  test('an answer that is no score is an error, not a score', async () => {
    const { workers, start } = puppets();
    const pending = createPool(1, start)(TABLE, PIPELINE);
    workers[0]!.answer({ kind: 'scored', validation: 'high' });
    await expect(pending).rejects.toThrow();
  });
});

test('without workers pipelines are trained in this thread', async () => {
  const score = await createScorer()(TABLE, PIPELINE);
  expect(score).toEqual(
    (await precomputedScores(TABLE))!.get('keep raw all tree small weak alone'),
  );
});
