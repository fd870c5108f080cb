import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_CONFIG } from '../schema/params.ts';
import type { Config } from '../schema/params.ts';
import { OPENING_CONFIG } from '../schema/scenarios.ts';
import { PARAMS_VERSION } from '../schema/migrate.ts';
import { configToQuery } from '../schema/url.ts';
import type { Client } from '../worker/client.ts';
import type { CommandName, EventName, Events } from '../worker/protocol.ts';
import type { SessionInfo } from '../training/session-info.ts';
import { createLab } from './lab.ts';
import type { Lab } from './lab.ts';

const VERSION = `v=${PARAMS_VERSION}`;

type Answer = (payload: unknown) => unknown;

/** A client whose replies and events the test decides. */
function fakeClient(answers: Partial<Record<CommandName, Answer>>): {
  client: Client;
  calls: [string, unknown][];
  emit: <K extends EventName>(name: K, payload: Events[K]) => void;
} {
  const calls: [string, unknown][] = [];
  const listeners = new Map<string, (payload: never) => void>();
  const client: Client = {
    call: async (name, ...payload) => {
      calls.push([name, payload[0]]);
      return (answers[name]?.(payload[0]) ?? null) as never;
    },
    on: (name, listener) => {
      listeners.set(name, listener);
      return () => listeners.delete(name);
    },
    ask: () => new Promise(() => undefined),
    close: () => undefined,
  };
  return { client, calls, emit: (name, payload) => listeners.get(name)?.(payload as never) };
}

function infoOf(config: Config): SessionInfo {
  return {
    config,
    backend: { name: 'wasm', reason: 'no WebGPU adapter' },
    parameters: 104_000,
    step: 0,
    origin: 'the shipped base policy',
    vocabulary: [],
    domains: [],
  };
}

let held: Config = DEFAULT_CONFIG;
const standing: Partial<Record<CommandName, Answer>> = {
  load: (request) => {
    held = (request as { config: Config }).config;
    return infoOf(held);
  },
  set: (request) => {
    held = { ...held, ...(request as { values: Partial<Config> }).values };
    return null;
  },
  reset: () => infoOf(held),
  newSeed: (request) => {
    held = { ...held, ...(request as { seed: number }) };
    return infoOf(held);
  },
};

function setUp(answers: Partial<Record<CommandName, Answer>> = {}, query = 'v=1') {
  const fake = fakeClient({ ...standing, ...answers });
  const queries: string[] = [];
  const lab = createLab({
    client: fake.client,
    assetBase: 'https://example.test/',
    query,
    writeQuery: (written) => queries.push(written),
    randomSeed: () => 77,
  });
  return { lab, queries, ...fake };
}

const titles = (lab: Lab): string[] => lab.notices.getState().notices.map(({ title }) => title);

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('opening', () => {
  it('trains the first story where the address names nothing, and names it there', async () => {
    const { lab, calls, queries } = setUp({}, '');
    await lab.actions.load();
    await vi.advanceTimersByTimeAsync(1000);
    expect(calls[0]).toMatchObject(['load', { config: OPENING_CONFIG }]);
    expect(queries.at(-1)).toBe(configToQuery(OPENING_CONFIG));
    expect(queries.at(-1)).toContain('unsolvableShare=0.75');
  });

  it('keeps the defaults apart from the bare address', async () => {
    const { lab, queries } = setUp({}, 'v=1');
    await lab.actions.load();
    await vi.advanceTimersByTimeAsync(1000);
    expect(lab.config.getState().applied).toEqual(DEFAULT_CONFIG);
    expect(queries.at(-1)).toBe(VERSION);
  });

  it('takes the configuration from the query and names what was refused', async () => {
    const { lab, calls } = setUp({}, '?v=1&temperature=0.5&groupSize=1000&colour=red');
    await lab.actions.load();
    expect(lab.config.getState().current).toEqual({ ...DEFAULT_CONFIG, temperature: 0.5 });
    expect(calls[0]).toMatchObject(['load', { config: { temperature: 0.5 } }]);
    const details = lab.notices.getState().notices[0]?.details.join('\n');
    expect(details).toMatch(/groupSize: got "?1000"?, expected a whole number from 2 to 64/);
    expect(details).toContain('colour');
  });

  it('fails plainly when no session can be built, and recovers on reset', async () => {
    let broken = true;
    const { lab } = setUp({
      load: (request) => {
        if (broken) throw new Error('neither WebGPU nor WebAssembly');
        return standing.load?.(request);
      },
    });
    await lab.actions.load();
    expect(lab.session.getState()).toMatchObject({
      phase: 'failed',
      failure: 'neither WebGPU nor WebAssembly',
      busy: null,
    });
    broken = false;
    await lab.actions.reset();
    expect(lab.session.getState()).toMatchObject({ phase: 'ready', failure: null });
  });
});

describe('parameters', () => {
  it('sends live changes at most four times a second, the last value always', async () => {
    const { lab, calls } = setUp();
    await lab.actions.load();
    await vi.advanceTimersByTimeAsync(1000);
    for (let i = 1; i <= 100; i++) {
      lab.actions.setParam('temperature', 1 + i / 200);
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.advanceTimersByTimeAsync(500);
    const sets = calls.filter(([name]) => name === 'set');
    expect(sets.length).toBeLessThanOrEqual(5);
    expect(sets.at(-1)?.[1]).toEqual({ values: { temperature: 1.5 } });
    expect(lab.config.getState().applied?.temperature).toBe(1.5);
  });

  it('holds reset-only changes back until a reset builds a new session with them', async () => {
    const { lab, calls, queries } = setUp();
    await lab.actions.load();
    await vi.advanceTimersByTimeAsync(1000);
    lab.actions.setParam('hiddenSize', 128);
    await vi.advanceTimersByTimeAsync(1000);
    expect(calls.map(([name]) => name)).toEqual(['load']);
    expect(queries.at(-1)).toBe(`${VERSION}&hiddenSize=128`);
    await lab.actions.reset();
    expect(calls.at(-1)).toMatchObject(['load', { config: { hiddenSize: 128 } }]);
    expect(lab.config.getState().applied?.hiddenSize).toBe(128);
  });

  it('does not reset, and says why, while an entry is refused', async () => {
    const { lab, calls } = setUp();
    await lab.actions.load();
    lab.actions.setParam('numHeads', 6);
    await lab.actions.reset();
    expect(calls.map(([name]) => name)).toEqual(['load']);
    expect(titles(lab)).toEqual(['Not with these parameters.']);
  });

  it('catches up with changes made while the session was being built', async () => {
    const { lab, calls } = setUp({
      load: async (request) => {
        await new Promise((resolve) => setTimeout(resolve, 500));
        return standing.load?.(request);
      },
    });
    const loading = lab.actions.load();
    await vi.advanceTimersByTimeAsync(100);
    lab.actions.setParam('temperature', 0.3);
    await vi.advanceTimersByTimeAsync(1000);
    await loading;
    await vi.advanceTimersByTimeAsync(1000);
    expect(calls.at(-1)).toEqual(['set', { values: { temperature: 0.3 } }]);
  });

  it('draws a new seed into the configuration and the URL', async () => {
    const { lab, queries } = setUp();
    await lab.actions.load();
    await lab.actions.newSeed();
    await vi.advanceTimersByTimeAsync(1000);
    expect(lab.config.getState().current.seed).toBe(77);
    expect(queries.at(-1)).toBe(`${VERSION}&seed=77`);
  });
});

describe('a running session', () => {
  const latest = { step: 2, groups: [], metrics: { step: 2 }, evictedIds: [] };

  it('fills the stores from events and is emptied by a reset, paused first', async () => {
    const { lab, calls, emit } = setUp();
    await lab.actions.load();
    emit('running', true);
    emit('progress', {
      rows: [{ step: 1 }, { step: 2, tokens_per_second: 900 }],
      profiles: [],
      latest,
    });
    expect(lab.session.getState()).toMatchObject({ running: true, step: 2, tokensPerSecond: 900 });
    await lab.actions.reset();
    expect(calls.slice(1).map(([name]) => name)).toEqual(['pause', 'reset']);
    expect(lab.run.getState().history.length).toBe(0);
    expect(lab.session.getState()).toMatchObject({ step: 0, running: false });
  });

  it('says at once that it pauses, and goes on where that is called off', async () => {
    let finish: (() => void) | undefined;
    const { lab, calls, emit } = setUp({
      pause: () => new Promise<void>((resolve) => (finish = resolve)),
    });
    await lab.actions.load();
    emit('running', true);
    const pausing = lab.actions.pause();
    expect(lab.session.getState()).toMatchObject({ running: true, busy: 'pause', step: 0 });
    await lab.actions.play();
    expect(calls.slice(1).map(([name]) => name)).toEqual(['pause', 'play']);
    expect(lab.session.getState()).toMatchObject({ running: true, busy: null });
    finish!();
    await pausing;
    expect(lab.session.getState().busy).toBeNull();
  });

  it('stops on a failure and keeps what was measured', async () => {
    const { lab, emit } = setUp();
    await lab.actions.load();
    emit('running', true);
    emit('progress', { rows: [{ step: 2 }], profiles: [], latest });
    emit('failure', { message: 'the GPU was lost' });
    expect(lab.session.getState()).toMatchObject({ failure: 'the GPU was lost', running: false });
    expect(lab.run.getState().history.length).toBe(1);
  });

  it('survives a refused import untouched', async () => {
    const { lab, emit } = setUp({
      import: () => {
        throw new Error('model.safetensors is truncated');
      },
    });
    await lab.actions.load();
    emit('progress', { rows: [{ step: 2 }], profiles: [], latest });
    await lab.actions.importRun(new Uint8Array(3));
    expect(lab.notices.getState().notices[0]?.details).toEqual(['model.safetensors is truncated']);
    expect(lab.run.getState().history.length).toBe(1);
    expect(lab.session.getState().busy).toBeNull();
  });

  it('takes over an imported run with its parameters, rows, marks and evaluations', async () => {
    const config = { ...DEFAULT_CONFIG, seed: 5 };
    const marks = [{ step: 1, param: 'temperature', from: 1, to: 0.5 }];
    const evaluations = [{ step: 0 }];
    const { lab } = setUp({
      import: () => ({
        ...infoOf(config),
        step: 2,
        rows: [{ step: 1 }, { step: 2 }],
        marks,
        evaluations,
        profiles: [
          {
            step: 1,
            count: [2],
            learnability: [0.1],
            distinct: [1],
            quality: [0.5],
            recency: [0],
            uniformDepth: 0,
          },
        ],
        latest: null,
      }),
    });
    await lab.actions.load();
    await lab.actions.importRun(new Uint8Array(3));
    expect(lab.config.getState()).toMatchObject({ current: config, applied: config });
    expect(lab.session.getState().step).toBe(2);
    expect(lab.run.getState()).toMatchObject({
      marks,
      evaluations: [{ step: 0, split: 'test' }],
      history: { length: 2 },
      profiles: { length: 1 },
    });
  });
});

describe('playing with values', () => {
  const names = (calls: readonly [string, unknown][]): string[] => calls.map(([name]) => name);

  it('puts live ones into effect before it plays', async () => {
    const { lab, calls } = setUp();
    await lab.actions.load();
    await lab.actions.playWith({ temperature: 0.5 });
    expect(names(calls)).toEqual(['load', 'set', 'play']);
    expect(calls[1]).toEqual(['set', { values: { temperature: 0.5 } }]);
    expect(lab.config.getState().applied?.temperature).toBe(0.5);
  });

  it('only sets them while training runs', async () => {
    const { lab, calls, emit } = setUp();
    await lab.actions.load();
    emit('running', true);
    await lab.actions.playWith({ temperature: 0.5 });
    expect(names(calls)).toEqual(['load', 'set']);
  });

  it('begins a new run where a value takes a reset', async () => {
    const { lab, calls, queries } = setUp();
    await lab.actions.load();
    await lab.actions.playWith({ trainTasks: 1 });
    expect(names(calls)).toEqual(['load', 'load', 'play']);
    await vi.advanceTimersByTimeAsync(500);
    expect(queries.at(-1)).toContain('trainTasks=1');
  });

  it('does not play what cannot be built', async () => {
    const { lab, calls } = setUp();
    await lab.actions.load();
    await lab.actions.playWith({ numHeads: 5 });
    expect(names(calls)).toEqual(['load']);
    expect(titles(lab)).toEqual(['Not with these parameters.']);
  });
});

describe('changes of parameters', () => {
  it('are taken back in the worker too, and not across an import', async () => {
    const { lab, calls } = setUp({
      import: () => ({
        ...infoOf({ ...DEFAULT_CONFIG, topP: 0.5 }),
        rows: [],
        marks: [],
        evaluations: [],
        profiles: [],
        latest: null,
      }),
    });
    await lab.actions.load();
    await lab.actions.playWith({ temperature: 0.5 });
    lab.undo.actions.undo();
    await vi.advanceTimersByTimeAsync(500);
    expect(calls.at(-1)).toEqual(['set', { values: { temperature: 1 } }]);
    await lab.actions.importRun(new Uint8Array(1));
    expect(lab.undo.store.getState()).toEqual({ past: [], future: [] });
  });
});

describe('an embedded page', () => {
  it('stays one in its address', async () => {
    const { lab, queries } = setUp({}, '?embed=1&seed=3');
    expect(lab.view).toMatchObject({ embed: true, run: null });
    expect(lab.config.getState().current.seed).toBe(3);
    await lab.actions.load();
    await vi.advanceTimersByTimeAsync(500);
    expect(queries.at(-1)).toBe(`embed=1&${VERSION}&seed=3`);
    expect(titles(setUp({}, '?embed=maybe').lab)).toHaveLength(1);
  });
});
