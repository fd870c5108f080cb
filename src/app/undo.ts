/**
 * What was changed in the parameters, so that it can be taken back. Follows the config store, so that a
 * slider, a preset and a scenario are remembered alike; a slider's drag is one change.
 */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { changedParams } from '../schema/params.ts';
import type { Config, ParamId } from '../schema/params.ts';
import { setParams } from './config.ts';
import type { ConfigStore } from './config.ts';

export interface Change {
  readonly ids: readonly ParamId[];
  readonly before: Config;
  readonly after: Config;
  /** In ms, of its last part. */
  readonly at: number;
}

export interface UndoState {
  /** Oldest first. */
  readonly past: readonly Change[];
  /** Next first. */
  readonly future: readonly Change[];
}

export interface Undo {
  readonly store: StoreApi<UndoState>;
  readonly actions: { readonly undo: () => void; readonly redo: () => void };
  /** Nothing before this can be taken back: another run's parameters have come in. */
  readonly clear: () => void;
  readonly close: () => void;
}

interface UndoOptions {
  readonly config: ConfigStore;
  /** Puts what the store holds into effect. */
  readonly follow: () => void;
  readonly now?: () => number;
}

/** Changes of one parameter that follow each other this fast, in ms, are one. */
const MERGE_WITHIN_MS = 1000;
const MAX_CHANGES = 200;
const NO_CHANGES: UndoState = { past: [], future: [] };

export function createUndo({ config, follow, now = () => performance.now() }: UndoOptions): Undo {
  const store = createStore<UndoState>(() => NO_CHANGES);
  let applying = false;
  const close = config.subscribe(({ current: after }, { current: before }) => {
    if (applying) return;
    const ids = changedParams(before, after);
    if (ids.length === 0) return;
    store.setState(({ past }) => record(past, { ids, before, after, at: now() }));
  });
  const apply = (values: Config, ids: readonly ParamId[]): void => {
    applying = true;
    config.setState((state) =>
      setParams(state, Object.fromEntries(ids.map((id) => [id, values[id]]))),
    );
    applying = false;
    follow();
  };
  return {
    store,
    actions: {
      undo: () => {
        const { past, future } = store.getState();
        const change = past.at(-1);
        if (!change) return;
        store.setState({ past: past.slice(0, -1), future: [change, ...future] });
        apply(change.before, change.ids);
      },
      redo: () => {
        const [change, ...future] = store.getState().future;
        if (!change) return;
        // Whatever follows is a change of its own, however fast.
        const done = { ...change, at: -Infinity };
        store.setState(({ past }) => ({ past: [...past, done], future }));
        apply(change.after, change.ids);
      },
    },
    clear: () => store.setState(NO_CHANGES),
    close,
  };
}

function record(past: readonly Change[], change: Change): UndoState {
  const last = past.at(-1);
  if (!last || !isContinued(last, change)) {
    return { past: [...past, change].slice(-MAX_CHANGES), future: [] };
  }
  const earlier = past.slice(0, -1);
  const whole = { ...change, before: last.before };
  const back = changedParams(whole.before, whole.after).length === 0;
  return { past: back ? earlier : [...earlier, whole], future: [] };
}

function isContinued(last: Change, change: Change): boolean {
  const [id, ...others] = change.ids;
  const same = others.length === 0 && last.ids.length === 1 && last.ids[0] === id;
  return same && change.at - last.at < MERGE_WITHIN_MS;
}
