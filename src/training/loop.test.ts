import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG, type Config } from '../schema/params.ts';
import type { UpdateStats } from '../model/policy.ts';
import { createSession } from './create-session.ts';
import { trainingLoop, type LoopOptions } from './loop.ts';
import type { Session } from './session.ts';

const CONFIG: Config = {
  ...DEFAULT_CONFIG,
  backend: 'wasm',
  init: 'scratch',
  warmStartSteps: 1,
  hiddenSize: 16,
  numLayers: 1,
  numHeads: 2,
  intermediateSize: 24,
  batchGroups: 3,
  groupSize: 2,
  bufferMin: 1,
  evalEvery: 2,
  evalTasks: 2,
  evalDepth: 1,
};

const open: Session[] = [];

async function openSession(): Promise<Session> {
  const session = await createSession(CONFIG, {
    assets: (path) => Promise.reject(new Error(`${path}: not there`)),
    clock: () => 0,
    onLoading: () => undefined,
  });
  open.push(session);
  return session;
}

afterEach(() => {
  for (const session of open.splice(0)) session.dispose();
});

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** The steps that the loop handed on, and how it ended. */
async function looped(session: Session, options: Omit<LoopOptions, 'pause' | 'onStep'>) {
  const steps: number[] = [];
  const evaluated: number[] = [];
  const ended = await trainingLoop(session, {
    pause,
    ...options,
    onStep: ({ row, evaluations }) => {
      steps.push(row.step);
      evaluated.push(...evaluations.map(({ step }) => step));
    },
  });
  return { steps, evaluated, ended };
}

describe('the training loop', () => {
  it('hands on every step and the evaluations that were due, until so many steps are done', async () => {
    const session = await openSession();
    expect(await looped(session, { budget: { steps: 3 } })).toEqual({
      steps: [1, 2, 3],
      evaluated: [0, 2],
      ended: 'budget',
    });
    expect((await looped(session, { budget: { steps: 5 } })).steps).toEqual([4, 5]);
    expect((await looped(session, { budget: { steps: 5 } })).steps).toEqual([]);
  });

  it('ends with the step that reaches a budget of tokens', async () => {
    const session = await openSession();
    const { ended } = await looped(session, { budget: { tokens: 60 } });
    expect(ended).toBe('budget');
    const tokens = session.history.rows.map((row) => row['num_tokens']!);
    expect(tokens.at(-1)).toBeGreaterThanOrEqual(60);
    expect(tokens.slice(0, -1).every((count) => count < 60)).toBe(true);
  });

  it('ends as soon as what else uses the budget up says so', async () => {
    const session = await openSession();
    const spent = (): boolean => session.history.state.step >= 2;
    const looks = await looped(session, { budget: { steps: 9, spent } });
    expect(looks).toMatchObject({ steps: [1, 2], ended: 'budget' });
    expect((await looped(session, { budget: { spent } })).steps).toEqual([]);
  });

  it('stops after the step in flight when told between two steps or within one', async () => {
    const session = await openSession();
    const controller = new AbortController();
    const { signal } = controller;
    const pauses = { count: 0 };
    const stopAtSecond = async (): Promise<void> => {
      if (++pauses.count === 2) controller.abort();
      return pause();
    };
    expect(await trainingLoop(session, { signal, pause: stopAtSecond })).toBe('signal');
    expect(session.history.state.step).toBe(2);
    expect((await looped(session, { signal })).steps).toEqual([]);
    const within = new AbortController();
    const onStep = (): void => within.abort();
    expect(await trainingLoop(session, { signal: within.signal, pause, onStep })).toBe('signal');
    expect(session.history.state.step).toBe(3);
  });

  it('says that the budget ended it where both did', async () => {
    const session = await openSession();
    const controller = new AbortController();
    const options = { signal: controller.signal, budget: { steps: 1 } };
    const onStep = (): void => controller.abort();
    expect(await trainingLoop(session, { ...options, pause, onStep })).toBe('budget');
  });

  it('takes each step, with what is done about it, within `exclusive`', async () => {
    const session = await openSession();
    const order: string[] = [];
    await trainingLoop(session, {
      budget: { steps: 2 },
      pause: async () => void order.push('pause'),
      onStep: ({ row }) => void order.push(`step ${row.step}`),
      exclusive: async (body) => {
        order.push('(');
        await body();
        order.push(')');
      },
    });
    expect(order).toEqual(['(', 'step 1', ')', 'pause', '(', 'step 2', ')', 'pause']);
  });

  it('rejects with what a handler throws, and takes no further step', async () => {
    const session = await openSession();
    const onStep = (): never => {
      throw new Error('no room on the disk');
    };
    await expect(trainingLoop(session, { pause, onStep })).rejects.toThrow('no room on the disk');
    expect(session.history.state.step).toBe(1);
  });
});

describe('an update that is not finite', () => {
  /** From the given call on, updates wreck the policy in earnest and report `stats` of it. */
  function wreckFrom(session: Session, calls: ReadonlySet<number>, stats: Partial<UpdateStats>) {
    const { policy } = session;
    const update = policy.update.bind(policy);
    let call = 0;
    policy.update = async (batch, options) => {
      const learningRate = calls.has(++call) ? 1e30 : options.learningRate;
      const measured = await update(batch, { ...options, learningRate });
      return calls.has(call) ? { ...measured, ...stats } : measured;
    };
  }

  async function stateOf(session: Session): Promise<string> {
    return JSON.stringify(await session.policy.save(), (_, value: unknown) =>
      value instanceof Float32Array ? [...value] : value,
    );
  }

  it.each([{ loss: NaN }, { gradNorm: Infinity }, { gradNorm: 1e19 }, { kl: -Infinity }])(
    'is undone and counted where %o, and training goes on',
    async (stats) => {
      const session = await openSession();
      wreckFrom(session, new Set([2]), stats);
      const states: string[] = [];
      await trainingLoop(session, {
        ...{ pause, budget: { steps: 3 } },
        onStep: async () => void states.push(await stateOf(session)),
      });
      expect(states[1]).toBe(states[0]);
      expect(states[2]).not.toBe(states[0]);
      const rows = session.history.rows;
      expect(rows.map((row) => row.skipped_updates)).toEqual([undefined, 1, undefined]);
      expect(rows[1]).not.toHaveProperty('loss');
      expect(rows[1]!['reward']).toBeGreaterThanOrEqual(0);
    },
  );

  it('ends the loop where three come in a row, with the policy as it was before them', async () => {
    const session = await openSession();
    // Two, then one that is well, then three.
    wreckFrom(session, new Set([1, 2, 4, 5, 6]), { loss: NaN });
    const states: string[] = [];
    const ended = await trainingLoop(session, {
      ...{ pause, budget: { steps: 9 } },
      onStep: async () => void states.push(await stateOf(session)),
    });
    expect(ended).toBe('diverged');
    expect(session.history.state.step).toBe(6);
    expect(states[5]).toBe(states[2]);
    expect(states[2]).not.toBe(states[1]);
  });
});

describe('saving', () => {
  async function savedAt(every: { everySteps?: number; everyMs?: number }): Promise<number[]> {
    const session = await openSession();
    const saved: number[] = [];
    const save = async (): Promise<void> => void saved.push(session.history.state.step);
    // A step takes 400 ms.
    const clock = (): number => 400 * session.history.state.step;
    await looped(session, { budget: { steps: 6 }, saving: { ...every, clock, save } });
    return saved;
  }

  it('is due every so many steps', async () => {
    expect(await savedAt({ everySteps: 2 })).toEqual([2, 4, 6]);
  });

  it('is due after so much time, at the end of the step that passes it', async () => {
    expect(await savedAt({ everyMs: 1000 })).toEqual([3, 6]);
  });

  it('is due by whichever comes first, counted from the last time', async () => {
    expect(await savedAt({ everySteps: 4, everyMs: 1000 })).toEqual([3, 6]);
    expect(await savedAt({})).toEqual([]);
  });
});
