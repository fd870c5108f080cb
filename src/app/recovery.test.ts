import { describe, expect, it, vi } from 'vitest';
import { DEFAULT_CONFIG } from '../schema/params.ts';
import type { Config } from '../schema/params.ts';
import type { Client } from '../worker/client.ts';
import type { CommandName, Commands, EventName, Events } from '../worker/protocol.ts';
import { createLab } from './lab.ts';
import type { Lab } from './lab.ts';

const KEPT = { id: 'one', name: 'ExIt, locks, seed 1', step: 40, isReadOnly: false };
const INFO = {
  config: DEFAULT_CONFIG,
  backend: { name: 'wasm', reason: 'asked for' },
  parameters: 1000,
  step: 40,
  origin: 'the store',
  vocabulary: [],
  domains: [],
} as const;

interface Page {
  readonly lab: Lab;
  /** By worker: what it was asked, the current one last. */
  readonly asked: [CommandName, unknown][][];
  readonly emit: <K extends EventName>(name: K, payload: Events[K]) => void;
  readonly wait: (ms: number) => void;
}

/** @param opens whether a run can be opened. */
async function setUp({ opens = (): boolean => true, storedRun = true } = {}): Promise<Page> {
  const listeners = new Map<EventName, Set<(payload: never) => void>>();
  const emit: Page['emit'] = (name, payload) =>
    listeners.get(name)?.forEach((listener) => listener(payload as never));
  const asked: Page['asked'] = [[]];
  const open = (): Commands['open']['reply'] => {
    if (!opens()) throw new Error('no memory');
    return { ...INFO, rows: [], marks: [], evaluations: [], profiles: [], latest: null };
  };
  const call = async (name: CommandName, payload?: unknown): Promise<never> => {
    asked.at(-1)!.push([name, payload]);
    const reply =
      name === 'open' || name === 'import' ? open() : name === 'load' ? { ...INFO, step: 0 } : null;
    return reply as never;
  };
  const client: Client = {
    call: (name, ...payload) => call(name, payload[0]),
    ask: () => new Promise(() => undefined),
    on: (name, listener) => {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      return () => set.delete(listener);
    },
    close: () => undefined,
  };
  let now = 0;
  const lab = createLab({
    client,
    restart: () => asked.push([]),
    clock: () => now,
    assetBase: 'https://example.test/',
    query: 'v=1',
    writeQuery: () => undefined,
    randomSeed: () => 1,
  });
  await lab.actions.load();
  lab.session.setState({ step: 45, running: true });
  if (storedRun) emit('kept', KEPT);
  return { lab, asked, emit, wait: (ms) => void (now += ms) };
}

const idle = ({ lab }: Page): Promise<void> =>
  vi.waitFor(() => expect(lab.session.getState().busy).toBeNull());
const names = (calls: readonly [CommandName, unknown][]): CommandName[] =>
  calls.map(([name]) => name);
const notices = ({ lab }: Page): string[] =>
  lab.notices.getState().notices.flatMap(({ title, details }) => [title, ...details]);

describe('when the worker fails', () => {
  it('goes on in another one from the last checkpoint, and says so', async () => {
    const page = await setUp();
    page.emit('failure', { message: 'The training worker has ended.' });
    await idle(page);
    expect(page.asked).toHaveLength(2);
    expect(page.asked[1]!.slice(0, 2)).toEqual([
      ['open', { id: 'one', assetBase: 'https://example.test/', backend: null }],
      ['play', undefined],
    ]);
    expect(page.lab.session.getState()).toMatchObject({ step: 40, failure: null, phase: 'ready' });
    expect(notices(page)).toEqual([
      'Training was started again from step 40.',
      'The training worker has ended.',
    ]);
  });

  it('rests in the other one where it was at rest', async () => {
    const page = await setUp();
    page.lab.session.setState({ running: false });
    page.emit('failure', { message: 'gone' });
    await idle(page);
    expect(names(page.asked[1]!)).not.toContain('play');
  });

  it('stops after three times within a minute, and offers the way back', async () => {
    const page = await setUp();
    for (let i = 0; i < 3; i++) {
      page.emit('failure', { message: 'gone' });
      await idle(page);
    }
    expect(page.lab.session.getState().failure).toBeNull();
    page.emit('failure', { message: 'gone' });
    expect(page.lab.session.getState()).toMatchObject({ running: false, phase: 'ready' });
    expect(page.lab.session.getState().failure).toMatch(/gone.*3 times within a minute/);
    await page.lab.actions.recover();
    expect(page.lab.session.getState().failure).toBeNull();
  });

  it('counts anew after a minute', async () => {
    const page = await setUp();
    for (let i = 0; i < 8; i++) {
      page.emit('failure', { message: 'gone' });
      await idle(page);
      page.wait(21_000);
    }
    expect(page.lab.session.getState().failure).toBeNull();
  });

  it('tries three times where the run does not open, then shows why, and a reset loads', async () => {
    let broken = true;
    const page = await setUp({ opens: () => !broken });
    page.emit('failure', { message: 'gone' });
    await idle(page);
    expect(page.lab.session.getState().failure).toMatch(/no memory.*tried 3 times/);
    broken = false;
    await page.lab.actions.reset();
    expect(page.asked.at(-1)![0]![0]).toBe('load');
    expect(page.lab.session.getState()).toMatchObject({ failure: null, phase: 'ready' });
  });

  it('begins anew where there was no step yet, and not where one would be lost', async () => {
    const fresh = await setUp({ storedRun: false });
    fresh.lab.session.setState({ step: 0 });
    fresh.emit('failure', { message: 'gone' });
    await idle(fresh);
    expect(names(fresh.asked[1]!)).toEqual(['load', 'play']);
    const lost = await setUp({ storedRun: false });
    lost.emit('failure', { message: 'gone' });
    expect(lost.lab.session.getState().failure).toMatch(/gone.*was not kept/);
  });
});

describe('without a store', () => {
  it('goes on from what the page has in memory, as often as needed', async () => {
    const page = await setUp({ storedRun: false });
    const bytes = Uint8Array.of(1, 2, 3);
    page.emit('snapshot', { step: 40, bytes });
    for (let i = 0; i < 2; i++) {
      page.emit('failure', { message: 'gone' });
      await idle(page);
    }
    const assetBase = 'https://example.test/';
    for (const asked of page.asked.slice(1)) {
      expect(asked[0]).toEqual(['import', { bytes, assetBase }]);
    }
    expect(page.asked).toHaveLength(3);
    expect(page.lab.session.getState()).toMatchObject({ step: 40, failure: null });
  });

  it('takes three adapters, then WebAssembly', async () => {
    const page = await setUp({ storedRun: false });
    page.emit('snapshot', { step: 40, bytes: Uint8Array.of(1) });
    for (let i = 0; i < 4; i++) {
      page.emit('failure', { message: 'graphics: device lost', kind: 'graphics' });
      await idle(page);
    }
    const backends = page.asked
      .slice(1)
      .map(([first]) => (first![1] as Commands['import']['request']).backend);
    expect(backends).toEqual([undefined, undefined, undefined, 'wasm']);
  });

  it('forgets it with the run', async () => {
    const page = await setUp({ storedRun: false });
    page.emit('snapshot', { step: 40, bytes: Uint8Array.of(1) });
    page.emit('kept', null);
    page.emit('failure', { message: 'gone' });
    expect(page.lab.session.getState().failure).toMatch(/gone.*was not kept/);
  });
});

describe('when what failed calls for more', () => {
  const values = (page: Page): Config => page.lab.config.getState().current;

  it('halves the learning rate of a run that diverged', async () => {
    const page = await setUp();
    page.emit('failure', { message: 'three updates', kind: 'diverged' });
    await idle(page);
    const half = DEFAULT_CONFIG.learningRate / 2;
    expect(page.asked[1]!.slice(0, 3)).toMatchObject([
      ['open', { backend: null }],
      ['set', { values: { learningRate: half } }],
      ['play', undefined],
    ]);
    expect(values(page).learningRate).toBe(half);
    expect(page.lab.config.getState().applied?.learningRate).toBe(half);
    expect(notices(page).join('\n')).toContain('half of what it was');
  });

  it('does not try again what had no memory, and goes on from the checkpoint when asked to', async () => {
    const page = await setUp();
    page.emit('failure', { message: 'out of memory: lower batchGroups', kind: 'memory' });
    await idle(page);
    expect(page.asked).toHaveLength(1);
    expect(page.lab.session.getState()).toMatchObject({
      failure: 'out of memory: lower batchGroups',
      running: false,
      phase: 'ready',
    });
    await page.lab.actions.recover();
    expect(page.asked[1]!.slice(0, 1)).toMatchObject([['open', { backend: null }]]);
    expect(page.lab.session.getState().failure).toBeNull();
  });

  it('takes three new graphics adapters, then WebAssembly', async () => {
    const page = await setUp();
    for (let i = 0; i < 4; i++) {
      page.emit('failure', { message: 'graphics: device lost', kind: 'graphics' });
      await idle(page);
      // A first step on a new adapter takes its time.
      page.wait(70_000);
    }
    const opened = page.asked
      .slice(1)
      .map(([first]) => (first![1] as Commands['open']['request']).backend);
    expect(opened).toEqual([null, null, null, 'wasm']);
    expect(values(page).backend).toBe('wasm');
  });
});
