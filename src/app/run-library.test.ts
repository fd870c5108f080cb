import { describe, expect, it, vi } from 'vitest';
import { DEFAULT_CONFIG } from '../schema/params.ts';
import { NO_CURVE } from '../schema/run-curve.ts';
import type { HubModel } from '../runs/hub/hub-model.ts';
import type { KeptModel } from '../runs/hub/kept-models.ts';
import type { RunSummary } from '../runs/store/run-store.ts';
import type { RunsService } from '../worker/runs-methods.ts';
import { createConfigStore } from './config.ts';
import { createKept } from './kept.ts';
import { createNoticesStore } from './notices.ts';
import { createRunLibrary } from './run-library.ts';
import type { BrowserQuota } from './run-library.ts';

const ONE: RunSummary = {
  ...{ id: 'one', name: 'One', note: '', created: 1, saved: 2, parent: null, bytes: 1e6 },
  ...{
    task: 'locks',
    strategy: 'exit',
    seed: 1,
    step: 40,
    quality: null,
    backend: 'wasm',
    tokens: 40_000,
    seconds: 12,
  },
};

const MODEL: HubModel = {
  ...{ id: 'me/tiny', commit: 'c0ffee', licence: 'mit', size: 2 },
  files: [{ path: 'config.json', size: 2, sha256: null, tag: 'abc' }],
};
const KEPT: KeptModel = { ...MODEL, name: 'me--tiny@c0ffee', isWhole: true };

function setUp({ used = 10, failing = '' } = {}) {
  const deleted = new Set<string>();
  const models: KeptModel[] = [];
  const asked: [string, ...unknown[]][] = [];
  const ask =
    <T>(name: string, answer: (id: string) => T) =>
    async (...args: unknown[]): Promise<T> => {
      asked.push([name, ...args]);
      if (name === failing) throw new Error(`${name} failed`);
      return answer(String(args[0]));
    };
  const service: RunsService = {
    list: ask('list', () => ({
      runs: [ONE].filter(({ id }) => !deleted.has(id)),
      deleted: [ONE].filter(({ id }) => deleted.has(id)),
    })),
    checkpoints: ask('checkpoints', () => [0, 20, 40]),
    course: ask('course', () => ({ config: DEFAULT_CONFIG, curve: NO_CURVE })),
    rename: ask('rename', () => undefined),
    setNote: ask('setNote', () => undefined),
    remove: ask('remove', (id) => void deleted.add(id)),
    restore: ask('restore', (id) => void deleted.delete(id)),
    purge: ask('purge', () => undefined),
    duplicate: ask('duplicate', () => 'copy'),
    fork: ask('fork', () => 'fork'),
    export: ask('export', () => ({ path: 'run.zip', bytes: new Uint8Array(1) })),
    ownModels: ask('ownModels', () => []),
    removeOwnModel: ask('removeOwnModel', () => undefined),
    exportTo: ask('exportTo', () => ({ path: 'onnx.zip', bytes: new Uint8Array(1) })),
    describeModel: ask('describeModel', () => MODEL),
    downloadModel: ask('downloadModel', () => void models.push(KEPT)),
    downloadProgress: ask('downloadProgress', () => null),
    stopDownload: ask('stopDownload', () => undefined),
    hubModels: ask('hubModels', () => [...models]),
    removeHubModel: ask('removeHubModel', () => void models.pop()),
    hubModelFiles: ask('hubModelFiles', () => new Map<string, Blob>()),
    card: ask('card', () => '# Card'),
    upload: ask('upload', () => 'https://huggingface.co/me/run'),
  };
  const kept = createKept({
    client: {
      call: () => new Promise(() => undefined),
      ask: () => new Promise(() => undefined),
      on: () => () => undefined,
      close: () => undefined,
    },
    ...{ notices: createNoticesStore(), query: '', tab: null, storage: null },
  });
  const persist = vi.fn(async () => true);
  const storage: BrowserQuota = {
    estimate: async () => ({ usage: used, quota: 100 }),
    persisted: async () => true,
    persist,
  };
  const [notices, config] = [createNoticesStore(), createConfigStore(DEFAULT_CONFIG)];
  const openRun = vi.fn(async () => true);
  const library = createRunLibrary({
    openRuns: () => service,
    ...{ storage, kept, config, notices, openRun },
  });
  return { library, asked, kept, persist, notices, config, openRun };
}

const RUN = { id: 'one', name: 'One', step: 0, isReadOnly: false };

describe('the list of runs', () => {
  it('is read when it is opened, after what was deleted long ago is given up', async () => {
    const { library, asked } = setUp();
    expect(asked).toEqual([]);
    library.actions.show(true);
    await vi.waitFor(() =>
      expect(library.store.getState().usage).toEqual({ used: 10, quota: 100 }),
    );
    expect(asked).toEqual([['purge', 86_400_000], ['list']]);
    expect(library.store.getState()).toMatchObject({
      ...{ isOpen: true, problem: null, isPersistent: true },
      listing: { runs: [{ id: 'one' }], deleted: [] },
    });
  });

  it('deletes with a way back', async () => {
    const { library } = setUp();
    await library.actions.remove('one', 'One');
    expect(library.store.getState()).toMatchObject({
      removed: { id: 'one', name: 'One' },
      listing: { runs: [], deleted: [{ id: 'one' }] },
    });
    await library.actions.restore('one');
    expect(library.store.getState()).toMatchObject({
      removed: null,
      listing: { runs: [{ id: 'one' }], deleted: [] },
    });
  });

  it('forks with the live parameters that are set now, where that is asked for', async () => {
    const { library, asked, config, openRun } = setUp();
    config.setState({ current: { ...DEFAULT_CONFIG, temperature: 0.5, seed: 9 } });
    await library.actions.fork('one', 20, false);
    await library.actions.fork('one', 20, true);
    const changes = asked.map(([, , , values]) => values);
    expect(changes[0]).toEqual({});
    expect(changes[1]).toMatchObject({ temperature: 0.5 });
    expect(changes[1]).not.toHaveProperty('seed');
    expect(openRun).toHaveBeenCalledWith('fork');
  });

  it('exports a run as it is, or as the files of another program', async () => {
    const { library, asked } = setUp();
    expect(await library.actions.export('one')).toMatchObject({ path: 'run.zip' });
    expect(await library.actions.export('one', 'onnx')).toMatchObject({ path: 'onnx.zip' });
    expect(asked).toEqual([
      ['export', 'one'],
      ['exportTo', 'one', 'onnx'],
    ]);
  });

  it('says what did not work, and keeps saying it when the list was read again', async () => {
    const { library } = setUp({ failing: 'rename' });
    await library.actions.rename('one', 'Two');
    expect(library.store.getState()).toMatchObject({
      problem: 'rename failed',
      listing: { runs: [{ id: 'one' }] },
    });
  });
});

describe('the runs that are drawn side by side', () => {
  it('are read once, and again when they were saved since', async () => {
    const { library, asked } = setUp();
    await library.actions.refresh();
    await library.actions.eye(['one']);
    await library.actions.refresh();
    expect(library.store.getState().courses.get('one')).toMatchObject({ saved: 2 });
    const reads = () => asked.filter(([name]) => name === 'course').length;
    expect(reads()).toBe(1);
    library.store.setState(({ courses }) => ({
      courses: new Map([['one', { ...courses.get('one')!, saved: 1 }]]),
    }));
    await library.actions.refresh();
    expect(reads()).toBe(2);
    await library.actions.eye([]);
    expect([library.store.getState().eyed, reads()]).toEqual([[], 2]);
  });

  it('are no more when they are deleted', async () => {
    const { library } = setUp();
    await library.actions.refresh();
    await library.actions.eye(['one']);
    await library.actions.remove('one', 'One');
    await library.actions.refresh();
    expect(library.store.getState().eyed).toEqual([]);
  });

  it('are missing with a word where they cannot be read', async () => {
    const { library } = setUp({ failing: 'course' });
    await library.actions.refresh();
    await library.actions.eye(['one']);
    expect(library.store.getState()).toMatchObject({ problem: 'course failed', eyed: ['one'] });
  });
});

describe('the last run', () => {
  it('is the newest in the store where the browser has forgotten which one it was', async () => {
    const { library, kept } = setUp();
    await library.actions.recall();
    expect(kept.store.getState().last).toEqual({ id: 'one', name: 'One', step: 40 });
  });

  it('is not looked for where one is known or trained, nor on a first visit', async () => {
    const known = setUp();
    known.kept.store.setState({ last: { id: 'two', name: 'Two', step: 1 } });
    await known.library.actions.recall();
    const trained = setUp();
    trained.kept.store.setState({ run: RUN });
    await trained.library.actions.recall();
    const fresh = setUp({ used: 0 });
    await fresh.library.actions.recall();
    for (const { asked } of [known, trained, fresh]) expect(asked).toEqual([]);
    expect(known.kept.store.getState().last).toMatchObject({ id: 'two' });
    expect(fresh.kept.store.getState().last).toBeNull();
  });

  it('is none where the store cannot be read', async () => {
    const { library, kept } = setUp({ failing: 'list' });
    await library.actions.recall();
    expect(kept.store.getState().last).toBeNull();
  });
});

describe('the room for runs', () => {
  it('is asked for with the first run that is kept, once', async () => {
    const { kept, persist, notices } = setUp();
    kept.store.setState({ run: RUN });
    kept.store.setState({ run: { ...RUN, step: 5 } });
    await vi.waitFor(() => expect(persist).toHaveBeenCalledTimes(1));
    expect(notices.getState().notices).toEqual([]);
  });

  it('is said to be nearly full before anything is dropped', async () => {
    const { kept, notices } = setUp({ used: 95 });
    kept.store.setState({ run: RUN });
    await vi.waitFor(() => expect(notices.getState().notices).toHaveLength(1));
    expect(notices.getState().notices[0]!.details.join(' ')).toContain('95%');
  });
});

describe('models of the hub', () => {
  it('are found, downloaded where that is asked for, listed and removed', async () => {
    const { library, asked } = setUp();
    const { store, actions } = library.hub;
    await actions.find('me/tiny');
    expect(store.getState()).toMatchObject({ found: MODEL, busy: null, problem: null });
    expect(asked).toEqual([['describeModel', 'me/tiny']]);
    await actions.download(MODEL);
    expect(store.getState()).toMatchObject({ models: [KEPT], found: null, busy: null });
    await actions.remove(KEPT.name);
    expect(store.getState().models).toEqual([]);
  });

  it('that cannot be had leave a sentence, which the list does not take away', async () => {
    const { library } = setUp({ failing: 'downloadModel' });
    const { store, actions } = library.hub;
    await actions.download(MODEL);
    const failed = { problem: 'downloadModel failed', busy: null, models: [] };
    expect(store.getState()).toMatchObject(failed);
    await actions.list();
    expect(store.getState()).toMatchObject(failed);
    await actions.find('me/tiny');
    expect(store.getState().problem).toBeNull();
  });
});
