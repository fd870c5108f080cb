import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../schema/params.ts';
import type { Client } from '../worker/client.ts';
import type { CommandName } from '../worker/protocol.ts';
import type { PlaygroundAttempt } from '../training/playground.ts';
import type { DomainInfo, SessionInfo } from '../training/session-info.ts';
import { createPlayground, currentText, IMPROVE_STEPS, replacedText } from './playground.ts';
import type { Playground } from './playground.ts';
import { createSessionStore } from './session.ts';
import type { SessionStore } from './session.ts';

type Answers = Partial<Record<CommandName, (payload: never) => unknown>>;

const TRIAL: PlaygroundAttempt = {
  attempt: { tokens: ['v1'], feedback: [], quality: 0.5 },
  solved: false,
  step: 0,
};

function domain(id: string, typed = true): DomainInfo {
  return { id, label: id, summary: '', splits: [], typed };
}

function infoOf(domains: readonly DomainInfo[]): SessionInfo {
  return {
    config: DEFAULT_CONFIG,
    backend: { name: 'wasm', reason: '' },
    parameters: 1,
    step: 0,
    origin: '',
    vocabulary: [],
    domains,
  };
}

interface SetUp {
  readonly own: Playground;
  readonly session: SessionStore;
  readonly calls: [string, Record<string, unknown>][];
}

/** A worker that the test answers for; domains are there unless it says otherwise. */
async function setUp(answers: Answers = {}, domains = [domain('locks')]): Promise<SetUp> {
  const calls: SetUp['calls'] = [];
  let examples = 0;
  const all: Answers = {
    example: ({ domain: id }: { domain: string }) => ({ text: `${id} ${++examples}` }),
    read: () => ({ instance: 7, turns: 1 }),
    attempt: () => TRIAL,
    ...answers,
  };
  const client: Client = {
    call: async (name, ...[payload]) => {
      calls.push([name, { ...payload }]);
      return (await all[name]?.(payload as never)) as never;
    },
    on: () => () => undefined,
    ask: () => new Promise(() => undefined),
    close: () => undefined,
  };
  const session = createSessionStore();
  const own = createPlayground(client, session, 0);
  session.setState({ info: infoOf(domains) });
  await settle();
  return { own, session, calls };
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const attemptsOf = ({ calls }: SetUp) => calls.filter(([name]) => name === 'attempt');

describe('the field', () => {
  it('holds an example of the first domain that can be typed', async () => {
    const { own } = await setUp({}, [domain('mute', false), domain('locks')]);
    expect(own.store.getState().domain).toBe('locks');
    expect(currentText(own.store.getState())).toBe('locks 1');
  });

  it('gives back what an example replaced', async () => {
    const { own } = await setUp();
    expect(replacedText(own.store.getState())).toBeUndefined();
    own.actions.type('mine');
    await own.actions.showExample();
    expect(currentText(own.store.getState())).toBe('locks 2');
    expect(replacedText(own.store.getState())).toBe('mine');
    own.actions.restoreTyped();
    expect(currentText(own.store.getState())).toBe('mine');
  });

  it('never lets an example that comes late replace what is being typed', async () => {
    let release: (value: unknown) => void = () => undefined;
    const late = new Promise((resolve) => (release = resolve));
    const { own } = await setUp({ example: () => late });
    own.actions.type('mine');
    release({ text: 'late' });
    await settle();
    expect(currentText(own.store.getState())).toBe('mine');
  });

  it('takes a file as if it had been typed, unless it is too large', async () => {
    const { own } = await setUp();
    await own.actions.loadFile(new Blob(['a,b\n1,2']));
    expect(currentText(own.store.getState())).toBe('a,b\n1,2');
    await own.actions.loadFile(new Blob(['x'.repeat(1_000_001)]));
    expect(currentText(own.store.getState())).toBe('a,b\n1,2');
    expect(own.store.getState().problem).toBe('file: got 1001 kB, expected at most 1000 kB');
  });

  it('keeps the text of each domain, also over a new session', async () => {
    const { own, session } = await setUp({}, [domain('locks'), domain('workspace')]);
    own.actions.type('my lock');
    own.actions.choose('workspace');
    await settle();
    own.actions.type('my files');
    own.actions.choose('locks');
    expect(currentText(own.store.getState())).toBe('my lock');
    session.setState({ info: infoOf([domain('workspace')]) });
    expect(currentText(own.store.getState())).toBe('my files');
  });
});

describe('improving', () => {
  it('reads the text, attempts it, and improves the attempt before', async () => {
    const all = await setUp();
    all.own.actions.type('mine');
    all.own.actions.setGreedy(true);
    await all.own.actions.improve();
    const attempts = attemptsOf(all).map(([, request]) => request);
    expect(attempts).toHaveLength(1 + IMPROVE_STEPS);
    expect(attempts[0]).toMatchObject({ text: 'mine', greedy: true, latest: null, earlier: [] });
    for (const { latest } of attempts.slice(1)) expect(latest).toEqual(TRIAL.attempt);
    const { chain, working } = all.own.store.getState();
    expect(chain!.turns.map(({ length }) => length)).toEqual([1 + IMPROVE_STEPS]);
    expect(working).toBe(false);
  });

  it('carries the last attempt of each turn into the next', async () => {
    let quality = 0;
    const all = await setUp({
      read: () => ({ instance: 7, turns: 2 }),
      attempt: () => ({ ...TRIAL, attempt: { ...TRIAL.attempt, quality: quality++ } }),
    });
    await all.own.actions.improve();
    const second = attemptsOf(all)[1 + IMPROVE_STEPS]![1];
    expect(second).toMatchObject({ latest: null, earlier: [{ quality: IMPROVE_STEPS }] });
    expect(attemptsOf(all)).toHaveLength(2 * (1 + IMPROVE_STEPS));
  });

  it('says what is wrong with the text, keeps it and attempts nothing', async () => {
    const all = await setUp({
      read: () => {
        throw new Error('dial 1: got "x", expected v0 to v2');
      },
    });
    all.own.actions.type('x');
    await all.own.actions.improve();
    const state = all.own.store.getState();
    expect(state).toMatchObject({ problem: 'dial 1: got "x", expected v0 to v2', working: false });
    expect(currentText(state)).toBe('x');
    expect(attemptsOf(all)).toHaveLength(0);
    all.own.actions.type('y');
    expect(all.own.store.getState().problem).toBeNull();
  });

  it('keeps the attempts made when a later one fails', async () => {
    let made = 0;
    const { own } = await setUp({
      attempt: () => {
        if (++made === 3) throw new Error('the GPU was lost');
        return TRIAL;
      },
    });
    await own.actions.improve();
    const { chain, failure, working } = own.store.getState();
    expect(chain!.turns[0]).toHaveLength(2);
    expect({ failure, working }).toEqual({ failure: 'the GPU was lost', working: false });
  });

  it('stops when asked, and drops the attempt in flight', async () => {
    let release: (value: PlaygroundAttempt) => void = () => undefined;
    const all = await setUp({ attempt: () => new Promise((resolve) => (release = resolve)) });
    const improving = all.own.actions.improve();
    await settle();
    all.own.actions.stop();
    release(TRIAL);
    await improving;
    expect(all.own.store.getState()).toMatchObject({ working: false, chain: { turns: [] } });
    expect(attemptsOf(all)).toHaveLength(1);
  });

  it('is given up for a new session', async () => {
    const all = await setUp({ attempt: () => new Promise(() => undefined) });
    void all.own.actions.improve();
    await settle();
    all.session.setState({ info: infoOf([domain('locks')]) });
    expect(all.own.store.getState()).toMatchObject({ working: false, chain: null });
  });
});
