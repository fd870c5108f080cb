import { describe, expect, it } from 'vitest';
import type { Client } from '../worker/client.ts';
import type { EventName, Events } from '../worker/protocol.ts';
import type { KeyValueStorage } from './guide.ts';
import { createKept } from './kept.ts';
import type { Kept } from './kept.ts';
import { createNoticesStore } from './notices.ts';
import type { NoticesStore } from './notices.ts';

const RUN = { id: 'one', name: 'ExIt, locks, seed 1', step: 5, isReadOnly: false };

function memory(): KeyValueStorage {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
  };
}

interface Visit {
  readonly kept: Kept;
  readonly notices: NoticesStore;
  readonly emit: <K extends EventName>(name: K, payload: Events[K]) => void;
}

function visit({ query = '', tab = memory(), storage = memory() } = {}): Visit {
  const listeners = new Map<string, (payload: never) => void>();
  const client: Client = {
    call: () => new Promise(() => undefined),
    ask: () => new Promise(() => undefined),
    on: (name, listener) => {
      listeners.set(name, listener);
      return () => listeners.delete(name);
    },
    close: () => undefined,
  };
  const notices = createNoticesStore();
  const kept = createKept({ client, notices, query, tab, storage });
  return { kept, notices, emit: (name, payload) => listeners.get(name)?.(payload as never) };
}

describe('the run of a tab', () => {
  it('is found again at the address that stood for it, and at no other', () => {
    const tab = memory();
    const first = visit({ query: 'seed=3', tab });
    first.emit('kept', RUN);
    first.kept.follow('v=1&seed=4');
    const again = visit({ query: '?v=1&seed=4', tab }).kept;
    expect(again.ofTab('?v=1&seed=4')).toBe('one');
    expect(again.ofTab('?v=1&seed=5')).toBeNull();
    expect(again.ofTab('')).toBeNull();
    expect(visit().kept.ofTab('?v=1&seed=4')).toBeNull();
  });

  it('is forgotten when another one begins that is not kept yet', () => {
    const tab = memory();
    const { kept, emit } = visit({ query: 'seed=3', tab });
    emit('kept', RUN);
    emit('kept', null);
    expect(kept.store.getState().run).toBeNull();
    expect(kept.ofTab('seed=3')).toBeNull();
  });

  it('keeps the name that it was given here', () => {
    const { kept, emit } = visit();
    emit('kept', RUN);
    kept.rename('one', 'My run');
    emit('kept', { ...RUN, step: 9 });
    expect(kept.store.getState().run).toEqual({ ...RUN, name: 'My run', step: 9 });
  });
});

describe('the last run', () => {
  it('is offered on the next visit, until one is trained, it is left or deleted', () => {
    const storage = memory();
    visit({ storage }).emit('kept', RUN);
    const last = { id: 'one', name: RUN.name, step: 5 };
    const next = visit({ storage });
    expect(next.kept.store.getState().last).toEqual(last);
    next.kept.dismissLast();
    expect(next.kept.store.getState().last).toBeNull();
    const third = visit({ storage });
    expect(third.kept.store.getState().last).toEqual(last);
    third.kept.forget('one');
    expect(visit({ storage }).kept.store.getState().last).toBeNull();
  });

  it('is none that is only looked at', () => {
    const storage = memory();
    visit({ storage }).emit('kept', { ...RUN, isReadOnly: true });
    expect(visit({ storage }).kept.store.getState().last).toBeNull();
  });

  it.each(['null', '{', '[]', '{"id":1,"name":"x","step":2}'])(
    'is none where %s is stored',
    (text) => {
      const storage = { getItem: () => text, setItem: () => undefined };
      const { kept } = visit({ storage, tab: storage });
      expect(kept.store.getState().last).toBeNull();
      expect(kept.ofTab('')).toBeNull();
    },
  );
});

it('says what was dropped to make room', () => {
  const { notices, emit } = visit();
  emit('madeRoom', { checkpoints: 3, bytes: 2_500_000 });
  const [notice] = notices.getState().notices;
  expect(notice!.title).toContain('earlier checkpoints were dropped');
  expect(notice!.details[0]).toMatch(/^3 of other runs \(2\.5 MB\)/);
});

it('says why a run is not being saved, and that training goes on', () => {
  const { notices, emit } = visit();
  emit('unkept', { message: 'the disk is full' });
  const [notice] = notices.getState().notices;
  expect(notice!.title).toBe('This run is not being saved.');
  expect(notice!.details[0]).toBe('the disk is full');
  expect(notice!.details[1]).toContain('Training goes on');
});
