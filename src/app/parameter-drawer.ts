/** The drawer of parameters: whether it lies open, and which parameters a person wants first in it. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { PARAM_IDS } from '../schema/params.ts';
import type { ParamId } from '../schema/params.ts';
import type { KeyValueStorage } from './guide.ts';

export interface ParameterDrawerState {
  readonly isOpen: boolean;
  /** In the order of the table; kept from one visit to the next. */
  readonly favourites: readonly ParamId[];
}

export interface ParameterDrawer {
  readonly store: StoreApi<ParameterDrawerState>;
  readonly actions: {
    readonly show: (isOpen: boolean) => void;
    readonly toggle: () => void;
    readonly setFavourite: (id: ParamId, isFavourite: boolean) => void;
  };
}

const KEY = 'exit-lab-favourites';

/** @param storage null where nothing can be kept. */
export function createParameterDrawer(storage: KeyValueStorage | null): ParameterDrawer {
  const store = createStore<ParameterDrawerState>(() => ({
    isOpen: false,
    favourites: read(storage),
  }));
  return {
    store,
    actions: {
      show: (isOpen) => store.setState({ isOpen }),
      toggle: () => store.setState(({ isOpen }) => ({ isOpen: !isOpen })),
      setFavourite: (id, isFavourite) => {
        const before = store.getState().favourites;
        const favourites = PARAM_IDS.filter((one) =>
          one === id ? isFavourite : before.includes(one),
        );
        store.setState({ favourites });
        write(storage, JSON.stringify(favourites));
      },
    },
  };
}

/** What is stored may be of another version, or edited by a person: only names of parameters are taken. */
function read(storage: KeyValueStorage | null): ParamId[] {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(KEY) ?? 'null');
    return Array.isArray(kept) ? PARAM_IDS.filter((id) => kept.includes(id)) : [];
  } catch {
    return [];
  }
}

function write(storage: KeyValueStorage | null, text: string): void {
  try {
    storage?.setItem(KEY, text);
  } catch {
    // It lasts as long as the page then.
  }
}
