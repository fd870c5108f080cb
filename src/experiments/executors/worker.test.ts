import { describe, expect, it } from 'vitest';
import { resultOf, smallPlan } from '../experiment.testing.ts';
import type { Job } from '../plan.ts';
import { runJobs, type ResultStore } from '../schedule.ts';
import { createWorkerExecutor, type JobWorker } from './worker.ts';

/** A worker whose jobs do what the test says. */
class FakeWorker implements JobWorker {
  terminated = false;
  stops = 0;
  constructor(private readonly act: (job: Job) => Promise<'done' | 'stopped'>) {}
  run = async (job: Job) =>
    (await this.act(job)) === 'done' ? resultOf(job, [[0.5], [0.6]]) : undefined;
  stop = (): void => {
    this.stops++;
  };
  terminate = (): void => {
    this.terminated = true;
  };
}

const { jobs } = smallPlan();

function memory(): ResultStore & { readonly finished: Set<string> } {
  const finished = new Set<string>();
  return { finished, put: async ({ id }) => void finished.add(id) };
}

async function runAll(slots: number, act: (job: Job) => Promise<'done' | 'stopped'>) {
  const started: FakeWorker[] = [];
  const executor = createWorkerExecutor(slots, () => {
    const worker = new FakeWorker(act);
    started.push(worker);
    return worker;
  });
  const store = memory();
  const quiet = { onEvent: () => undefined, stopping: () => false };
  const outcome = await runJobs({ jobs, executor, store, ...quiet });
  return { started, executor, store, outcome };
}

describe('createWorkerExecutor', () => {
  it('runs jobs in as many workers as it has slots, each one after another', async () => {
    let [now, most] = [0, 0];
    const { started, store } = await runAll(3, async () => {
      most = Math.max(most, ++now);
      await Promise.resolve();
      now--;
      return 'done';
    });
    expect(store.finished).toEqual(new Set(jobs.map(({ id }) => id)));
    expect(most).toBe(3);
    expect(started).toHaveLength(3);
  });

  it('lets go of a worker that failed, and gives the next job another', async () => {
    const [first] = jobs;
    const { started, outcome } = await runAll(1, async (job) => {
      if (job === first) throw new Error('out of memory');
      return 'done';
    });
    expect(outcome).toMatchObject({ finished: jobs.length - 1, failed: [first], left: 0 });
    expect(started.map(({ terminated }) => terminated)).toEqual([true, false]);
  });

  it('tells all its workers to stop, and ends them', async () => {
    const { started, executor } = await runAll(2, async () => 'stopped');
    executor.stop();
    expect(started.map(({ stops }) => stops)).toEqual([1, 1]);
    executor.dispose();
    expect(started.map(({ terminated }) => terminated)).toEqual([true, true]);
  });
});
