/**
 * Which run of the store this tab trains, so that a reload finds it again, and which one was trained last
 * anywhere, so that the next visit can go on with it.
 */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Client } from '../worker/client.ts';
import type { Events, KeptRun } from '../worker/protocol.ts';
import type { KeyValueStorage } from './guide.ts';
import { notify } from './notices.ts';
import type { NoticesStore } from './notices.ts';

/** What a fresh visit says of the run that was trained last. */
export type LastRun = Pick<KeptRun, 'id' | 'name' | 'step'>;

export interface KeptState {
  /** The run that is trained; null while it is not kept. */
  readonly run: KeptRun | null;
  /** Of an earlier visit; null where there is none, or it is not to be offered any more. */
  readonly last: LastRun | null;
}

export interface Kept {
  readonly store: StoreApi<KeptState>;
  /** The run that this tab trained at that address; null where there was none, or the address says another. */
  readonly ofTab: (query: string) => string | null;
  /** The address now stands for the run that is trained. */
  readonly follow: (query: string) => void;
  /** The run is called otherwise now, or is there no more. */
  readonly rename: (id: string, name: string) => void;
  readonly forget: (id: string) => void;
  /** Offers a run as the last one, unless one is known or trained. */
  readonly recall: (last: LastRun) => void;
  /** The run as it was a moment ago, as an export, where the store keeps nothing; null elsewhere. */
  readonly snapshot: () => Uint8Array<ArrayBuffer> | null;
  readonly setSnapshot: (bytes: Uint8Array<ArrayBuffer>) => void;
  /** Offers the last run no more. */
  readonly dismissLast: () => void;
  readonly close: () => void;
}

export interface KeptOptions {
  readonly client: Client;
  readonly notices: NoticesStore;
  /** The page's query when it opened. */
  readonly query: string;
  /** As of `sessionStorage`; null where nothing can be kept. */
  readonly tab: KeyValueStorage | null;
  /** As of `localStorage`. */
  readonly storage: KeyValueStorage | null;
}

const TAB_KEY = 'exit-lab-tab-run';
const LAST_KEY = 'exit-lab-last-run';

export function createKept({ client, notices, query, tab, storage }: KeptOptions): Kept {
  const store = createStore<KeptState>(() => ({ run: null, last: readLast(storage) }));
  let address = canonical(query);
  let snapshot: Uint8Array<ArrayBuffer> | null = null;
  const remember = (run: KeptRun | null): void => {
    write(tab, TAB_KEY, run && { id: run.id, query: address });
    if (run && !run.isReadOnly) writeLast(storage, run);
  };
  const stops = [
    client.on('kept', (run) => {
      // Another run, or one that is in the store from now on.
      snapshot = null;
      const known = store.getState().run;
      // The worker does not hear of a new name.
      const named = run && run.id === known?.id ? { ...run, name: known.name } : run;
      store.setState({ run: named, ...(named && { last: null }) });
      remember(named);
    }),
    client.on('unkept', ({ message }) => notify(notices, UNKEPT, [message, GOES_ON])),
    client.on('madeRoom', (room) => notify(notices, ROOM, [droppedText(room)])),
    client.on('snapshot', ({ bytes }) => void (snapshot = bytes)),
  ];
  return {
    store,
    ofTab: (opened) => {
      const kept = readTab(tab);
      return kept && kept.query === canonical(opened) ? kept.id : null;
    },
    follow: (written) => {
      address = canonical(written);
      remember(store.getState().run);
    },
    rename: (id, name) => {
      const { run, last } = store.getState();
      if (run?.id === id) store.setState({ run: { ...run, name } });
      if (last?.id === id) store.setState({ last: { ...last, name } });
      const kept = readLast(storage);
      if (kept?.id === id) writeLast(storage, { ...kept, name });
    },
    forget: (id) => {
      if (store.getState().last?.id === id) store.setState({ last: null });
      if (readLast(storage)?.id === id) write(storage, LAST_KEY, null);
    },
    recall: (last) =>
      store.setState((state) => (state.run || state.last ? {} : { last: { ...last } })),
    snapshot: () => snapshot,
    setSnapshot: (bytes) => void (snapshot = bytes),
    dismissLast: () => store.setState({ last: null }),
    close: () => stops.forEach((stop) => stop()),
  };
}

const UNKEPT = 'This run is not being saved.';
const GOES_ON = 'Training goes on. Export the run before you leave the page, or it is lost.';

const ROOM = 'There was no room left: earlier checkpoints were dropped.';

function droppedText({ checkpoints, bytes }: Events['madeRoom']): string {
  const megabytes = (bytes / 1e6).toFixed(1);
  return `${checkpoints} of other runs (${megabytes} MB), oldest first. Every run still opens where it stands.`;
}

/** The same for the same parameters, however it was written. */
function canonical(query: string): string {
  return new URLSearchParams(query).toString();
}

function readTab(storage: KeyValueStorage | null): { id: string; query: string } | null {
  const kept = read(storage, TAB_KEY);
  return kept && typeof kept['id'] === 'string' && typeof kept['query'] === 'string'
    ? { id: kept['id'], query: kept['query'] }
    : null;
}

function readLast(storage: KeyValueStorage | null): LastRun | null {
  const { id, name, step } = read(storage, LAST_KEY) ?? {};
  const fits = typeof id === 'string' && typeof name === 'string' && typeof step === 'number';
  return fits ? { id, name, step } : null;
}

function writeLast(storage: KeyValueStorage | null, { id, name, step }: LastRun): void {
  write(storage, LAST_KEY, { id, name, step });
}

/** What is stored may be of another version, or edited by a person. */
function read(
  storage: KeyValueStorage | null,
  key: string,
): Readonly<Record<string, unknown>> | null {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(key) ?? 'null');
    return typeof kept === 'object' ? (kept as Readonly<Record<string, unknown>> | null) : null;
  } catch {
    return null;
  }
}

function write(storage: KeyValueStorage | null, key: string, value: object | null): void {
  try {
    storage?.setItem(key, JSON.stringify(value));
  } catch {
    return;
  }
}
