/** An instance that a person typed, and the chain of attempts that the policy makes at it. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Client } from '../worker/client.ts';
import type { PlaygroundInstance, PlaygroundAttempt } from '../training/playground.ts';
import type { DomainInfo } from '../training/session-info.ts';
import type { TableCorrection } from '../tasks/task.ts';
import type { SessionStore } from './session.ts';
import { createTableReader, NO_TABLE, readFile } from './table-reading.ts';
import type { TableReader, TableState } from './table-reading.ts';

/** Self-improvement steps after the first attempt, in each turn. */
export const IMPROVE_STEPS = 8;

/** Between two attempts, in ms: they come faster than one could watch. */
const ATTEMPT_INTERVAL_MS = 300;

export interface PlaygroundState extends TableState {
  /** Null while the session has no domain that can be typed. */
  readonly domain: string | null;
  /** What stands in the field, by domain. */
  readonly texts: Readonly<Record<string, string>>;
  /** What a person last typed, by domain: an example may stand over it. */
  readonly typed: Readonly<Record<string, string>>;
  /** Why the text is no instance. */
  readonly problem: string | null;
  /** Why the chain broke off. */
  readonly failure: string | null;
  readonly greedy: boolean;
  readonly working: boolean;
  readonly chain: PlaygroundChain | null;
}

export interface PlaygroundChain {
  readonly domain: string;
  readonly instance: PlaygroundInstance['instance'];
  /** Turns of the conversation; 1 in most domains. */
  readonly turnCount: number;
  /** [turn][k]: the first attempt of each turn, and its improvements. */
  readonly turns: readonly (readonly PlaygroundAttempt[])[];
}

export interface PlaygroundActions {
  readonly choose: (domain: string) => void;
  readonly type: (text: string) => void;
  /** Puts a held-out instance into the field; what was typed can be brought back. */
  readonly showExample: () => Promise<void>;
  readonly restoreTyped: () => void;
  /** The content of a file, as if it had been typed. */
  readonly loadFile: (file: Blob) => Promise<void>;
  /** Puts right what was understood of the table in the field. */
  readonly correct: (correction: TableCorrection) => Promise<void>;
  readonly setGreedy: (greedy: boolean) => void;
  /** A first attempt and its improvements, turn by turn, one after the other as they come. */
  readonly improve: () => Promise<void>;
  /** Drops the attempt in flight. */
  readonly stop: () => void;
}

export interface Playground {
  readonly store: StoreApi<PlaygroundState>;
  readonly actions: PlaygroundActions;
  readonly close: () => void;
}

const EMPTY: PlaygroundState = {
  ...NO_TABLE,
  domain: null,
  texts: {},
  typed: {},
  problem: null,
  failure: null,
  greedy: false,
  working: false,
  chain: null,
};

interface Context {
  readonly client: Client;
  readonly store: StoreApi<PlaygroundState>;
  readonly tables: TableReader;
  /** Counts chains begun or given up: a reply to an older one is dropped. */
  readonly counter: { current: number };
  /** In ms. */
  readonly pace: number;
}

export function createPlayground(
  client: Client,
  session: SessionStore,
  pace = ATTEMPT_INTERVAL_MS,
): Playground {
  const store = createStore<PlaygroundState>(() => EMPTY);
  const tables = createTableReader({
    client,
    store,
    domain: () => {
      const { domain } = store.getState();
      const hasTables = session
        .getState()
        .info?.domains.some(({ id, tables: has }) => has && id === domain);
      return hasTables ? domain : null;
    },
    text: () => currentText(store.getState()),
    write: (text) => store.setState((state) => withTyped(state, text)),
  });
  const context: Context = { client, store, tables, counter: { current: 0 }, pace };
  const unsubscribe = session.subscribe(({ info }, before) => {
    if (info !== null && info !== before.info) void followSession(context, info.domains);
  });
  const close = (): void => {
    unsubscribe();
    tables.close();
  };
  return { store, actions: createActions(context), close };
}

function createActions(context: Context): PlaygroundActions {
  const { store, tables } = context;
  return {
    choose: (domain) => void choose(context, domain),
    type: (text) => {
      store.setState((state) => withTyped(state, text));
      tables.readSoon();
    },
    showExample: () => showExample(context),
    restoreTyped: () => {
      store.setState((state) => withText(state, typedText(state) ?? ''));
      void tables.read();
    },
    loadFile: (file) => loadFile(context, file),
    correct: (correction) => tables.read(correction),
    setGreedy: (greedy) => store.setState({ greedy }),
    improve: () => improve(context),
    stop: () => cancelChain(context),
  };
}

/** What stands in the field. */
export function currentText({ domain, texts }: PlaygroundState): string {
  return (domain === null ? undefined : texts[domain]) ?? '';
}

/** What a person typed and an example replaced; undefined where nothing was. */
export function replacedText(state: PlaygroundState): string | undefined {
  const typed = typedText(state);
  return typed === currentText(state) ? undefined : typed;
}

function typedText({ domain, typed }: PlaygroundState): string | undefined {
  return domain === null ? undefined : typed[domain];
}

function withText(state: PlaygroundState, text: string): Partial<PlaygroundState> {
  if (state.domain === null) return {};
  return { texts: { ...state.texts, [state.domain]: text }, problem: null };
}

function withTyped(state: PlaygroundState, text: string): Partial<PlaygroundState> {
  if (state.domain === null) return {};
  return { ...withText(state, text), typed: { ...state.typed, [state.domain]: text } };
}

async function loadFile({ store, tables }: Context, file: Blob): Promise<void> {
  try {
    const { text, encoding } = await readFile(file);
    store.setState((state) => ({ ...withTyped(state, text), encoding }));
  } catch (error) {
    store.setState({ problem: messageOf(error) });
    return;
  }
  await tables.read();
}

/** A session has been built: its domains may be others, and its policy is another. */
async function followSession(context: Context, domains: readonly DomainInfo[]): Promise<void> {
  cancelChain(context);
  const typeable = domains.filter(({ typed }) => typed).map(({ id }) => id);
  const { domain } = context.store.getState();
  const kept = typeable.find((id) => id === domain) ?? typeable[0] ?? null;
  context.store.setState({ domain: kept, chain: null, problem: null, failure: null });
  await fillEmpty(context);
}

async function choose(context: Context, domain: string): Promise<void> {
  cancelChain(context);
  context.store.setState({ domain, chain: null, problem: null, failure: null });
  await fillEmpty(context);
}

/** An empty field gets an example. */
async function fillEmpty(context: Context): Promise<void> {
  if (currentText(context.store.getState()) === '') await showExample(context);
  else await context.tables.read();
}

async function showExample({ client, store, tables }: Context): Promise<void> {
  const { domain } = store.getState();
  if (domain === null) return;
  const before = currentText(store.getState());
  try {
    const { text } = await client.call('example', { domain });
    // Whoever typed in the meantime keeps what was typed.
    const state = store.getState();
    if (state.domain !== domain || currentText(state) !== before) return;
    store.setState({ ...withText(state, text), encoding: null });
    await tables.read();
  } catch (error) {
    store.setState({ failure: messageOf(error) });
  }
}

function cancelChain({ store, counter }: Context): void {
  counter.current++;
  store.setState({ working: false });
}

async function improve(context: Context): Promise<void> {
  const { client, store, counter } = context;
  const { domain } = store.getState();
  if (domain === null) return;
  const text = currentText(store.getState());
  const id = ++counter.current;
  const isCurrent = (): boolean => counter.current === id;
  store.setState({ working: true, problem: null, failure: null });
  try {
    const read = await client.call('read', { domain, text });
    if (!isCurrent()) return;
    const { instance, turns: turnCount } = read;
    store.setState({ chain: { domain, instance, turnCount, turns: [] } });
  } catch (error) {
    if (isCurrent()) store.setState({ working: false, problem: messageOf(error) });
    return;
  }
  try {
    await runTurns(context, { domain, text, isCurrent });
  } catch (error) {
    if (isCurrent()) store.setState({ failure: messageOf(error) });
  }
  if (isCurrent()) store.setState({ working: false });
}

interface Task {
  readonly domain: string;
  readonly text: string;
  /** Whether this chain is still the one that is shown. */
  readonly isCurrent: () => boolean;
}

async function runTurns(context: Context, { domain, text, isCurrent }: Task): Promise<void> {
  const { client, store, pace } = context;
  for (let made = 0; ; made++) {
    if (made > 0) await new Promise((resolve) => setTimeout(resolve, pace));
    const { chain, greedy } = store.getState();
    const turn = chain && nextTurn(chain);
    if (!isCurrent() || chain === null || turn === null) return;
    const request = { domain, text, greedy, ...historyOf(chain, turn) };
    const attempt = await client.call('attempt', request);
    if (isCurrent()) store.setState({ chain: withAttempt(chain, turn, attempt) });
  }
}

/** The turn that the next attempt belongs to; null where all is done. */
function nextTurn({ turns, turnCount }: PlaygroundChain): number | null {
  const last = turns.at(-1);
  if (last && last.length <= IMPROVE_STEPS) return turns.length - 1;
  return turns.length < turnCount ? turns.length : null;
}

function historyOf({ turns }: PlaygroundChain, turn: number) {
  return {
    earlier: turns.slice(0, turn).map((attempts) => attempts.at(-1)!.attempt),
    latest: turns[turn]?.at(-1)?.attempt ?? null,
  };
}

function withAttempt(
  chain: PlaygroundChain,
  turn: number,
  attempt: PlaygroundAttempt,
): PlaygroundChain {
  const turns = [...chain.turns.slice(0, turn), [...(chain.turns[turn] ?? []), attempt]];
  return { ...chain, turns };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
