/**
 * What a person looks at, shared by all panels: a step of the run, a group of that step, a base task and
 * one of its histories. Hovering previews a step, pinning keeps it; nothing pinned follows the run.
 */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { RunStore } from './run.ts';

export interface FocusState {
  /** The step that is kept in view; null follows the run. */
  readonly pinned: number | null;
  /** The step under the pointer, in whichever panel. */
  readonly hovered: number | null;
  /** Index into the groups of the step in view; null leaves the choice to the panel. */
  readonly group: number | null;
  /** Index into the completions of that group. */
  readonly completion: number | null;
  /** The base task whose lineage is shown; null leaves the choice to the panel. */
  readonly taskId: number | null;
  /** The history that is looked at within that lineage. */
  readonly historyId: number | null;
}

export type FocusStore = StoreApi<FocusState>;

export const UNFOCUSED: FocusState = {
  pinned: null,
  hovered: null,
  group: null,
  completion: null,
  taskId: null,
  historyId: null,
};

export interface FocusActions {
  readonly hover: (step: number | null) => void;
  /** Keeps a step in view, and optionally one of its groups and completions. */
  readonly pin: (step: number, group?: number | null, completion?: number | null) => void;
  /** Follows the run again. */
  readonly follow: () => void;
  readonly chooseGroup: (group: number | null, completion?: number | null) => void;
  readonly chooseTask: (taskId: number | null, historyId?: number | null) => void;
  readonly chooseHistory: (historyId: number | null) => void;
}

export interface Focus {
  readonly store: FocusStore;
  readonly actions: FocusActions;
}

export function createFocus(): Focus {
  const store = createStore<FocusState>(() => UNFOCUSED);
  return {
    store,
    actions: {
      hover: (hovered) => store.setState({ hovered }),
      pin: (pinned, group = null, completion = null) =>
        store.setState({ pinned, group, completion }),
      follow: () => store.setState({ pinned: null, group: null, completion: null }),
      chooseGroup: (group, completion = null) => store.setState({ group, completion }),
      chooseTask: (taskId, historyId = null) => store.setState({ taskId, historyId }),
      chooseHistory: (historyId) => store.setState({ historyId }),
    },
  };
}

/** The step in view: the one under the pointer, else the pinned one; null follows the run. */
export function stepInView({ pinned, hovered }: FocusState): number | null {
  return hovered ?? pinned;
}

/** A lesson is about one step: it is looked at from the moment that it is there, once. Returns what ends it. */
export function pinWhenThere(focus: Focus, run: RunStore, step: number): () => void {
  const stop = run.subscribe(({ latest }) => {
    if (latest === null || latest.step < step) return;
    stop();
    focus.actions.pin(step);
  });
  return stop;
}
