import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../schema/params.ts';
import type { Client } from '../worker/client.ts';
import type { CommandName } from '../worker/protocol.ts';
import type { TableCorrection, TableReading } from '../tasks/task.ts';
import type { PlaygroundAttempt } from '../training/playground.ts';
import type { DomainInfo, SessionInfo } from '../training/session-info.ts';
import { createPlayground, currentText, IMPROVE_STEPS, replacedText } from './playground.ts';
import type { Playground } from './playground.ts';
import { createSessionStore } from './session.ts';
import type { SessionStore } from './session.ts';

type Answers = Partial<Record<CommandName, (payload: never) => unknown>>;

const ATTEMPT: PlaygroundAttempt = {
  attempt: { tokens: ['v1'], feedback: [], quality: 0.5 },
  solved: false,
  step: 0,
};

function domain(id: string, typed = true, tables = false): DomainInfo {
  return { id, label: id, summary: '', splits: [], typed, tables };
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
  readonly playground: Playground;
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
    attempt: () => ATTEMPT,
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
  const playground = createPlayground(client, session, 0);
  session.setState({ info: infoOf(domains) });
  await nextTask();
  return { playground, session, calls };
}

const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const attemptsOf = ({ calls }: SetUp) => calls.filter(([name]) => name === 'attempt');

describe('the field', () => {
  it('holds an example of the first domain that can be typed', async () => {
    const { playground } = await setUp({}, [domain('mute', false), domain('locks')]);
    expect(playground.store.getState().domain).toBe('locks');
    expect(currentText(playground.store.getState())).toBe('locks 1');
  });

  it('gives back what an example replaced', async () => {
    const { playground } = await setUp();
    expect(replacedText(playground.store.getState())).toBeUndefined();
    playground.actions.type('mine');
    await playground.actions.showExample();
    expect(currentText(playground.store.getState())).toBe('locks 2');
    expect(replacedText(playground.store.getState())).toBe('mine');
    playground.actions.restoreTyped();
    expect(currentText(playground.store.getState())).toBe('mine');
  });

  it('never lets an example that comes late replace what is being typed', async () => {
    let release: (value: unknown) => void = () => undefined;
    const late = new Promise((resolve) => (release = resolve));
    const { playground } = await setUp({ example: () => late });
    playground.actions.type('mine');
    release({ text: 'late' });
    await nextTask();
    expect(currentText(playground.store.getState())).toBe('mine');
  });

  it('takes a file as if it had been typed, unless it is too large', async () => {
    const { playground } = await setUp();
    await playground.actions.loadFile(new Blob(['a,b\n1,2']));
    expect(currentText(playground.store.getState())).toBe('a,b\n1,2');
    await playground.actions.loadFile(new Blob(['x'.repeat(1_000_001)]));
    expect(currentText(playground.store.getState())).toBe('a,b\n1,2');
    expect(playground.store.getState().problem).toBe('file: got 1001 kB, expected at most 1000 kB');
  });

  it('decodes a file as what it is, and says so', async () => {
    const { playground } = await setUp();
    await playground.actions.loadFile(new Blob([Uint8Array.of(0x42, 0xe4)]));
    const state = playground.store.getState();
    expect(currentText(state)).toBe('Bä');
    expect(state.encoding).toBe('windows-1252');
    await playground.actions.loadFile(new Blob([Uint8Array.of(0x50, 0x4b, 3, 4)]));
    expect(currentText(playground.store.getState())).toBe('Bä');
    expect(playground.store.getState().problem).toMatch(/^file: got a zip archive/);
  });

  it('shows what is understood of a table, and writes what is put right', async () => {
    const reading = (rows: number) => ({ rows }) as unknown as TableReading;
    const all = await setUp(
      {
        readTable: ({ text, correction }: { text: string; correction: TableCorrection }) => ({
          text: correction.firstLine ? `# ${text}` : text,
          reading: reading(text.length),
        }),
      },
      [domain('pipelines', true, true)],
    );
    const { actions, store } = all.playground;
    await actions.loadFile(new Blob(['a,b']));
    expect(store.getState().reading).toEqual({ rows: 3 });
    await actions.correct({ firstLine: 'data' });
    expect(currentText(store.getState())).toBe('# a,b');
    expect(store.getState()).toMatchObject({ encoding: 'UTF-8', reading: { rows: 3 } });
  });

  it('asks nothing of a domain without tables', async () => {
    const all = await setUp();
    await all.playground.actions.loadFile(new Blob(['a,b']));
    expect(all.calls.filter(([name]) => name === 'readTable')).toEqual([]);
    expect(all.playground.store.getState().reading).toBeNull();
  });

  it('keeps the text of each domain, also over a new session', async () => {
    const { playground, session } = await setUp({}, [domain('locks'), domain('workspace')]);
    playground.actions.type('my lock');
    playground.actions.choose('workspace');
    await nextTask();
    playground.actions.type('my files');
    playground.actions.choose('locks');
    expect(currentText(playground.store.getState())).toBe('my lock');
    session.setState({ info: infoOf([domain('workspace')]) });
    expect(currentText(playground.store.getState())).toBe('my files');
  });
});

describe('improving', () => {
  it('reads the text, attempts it, and improves the attempt before', async () => {
    const all = await setUp();
    all.playground.actions.type('mine');
    all.playground.actions.setGreedy(true);
    await all.playground.actions.improve();
    const attempts = attemptsOf(all).map(([, request]) => request);
    expect(attempts).toHaveLength(1 + IMPROVE_STEPS);
    expect(attempts[0]).toMatchObject({ text: 'mine', greedy: true, latest: null, earlier: [] });
    for (const { latest } of attempts.slice(1)) expect(latest).toEqual(ATTEMPT.attempt);
    const { chain, working } = all.playground.store.getState();
    expect(chain!.turns.map(({ length }) => length)).toEqual([1 + IMPROVE_STEPS]);
    expect(working).toBe(false);
  });

  it('carries the last attempt of each turn into the next', async () => {
    let quality = 0;
    const all = await setUp({
      read: () => ({ instance: 7, turns: 2 }),
      attempt: () => ({ ...ATTEMPT, attempt: { ...ATTEMPT.attempt, quality: quality++ } }),
    });
    await all.playground.actions.improve();
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
    all.playground.actions.type('x');
    await all.playground.actions.improve();
    const state = all.playground.store.getState();
    expect(state).toMatchObject({ problem: 'dial 1: got "x", expected v0 to v2', working: false });
    expect(currentText(state)).toBe('x');
    expect(attemptsOf(all)).toHaveLength(0);
    all.playground.actions.type('y');
    expect(all.playground.store.getState().problem).toBeNull();
  });

  it('keeps the attempts made when a later one fails', async () => {
    let made = 0;
    const { playground } = await setUp({
      attempt: () => {
        if (++made === 3) throw new Error('the GPU was lost');
        return ATTEMPT;
      },
    });
    await playground.actions.improve();
    const { chain, failure, working } = playground.store.getState();
    expect(chain!.turns[0]).toHaveLength(2);
    expect({ failure, working }).toEqual({ failure: 'the GPU was lost', working: false });
  });

  it('stops when asked, and drops the attempt in flight', async () => {
    let release: (value: PlaygroundAttempt) => void = () => undefined;
    const all = await setUp({ attempt: () => new Promise((resolve) => (release = resolve)) });
    const improving = all.playground.actions.improve();
    await nextTask();
    all.playground.actions.stop();
    release(ATTEMPT);
    await improving;
    expect(all.playground.store.getState()).toMatchObject({ working: false, chain: { turns: [] } });
    expect(attemptsOf(all)).toHaveLength(1);
  });

  it('is given up for a new session', async () => {
    const all = await setUp({ attempt: () => new Promise(() => undefined) });
    void all.playground.actions.improve();
    await nextTask();
    all.session.setState({ info: infoOf([domain('locks')]) });
    expect(all.playground.store.getState()).toMatchObject({ working: false, chain: null });
  });
});
