/** What helps a person along: the narration, the keys. Kept from one visit to the next. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';

export interface GuideState {
  /** Whether the page says what just happened. */
  readonly narrates: boolean;
  /** Whether single keys act. */
  readonly keys: boolean;
  /** The list of keys lies open; not kept. */
  readonly sheet: boolean;
}

export type GuideStore = StoreApi<GuideState>;

/** As of `localStorage`. */
export interface KeyValueStorage {
  getItem: (key: string) => string | null;
  setItem: (key: string, value: string) => void;
}

export interface GuideActions {
  readonly setNarrates: (narrates: boolean) => void;
  readonly setKeys: (keys: boolean) => void;
  readonly setSheet: (sheet: boolean) => void;
}

export interface Guide {
  readonly store: GuideStore;
  readonly actions: GuideActions;
}

const KEY = 'exit-lab-guide';

const NEW: GuideState = { narrates: true, keys: true, sheet: false };

/** @param storage null where nothing can be kept. */
export function createGuide(storage: KeyValueStorage | null): Guide {
  const store = createStore<GuideState>(() => ({ ...NEW, ...read(storage) }));
  store.subscribe(({ sheet: _sheet, ...kept }) => write(storage, JSON.stringify(kept)));
  return {
    store,
    actions: {
      setNarrates: (narrates) => store.setState({ narrates }),
      setKeys: (keys) => store.setState({ keys }),
      setSheet: (sheet) => store.setState({ sheet }),
    },
  };
}

/**
 * The storage of the browser, or of this tab alone; it can be refused, and what is kept then lasts as long as
 * the page.
 */
export function browserStorage(whose: 'local' | 'session'): KeyValueStorage | null {
  try {
    return whose === 'local' ? localStorage : sessionStorage;
  } catch {
    return null;
  }
}

function write(storage: KeyValueStorage | null, text: string): void {
  try {
    storage?.setItem(KEY, text);
  } catch {
    return;
  }
}

/** What is stored may be of another version, or edited by a person: only what fits is taken. */
function read(storage: KeyValueStorage | null): Partial<GuideState> {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(KEY) ?? 'null');
    if (typeof kept !== 'object' || kept === null) return {};
    const { narrates, keys } = kept as Readonly<Record<string, unknown>>;
    return {
      ...(typeof narrates === 'boolean' && { narrates }),
      ...(typeof keys === 'boolean' && { keys }),
    };
  } catch {
    return {};
  }
}
