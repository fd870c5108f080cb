import { describe, expect, it, vi } from 'vitest';
import { analyse } from '../experiments/analysis.ts';
import { resultOf } from '../experiments/experiment.testing.ts';
import { readExperiment } from '../experiments/experiment.ts';
import { planExperiment, type Job } from '../experiments/plan.ts';
import { readResult, type JobResult } from '../experiments/result.ts';
import type { JobEvents } from '../experiments/schedule.ts';
import { DEFAULT_CONFIG } from '../schema/params.ts';
import type { ExperimentWorker } from '../worker/experiment-client.ts';
import { createComparison, slotsOf } from './comparison.ts';
import { createConfigStore } from './config.ts';
import type { Hold } from './hold.ts';
import { answering, memoryStorage, type TextStorage } from './text-storage.ts';

type Act = (job: Job, events: JobEvents, stopped: Promise<void>) => Promise<JobResult | undefined>;

const quick: Act = async (job) => resultOf(job, [[0.5, 0.7]]);

/** A worker that plans and analyses as the real one does, and runs jobs as the test says. */
function fakeWorker(act: Act): ExperimentWorker {
  let end = (): void => undefined;
  const planOf = (experiment: unknown) => planExperiment(readExperiment(experiment));
  return {
    plan: async (experiment) => planOf(experiment),
    report: async (experiment, texts) => {
      const plan = planOf(experiment);
      const results = texts.map((text) => {
        const { id } = JSON.parse(text) as { id: string };
        return readResult(
          text,
          plan.jobs.find((job) => job.id === id)!,
        );
      });
      return { analysis: analyse(plan, results), verdict: `${texts.length} finished`, runsCsv: '' };
    },
    run: (job, events) => act(job, events, new Promise((resolve) => (end = resolve))),
    stop: () => end(),
    terminate: () => end(),
  };
}

const alone: Hold = async () => () => undefined;

function setUp(act: Act = quick, storage: TextStorage = memoryStorage(), hold = alone) {
  const ran: string[] = [];
  const pauses: number[] = [];
  let now = 0;
  const comparison = createComparison({
    openWorker: () =>
      fakeWorker((job, ...rest) => {
        ran.push(job.label);
        return act(job, ...rest);
      }),
    slots: 2,
    storage,
    hold,
    config: createConfigStore({ ...DEFAULT_CONFIG, seed: 3 }),
    pauseRun: async () => void pauses.push(ran.length),
    clock: () => (now += 1000),
  });
  comparison.actions.change({ arms: ['exit'], seeds: 2, onTheWay: false });
  const state = () => comparison.store.getState();
  const kinds = () => [...(state().shown?.jobs.values() ?? [])].map(({ kind }) => kind);
  const rest = () => vi.waitFor(() => expect(state().phase).toBe('resting'));
  return { comparison, ran, pauses, storage, state, kinds, rest, ...comparison };
}

describe('a comparison', () => {
  it('pauses the run of the page, runs every arm on every seed and says what came of it', async () => {
    const { actions, ran, pauses, state, kinds, rest, results } = setUp();
    await rest();
    expect(state().shown).toBeNull();
    await actions.run();
    expect(pauses).toEqual([0]);
    expect(ran.sort()).toEqual([
      'ExIt, seed 3',
      'ExIt, seed 4',
      'ExIt, uniform priority, seed 3',
      'ExIt, uniform priority, seed 4',
    ]);
    expect(kinds()).toEqual(['finished', 'finished', 'finished', 'finished']);
    const { shown, phase, failure, outlasts } = state();
    expect({ phase, failure, outlasts }).toEqual({
      phase: 'resting',
      failure: null,
      outlasts: true,
    });
    expect([...shown!.jobs.values()][0]).toEqual({ kind: 'finished', quality: 0.6 });
    expect(shown!.report).toMatchObject({ verdict: '4 finished', analysis: { planned: 4 } });
    expect(results()).toHaveLength(4);
    expect(JSON.parse(shown!.text)).toMatchObject({ seeds: { from: 3, count: 2 } });
  });

  it('tells how far runs are, and about how long it takes', async () => {
    const { actions, state, rest } = setUp(async (_job, { onProgress }, stopped) => {
      onProgress({ done: 0.2, step: 2, row: { step: 2, num_tokens_sampled: 20, reward: 0.25 } });
      onProgress({ done: 0.5, step: 4, row: { step: 4, num_tokens_sampled: 50, reward: 0.75 } });
      await stopped;
      return undefined;
    });
    await rest();
    void actions.run();
    await vi.waitFor(() => expect(state().secondsToGo).not.toBeNull());
    const { shown, secondsToGo } = state();
    expect([...shown!.jobs.values()].slice(0, 2)).toEqual([
      { kind: 'running', done: 0.5 },
      { kind: 'running', done: 0.5 },
    ]);
    const curves = [...shown!.curves.values()];
    expect(curves).toHaveLength(2);
    expect(curves[1]).toMatchObject({ step: [2, 4], tokensSampled: [20, 50] });
    expect(curves[1]!.metrics.reward).toEqual([0.25, 0.75]);
    // Two of four jobs are 0.35 of their way: 3.3 jobs are left, at 0.7 jobs in the time so far.
    expect(secondsToGo! / (3.3 / 0.7)).toBeCloseTo(Math.round(secondsToGo! / (3.3 / 0.7)), 9);
    actions.stop();
    await rest();
  });

  it('keeps what is finished when it is stopped, and runs only the rest when it goes on', async () => {
    const stopping: Act = async (job, _events, stopped) => {
      if (job.spec.config.seed === 3) return quick(job, _events, stopped);
      await stopped;
      return undefined;
    };
    const first = setUp(stopping);
    await first.rest();
    const running = first.actions.run();
    await vi.waitFor(() => expect(first.kinds()).toContain('finished'));
    await vi.waitFor(() => expect(first.kinds().slice(2)).toEqual(['running', 'running']));
    first.actions.stop();
    expect(first.state().phase).toBe('stopping');
    await running;
    expect(first.kinds()).toEqual(['finished', 'finished', 'waiting', 'waiting']);
    expect(first.state().shown!.report!.verdict).toBe('2 finished');

    // Another visit.
    const second = setUp(quick, first.storage);
    await second.rest();
    expect(second.state().form).toMatchObject({ arms: ['exit'], seeds: 2, firstSeed: 3 });
    expect(second.kinds()).toEqual(['finished', 'finished', 'waiting', 'waiting']);
    expect(second.state().shown!.report!.verdict).toBe('2 finished');
    await second.actions.run();
    expect(second.ran.sort()).toEqual(['ExIt, seed 4', 'ExIt, uniform priority, seed 4']);
    expect(second.state().shown!.report!.verdict).toBe('4 finished');
  });

  it('ends at once, whatever its jobs are at', async () => {
    let ended = 0;
    // As a judgement does: it hears nothing until it is over.
    const { actions, state, kinds, rest } = setUp(async (_job, { onProgress }, terminated) => {
      onProgress({ done: 1, step: 9, row: { step: 9 } });
      await terminated;
      ended++;
      return undefined;
    });
    await rest();
    const running = actions.run();
    await vi.waitFor(() => expect(kinds().slice(0, 2)).toEqual(['running', 'running']));
    actions.stop();
    await running;
    expect(ended).toBe(2);
    expect(state().phase).toBe('resting');
    expect(kinds()).toEqual(['waiting', 'waiting', 'waiting', 'waiting']);
  });

  it('is run by one window at a time, which lets go of it in the end', async () => {
    const held = new Set<string>();
    const names: string[] = [];
    const hold: Hold = async (name) => {
      names.push(name);
      if (held.has(name)) return undefined;
      held.add(name);
      return () => void held.delete(name);
    };
    const waiting: Act = async (_job, _events, stopped) => {
      await stopped;
      return undefined;
    };
    const first = setUp(waiting, memoryStorage(), hold);
    const second = setUp(quick, first.storage, hold);
    await Promise.all([first.rest(), second.rest()]);
    void first.actions.run();
    await vi.waitFor(() => expect(first.state().phase).toBe('running'));
    // More seeds and other strategies share jobs with it.
    second.actions.change({ seeds: 3, arms: ['grpo', 'exit'] });
    await second.actions.run();
    expect(second.state().failure).toContain('Another window runs jobs of this experiment');
    expect([second.ran, second.pauses]).toEqual([[], []]);
    // With another budget there is no job that both have.
    second.actions.change({ tokens: 5000 });
    await second.actions.run();
    expect([second.state().failure, second.ran.length]).toEqual([null, 9]);
    first.actions.stop();
    await first.rest();
    second.actions.change({ tokens: 40_000 });
    await second.actions.run();
    expect(second.state().failure).toBeNull();
    expect(new Set(names).size).toBe(2);
    expect(held.size).toBe(0);
  });

  it('can run where the storage never answers', async () => {
    vi.useFakeTimers();
    try {
      const never = (): Promise<never> => new Promise(() => undefined);
      const silent: TextStorage = { read: never, write: never, remove: never, clear: never };
      const { actions, state, kinds } = setUp(quick, answering(silent, 4000));
      await vi.advanceTimersByTimeAsync(3999);
      expect(state().phase).toBe('opening');
      await vi.advanceTimersByTimeAsync(1);
      expect([state().phase, state().outlasts]).toEqual(['resting', false]);
      await actions.run();
      expect(new Set(kinds())).toEqual(new Set(['finished']));
    } finally {
      vi.useRealTimers();
    }
  });

  it('names a job that failed, and runs it again next time', async () => {
    let broken = true;
    const { actions, kinds, state, ran, rest } = setUp(async (job, ...others) => {
      if (broken && job.label === 'ExIt, seed 4') throw new Error('no memory left');
      return quick(job, ...others);
    });
    await rest();
    await actions.run();
    expect(kinds().filter((kind) => kind === 'finished')).toHaveLength(3);
    expect([...state().shown!.jobs.values()]).toContainEqual({
      kind: 'failed',
      message: 'no memory left',
    });
    broken = false;
    ran.splice(0);
    await actions.run();
    expect(ran).toEqual(['ExIt, seed 4']);
  });

  it('says why an experiment cannot be planned, and runs nothing', async () => {
    const { actions, state, ran, rest } = setUp();
    await rest();
    actions.change({ seeds: 0 });
    await actions.run();
    expect(state().failure).toContain('seeds.count: got 0, expected a whole number');
    expect([state().phase, ran]).toEqual(['resting', []]);
    actions.change({ seeds: 1 });
    await actions.run();
    expect([state().failure, ran.length]).toEqual([null, 2]);
  });

  it('goes on, and says so, where nothing can be kept', async () => {
    const refusing: TextStorage = {
      read: () => Promise.reject(new Error('a private window')),
      write: () => Promise.reject(new Error('a private window')),
      remove: () => Promise.reject(new Error('a private window')),
      clear: () => Promise.reject(new Error('a private window')),
    };
    const { actions, state, kinds, rest } = setUp(quick, refusing);
    await rest();
    expect(state().outlasts).toBe(false);
    await actions.run();
    expect(state().outlasts).toBe(false);
    expect(new Set(kinds())).toEqual(new Set(['finished']));
    await actions.forget();
    expect([state().outlasts, state().shown]).toEqual([false, null]);
    await actions.run();
    expect(state().outlasts).toBe(false);
  });

  it('forgets what was kept before the room ran out, and keeps again then', async () => {
    const storage = memoryStorage();
    // Two for the experiment, one for a job.
    let room = 3;
    const small: TextStorage = {
      ...storage,
      write: (...of) =>
        room-- > 0 ? storage.write(...of) : Promise.reject(new Error('no room left')),
    };
    const { actions, state, rest } = setUp(quick, small);
    await rest();
    await actions.run();
    expect(state().outlasts).toBe(false);
    expect(await storage.read('experiment')).toBeDefined();
    await actions.forget();
    expect([state().outlasts, await storage.read('experiment')]).toEqual([null, undefined]);
    room = 10;
    await actions.run();
    expect(state().outlasts).toBe(true);
  });

  it('leaves what is entered while it looks for what was kept', async () => {
    const first = setUp();
    await first.rest();
    await first.actions.run();
    const second = createComparison({
      openWorker: () => fakeWorker(quick),
      slots: 2,
      storage: first.storage,
      hold: alone,
      config: createConfigStore(DEFAULT_CONFIG),
      pauseRun: async () => undefined,
      clock: () => 0,
    });
    second.actions.change({ tokens: 5000 });
    await vi.waitFor(() => expect(second.store.getState().phase).toBe('resting'));
    expect(second.store.getState().shown).not.toBeNull();
    expect(second.store.getState().form).toMatchObject({ tokens: 5000, seeds: 5 });
  });

  it('runs what is kept again where it is damaged', async () => {
    const first = setUp();
    await first.rest();
    await first.actions.run();
    const { id, label } = first.state().shown!.plan.jobs[2]!;
    await first.storage.write(`job ${id}`, '{"format":');
    const second = setUp(quick, first.storage);
    await second.rest();
    expect(second.kinds()).toEqual(['finished', 'finished', 'waiting', 'finished']);
    await second.actions.run();
    expect(second.ran).toEqual([label]);
  });

  it('forgets everything', async () => {
    const first = setUp();
    await first.rest();
    await first.actions.run();
    await first.actions.forget();
    expect(first.state().shown).toBeNull();
    const second = setUp(quick, first.storage);
    await second.rest();
    expect(second.state().shown).toBeNull();
    await second.actions.run();
    expect(second.ran).toHaveLength(4);
  });
});

it('leaves a core to the page where there are more than two', () => {
  expect([1, 2, 3, 8, 64].map(slotsOf)).toEqual([1, 2, 2, 7, 8]);
});
