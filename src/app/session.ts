/** What the worker is and does. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { CommandName, Events, QueryName } from '../worker/protocol.ts';
import type { SessionInfo } from '../training/session-info.ts';

/** Commands that exclude one another. */
export type ExclusiveCommand = Exclude<
  CommandName,
  | 'example'
  | 'inspectModel'
  | 'read'
  | 'readTable'
  | 'attempt'
  | 'yieldToInput'
  | 'save'
  | 'ping'
  | QueryName
>;

/** `loading`: no session stands yet. `failed`: none does, and none is on its way. */
export type Phase = 'loading' | 'ready' | 'failed';

export interface SessionState {
  /** Whose run the page shows; everything else here is the session's own. */
  readonly source: 'recording' | 'live';
  readonly phase: Phase;
  readonly info: SessionInfo | null;
  /** While a session is being built, also when one already stands, and within a step that lasts. */
  readonly loading: Events['loading'] | null;
  readonly running: boolean;
  /** The command that has not been answered yet. */
  readonly busy: ExclusiveCommand | null;
  /** Why training stopped, or why there is no session. */
  readonly failure: string | null;
  readonly step: number;
  readonly tokensPerSecond: number | null;
}

export type SessionStore = StoreApi<SessionState>;

export function createSessionStore(): SessionStore {
  return createStore<SessionState>(() => ({
    source: 'live',
    phase: 'loading',
    info: null,
    loading: null,
    running: false,
    busy: null,
    failure: null,
    step: 0,
    tokensPerSecond: null,
  }));
}
