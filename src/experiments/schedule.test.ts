import { describe, expect, it } from 'vitest';
import { resultOf, smallPlan } from './experiment.testing.ts';
import { createWorkerExecutor } from './executors/worker.ts';
import type { Job } from './plan.ts';
import type { JobResult } from './result.ts';
import { runJobs, type Executor, type ResultStore, type ScheduleEvent } from './schedule.ts';

const { jobs } = smallPlan();
const made = (job: Job): JobResult => resultOf(job, [[0.5], [0.5]]);

function memory(finished: readonly string[] = []): ResultStore & { readonly kept: string[] } {
  const kept: string[] = [];
  return { finished: new Set(finished), kept, put: async ({ id }) => void kept.push(id) };
}

function executor(run: (job: Job) => Promise<JobResult | undefined>, slots = 2): Executor {
  return { slots, run, stop: () => undefined, dispose: () => undefined };
}

describe('runJobs', () => {
  const run = (
    parts: { store: ResultStore; executor: Executor },
    stopping = (): boolean => false,
  ): Promise<{ events: ScheduleEvent[]; outcome: Awaited<ReturnType<typeof runJobs>> }> => {
    const events: ScheduleEvent[] = [];
    const onEvent = (event: ScheduleEvent): void => void events.push(event);
    return runJobs({ jobs, ...parts, onEvent, stopping }).then((outcome) => ({ events, outcome }));
  };

  it('runs what is not finished, so many at a time, and keeps each', async () => {
    let now = 0;
    let most = 0;
    const store = memory([jobs[1]!.id]);
    const { outcome, events } = await run({
      store,
      executor: executor(async (job) => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 1));
        now--;
        return made(job);
      }),
    });
    expect(outcome).toEqual({ finished: 7, failed: [], left: 0 });
    expect(most).toBe(2);
    expect([...store.kept].sort()).toEqual(
      jobs
        .filter((job) => job !== jobs[1])
        .map(({ id }) => id)
        .sort(),
    );
    expect(events.filter(({ kind }) => kind === 'started')).toHaveLength(7);
  });

  it('goes on where one job fails, and says which', async () => {
    const { outcome, events } = await run({
      store: memory(),
      executor: executor(async (job) => {
        if (job === jobs[2]) throw new Error('bad luck');
        return made(job);
      }),
    });
    expect(outcome).toEqual({ finished: 7, failed: [jobs[2]], left: 0 });
    expect(events.find(({ kind }) => kind === 'failed')).toMatchObject({
      job: jobs[2],
      error: { message: 'bad luck' },
    });
  });

  it('begins nothing once told to stop, and keeps nothing of what stopped half way', async () => {
    let begun = 0;
    const store = memory();
    const { outcome } = await run(
      {
        store,
        executor: executor(async (job) => {
          begun++;
          return begun === 3 ? undefined : made(job);
        }, 1),
      },
      () => begun >= 3,
    );
    expect(outcome).toEqual({ finished: 2, failed: [], left: 6 });
    expect(store.kept).toHaveLength(2);
  });

  it('ends at once where a result cannot be kept', async () => {
    const store: ResultStore = {
      finished: new Set(),
      put: async () => {
        throw new Error('no space left');
      },
    };
    await expect(run({ store, executor: executor(async (job) => made(job)) })).rejects.toThrow(
      'no space left',
    );
  });
});

describe('createWorkerExecutor', () => {
  it('uses its workers again, and ends them', async () => {
    let started = 0;
    let ended = 0;
    const pool = createWorkerExecutor(3, () => {
      started++;
      return {
        run: async (job) => made(job),
        stop: () => undefined,
        terminate: () => {
          ended++;
        },
      };
    });
    const store = memory();
    await runJobs({ jobs, executor: pool, store, onEvent: () => undefined, stopping: () => false });
    expect(store.kept).toHaveLength(8);
    expect(started).toBe(3);
    pool.dispose();
    expect(ended).toBe(3);
  });
});
