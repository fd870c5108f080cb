import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../schema/params.ts';
import { OPENING_CONFIG } from '../schema/scenarios.ts';
import type { Client } from '../worker/client.ts';
import type { CommandName, EventName, Events } from '../worker/protocol.ts';
import type { SessionInfo } from '../training/session-info.ts';
import { createLab } from './lab.ts';
import { trainsRecorded } from './recording.ts';

const INFO: SessionInfo = {
  config: DEFAULT_CONFIG,
  backend: { name: 'wasm', reason: 'asked for' },
  parameters: 104_000,
  step: 3,
  origin: 'the shipped base policy',
  vocabulary: [],
  domains: [],
};

interface Far {
  readonly client: Client;
  readonly calls: CommandName[];
  readonly asked: string[];
  readonly emit: <K extends EventName>(name: K, payload: Events[K]) => void;
}

/** A client whose worker is the test. */
function far(load: () => Promise<SessionInfo> | SessionInfo): Far {
  const calls: CommandName[] = [];
  const asked: string[] = [];
  const listeners = new Map<string, (payload: never) => void>();
  const client: Client = {
    call: async (name, ..._payload) => {
      calls.push(name);
      return name === 'load' || name === 'reset' ? await load() : null;
    },
    ask: async (name) => {
      asked.push(name);
      return null;
    },
    on: (name, listener) => {
      listeners.set(name, listener);
      return () => listeners.delete(name);
    },
    close: () => undefined,
  };
  return {
    ...{ client, calls, asked },
    emit: (name, payload) => listeners.get(name)?.(payload as never),
  };
}

function setUp(load: () => Promise<SessionInfo> | SessionInfo = () => INFO, query = '') {
  const live = far(() => ({ ...INFO, step: 0 }));
  const replay = far(load);
  let closed = 0;
  const lab = createLab({
    client: live.client,
    openPlayer: () => ({ client: replay.client, close: () => closed++ }),
    assetBase: 'https://example.test/',
    query,
    writeQuery: () => undefined,
    randomSeed: () => 77,
  });
  return { lab, live, replay, closed: () => closed };
}

const progress = (step: number): Events['progress'] => ({
  rows: [{ step }],
  profiles: [],
  latest: { step, groups: [], metrics: { step }, evictedIds: [] },
});

const MARK = { step: 1, param: 'temperature', from: 1, to: 0.5 } as const;

describe('a recording', () => {
  it('is what the page shows until training is used; the session keeps its own state', async () => {
    const { lab, live, replay, closed } = setUp();
    await lab.recording.actions.open();
    await lab.actions.load();
    replay.emit('progress', progress(2));
    expect(lab.session.getState()).toMatchObject({ source: 'recording', step: 0, phase: 'ready' });
    expect(lab.run.getState().latest?.step).toBe(2);
    lab.focus.actions.pin(2);
    await lab.ask('tasks', { limit: 1 });
    live.emit('marks', [MARK]);
    expect(lab.run.getState().marks).toEqual([]);

    await lab.actions.play();
    expect(lab.session.getState().source).toBe('live');
    expect(lab.run.getState()).toMatchObject({ latest: null, marks: [MARK] });
    expect(lab.focus.store.getState().pinned).toBeNull();
    await lab.ask('tasks', { limit: 1 });
    expect([replay.asked, live.asked]).toEqual([['tasks'], ['tasks']]);
    replay.emit('progress', progress(3));
    expect(lab.run.getState().latest).toBeNull();
    expect(replay.calls).toEqual(['load', 'play', 'dispose']);
    expect(closed()).toBe(1);
  });

  it('makes room when a scenario plays, though its parameters need no new session', async () => {
    const { lab, closed } = setUp();
    await lab.recording.actions.open();
    await lab.actions.load();
    await lab.actions.playWith({ temperature: 0.5 });
    expect(lab.session.getState().source).toBe('live');
    expect(closed()).toBe(1);
  });

  it('does not come any more when training was faster', async () => {
    let arrive: (info: SessionInfo) => void = () => undefined;
    const { lab, live, closed } = setUp(() => new Promise((resolve) => (arrive = resolve)));
    const opening = lab.recording.actions.open();
    await lab.actions.load();
    await lab.actions.step();
    live.emit('progress', progress(1));
    arrive(INFO);
    await opening;
    await Promise.resolve();
    expect(lab.session.getState().source).toBe('live');
    expect(lab.run.getState().latest?.step).toBe(1);
    expect(lab.recording.store.getState().phase).toBe('none');
    expect(closed()).toBe(1);
  });

  it('that cannot be fetched leaves the page as it is without one', async () => {
    const { lab, closed } = setUp(() => Promise.reject(new Error('404')));
    await lab.recording.actions.open();
    expect(lab.recording.store.getState()).toMatchObject({ phase: 'none', info: null });
    expect(lab.session.getState()).toMatchObject({ source: 'live', failure: null });
    expect(lab.notices.getState().notices).toEqual([]);
    expect(closed()).toBe(1);
  });

  it('that the address names, but cannot be shown, is told of, and the usual one comes', async () => {
    let loads = 0;
    const { lab, replay, closed } = setUp(
      () => (loads++ === 0 ? Promise.reject(new Error('it is damaged')) : INFO),
      'recording=run.bin&v=1',
    );
    expect(lab.recording.named()).toBe('run.bin');
    await lab.recording.actions.open();
    expect(lab.notices.getState().notices).toMatchObject([
      { title: 'The recording run.bin is not shown: it is damaged.', details: [] },
    ]);
    expect(lab.recording.store.getState()).toMatchObject({ phase: 'shown', info: INFO });
    expect(replay.calls).toEqual(['load', 'load', 'play']);
    expect(closed()).toBe(1);
    replay.emit('marks', [MARK]);
    expect(lab.run.getState().marks).toEqual([MARK]);
    lab.recording.actions.leave();
    expect(lab.recording.named()).toBeNull();
  });

  it('goes on after a pause, and begins again at its end', async () => {
    const { lab, replay } = setUp();
    await lab.recording.actions.open();
    replay.emit('progress', progress(2));
    lab.recording.actions.resume();
    await Promise.resolve();
    expect(replay.calls).toEqual(['load', 'play', 'play']);
    replay.emit('progress', progress(3));
    lab.recording.actions.resume();
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(replay.calls.slice(3)).toEqual(['reset', 'play']);
    expect(lab.run.getState().latest).toBeNull();
  });
});

describe('a recording that the address asks for alone', () => {
  const recorded = { ...DEFAULT_CONFIG, task: 'countdown', seed: 5 } as const;

  it.each(['recording=run.bin', 'show=task,curve', 'show=task&utm_source=mail'])(
    'is what Play plays, and training after it is the same run: "%s"',
    async (query) => {
      const { lab, live, replay } = setUp(() => ({ ...INFO, config: recorded }), query);
      await lab.actions.begin();
      expect(lab.config.getState().current).toEqual(recorded);
      replay.emit('progress', progress(2));
      await lab.actions.pause();
      await lab.actions.play();
      expect(replay.calls).toEqual(['load', 'play', 'pause', 'play']);
      expect(live.calls).toEqual(['load']);
      expect(lab.session.getState().source).toBe('recording');
      lab.recording.actions.leave();
      await lab.actions.play();
      expect(live.calls).toEqual(['load', 'play']);
    },
  );

  it.each(['', 'recording=run.bin&seed=1'])(
    'is not where it asks for parameters, or for nothing at all: "%s"',
    async (query) => {
      const { lab, live } = setUp(undefined, query);
      await lab.actions.begin();
      await lab.actions.play();
      expect(live.calls.at(-1)).toBe('play');
      expect(lab.session.getState().source).toBe('live');
    },
  );
});

describe('playing after a recording', () => {
  it('trains what was recorded where nothing but the way it is computed differs', () => {
    const { lab } = setUp(() => ({ ...INFO, config: OPENING_CONFIG }));
    const { current } = lab.config.getState();
    expect(trainsRecorded(OPENING_CONFIG, current)).toBe(true);
    expect(trainsRecorded(OPENING_CONFIG, { ...current, replicas: 2 })).toBe(true);
    expect(trainsRecorded(OPENING_CONFIG, { ...current, seed: 2 })).toBe(false);
    expect(trainsRecorded(OPENING_CONFIG, DEFAULT_CONFIG)).toBe(false);
  });
});
