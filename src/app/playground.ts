/** An instance that a person typed, and the chain of attempts that the policy makes at it. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { Client } from '../worker/client.ts';
import type { OwnInstance, Trial } from '../training/playground.ts';
import type { DomainInfo } from '../training/session-info.ts';
import type { SessionStore } from './session.ts';

/** Self-improvement steps after the first attempt, in each turn. */
export const IMPROVE_STEPS = 8;

/** Between two attempts, in ms: they come faster than one could watch. */
const PACE = 300;

/** In bytes: more cannot be edited in a field. */
const LARGEST_FILE = 1e6;

export interface OwnState {
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
  readonly chain: OwnChain | null;
}

export interface OwnChain {
  readonly domain: string;
  readonly instance: OwnInstance['instance'];
  /** Turns of the conversation; 1 in most domains. */
  readonly turnCount: number;
  /** [turn][k]: the first attempt of each turn, and its improvements. */
  readonly turns: readonly (readonly Trial[])[];
}

export interface OwnActions {
  readonly choose: (domain: string) => void;
  readonly type: (text: string) => void;
  /** Puts a held-out instance into the field; what was typed can be brought back. */
  readonly showExample: () => Promise<void>;
  readonly bringBack: () => void;
  /** The content of a file, as if it had been typed. */
  readonly takeFile: (file: Blob) => Promise<void>;
  readonly setGreedy: (greedy: boolean) => void;
  /** A first attempt and its improvements, turn by turn, one after the other as they come. */
  readonly improve: () => Promise<void>;
  /** Drops the attempt in flight. */
  readonly stop: () => void;
}

export interface Own {
  readonly store: StoreApi<OwnState>;
  readonly actions: OwnActions;
  readonly close: () => void;
}

const EMPTY: OwnState = {
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
  readonly store: StoreApi<OwnState>;
  /** Counts chains begun or given up: a reply to an older one is dropped. */
  readonly counter: { current: number };
  /** In ms. */
  readonly pace: number;
}

export function createOwn(client: Client, session: SessionStore, pace = PACE): Own {
  const store = createStore<OwnState>(() => EMPTY);
  const context: Context = { client, store, counter: { current: 0 }, pace };
  const close = session.subscribe(({ info }, before) => {
    if (info !== null && info !== before.info) void adopt(context, info.domains);
  });
  return { store, actions: createActions(context), close };
}

function createActions(context: Context): OwnActions {
  const { store } = context;
  return {
    choose: (domain) => void choose(context, domain),
    type: (text) => store.setState((state) => withTyped(state, text)),
    showExample: () => showExample(context),
    bringBack: () => store.setState((state) => withText(state, typedText(state) ?? '')),
    takeFile: (file) => takeFile(store, file),
    setGreedy: (greedy) => store.setState({ greedy }),
    improve: () => improve(context),
    stop: () => giveUp(context),
  };
}

/** What stands in the field. */
export function currentText({ domain, texts }: OwnState): string {
  return (domain === null ? undefined : texts[domain]) ?? '';
}

/** What a person typed and an example replaced; undefined where nothing was. */
export function replacedText(state: OwnState): string | undefined {
  const typed = typedText(state);
  return typed === currentText(state) ? undefined : typed;
}

function typedText({ domain, typed }: OwnState): string | undefined {
  return domain === null ? undefined : typed[domain];
}

function withText(state: OwnState, text: string): Partial<OwnState> {
  if (state.domain === null) return {};
  return { texts: { ...state.texts, [state.domain]: text }, problem: null };
}

function withTyped(state: OwnState, text: string): Partial<OwnState> {
  if (state.domain === null) return {};
  return { ...withText(state, text), typed: { ...state.typed, [state.domain]: text } };
}

async function takeFile(store: StoreApi<OwnState>, file: Blob): Promise<void> {
  if (file.size > LARGEST_FILE) {
    const size = `${Math.ceil(file.size / 1000)} kB`;
    store.setState({ problem: `file: got ${size}, expected at most ${LARGEST_FILE / 1000} kB` });
    return;
  }
  const text = await file.text();
  store.setState((state) => withTyped(state, text));
}

/** A session has been built: its domains may be others, and its policy is another. */
async function adopt(context: Context, domains: readonly DomainInfo[]): Promise<void> {
  giveUp(context);
  const typeable = domains.filter(({ typed }) => typed).map(({ id }) => id);
  const { domain } = context.store.getState();
  const kept = typeable.find((id) => id === domain) ?? typeable[0] ?? null;
  context.store.setState({ domain: kept, chain: null, problem: null, failure: null });
  await fill(context);
}

async function choose(context: Context, domain: string): Promise<void> {
  giveUp(context);
  context.store.setState({ domain, chain: null, problem: null, failure: null });
  await fill(context);
}

/** An empty field gets an example. */
async function fill(context: Context): Promise<void> {
  if (currentText(context.store.getState()) === '') await showExample(context);
}

async function showExample({ client, store }: Context): Promise<void> {
  const { domain } = store.getState();
  if (domain === null) return;
  const before = currentText(store.getState());
  try {
    const { text } = await client.call('example', { domain });
    // Whoever typed in the meantime keeps what was typed.
    const state = store.getState();
    if (state.domain === domain && currentText(state) === before)
      store.setState(withText(state, text));
  } catch (error) {
    store.setState({ failure: messageOf(error) });
  }
}

function giveUp({ store, counter }: Context): void {
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
    const own = await client.call('read', { domain, text });
    if (!isCurrent()) return;
    const { instance, turns: turnCount } = own;
    store.setState({ chain: { domain, instance, turnCount, turns: [] } });
  } catch (error) {
    if (isCurrent()) store.setState({ working: false, problem: messageOf(error) });
    return;
  }
  try {
    await playTurns(context, { domain, text, isCurrent });
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

async function playTurns(context: Context, { domain, text, isCurrent }: Task): Promise<void> {
  const { client, store, pace } = context;
  for (let made = 0; ; made++) {
    if (made > 0) await new Promise((resolve) => setTimeout(resolve, pace));
    const { chain, greedy } = store.getState();
    const turn = chain && nextTurn(chain);
    if (!isCurrent() || chain === null || turn === null) return;
    const request = { domain, text, greedy, ...historyOf(chain, turn) };
    const trial = await client.call('attempt', request);
    if (isCurrent()) store.setState({ chain: withTrial(chain, turn, trial) });
  }
}

/** The turn that the next attempt belongs to; null where all is done. */
function nextTurn({ turns, turnCount }: OwnChain): number | null {
  const last = turns.at(-1);
  if (last && last.length <= IMPROVE_STEPS) return turns.length - 1;
  return turns.length < turnCount ? turns.length : null;
}

function historyOf({ turns }: OwnChain, turn: number) {
  return {
    earlier: turns.slice(0, turn).map((trials) => trials.at(-1)!.attempt),
    latest: turns[turn]?.at(-1)?.attempt ?? null,
  };
}

function withTrial(chain: OwnChain, turn: number, trial: Trial): OwnChain {
  const turns = [...chain.turns.slice(0, turn), [...(chain.turns[turn] ?? []), trial]];
  return { ...chain, turns };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
