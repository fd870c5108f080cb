/** The parts of the page below its first screen: one is open at a time, and has an address. */
import { createStore, type StoreApi } from 'zustand/vanilla';

export const PLACES = {
  explain: 'Explain',
  inside: 'Look inside',
  compare: 'Compare',
  data: 'Data',
} as const;

export type PlaceId = keyof typeof PLACES;
export const PLACE_IDS = Object.keys(PLACES) as PlaceId[];

export interface PlacesState {
  readonly place: PlaceId;
  /** Counts what was asked for, so that asking for the open one brings it into view as well. */
  readonly asked: number;
}

/** As of `location` and `addEventListener('hashchange')`. */
export interface AddressHash {
  /** With its `#`; empty where there is none. */
  readonly read: () => string;
  /** A new entry of the history. */
  readonly write: (hash: string) => void;
  readonly onChange: (listener: () => void) => void;
}

/** Where in a place the window was: at a section, and so many pixels below its top; less than 0 above it. */
export interface Scroll {
  readonly section: number;
  readonly pixels: number;
}

export interface Places {
  readonly store: StoreApi<PlacesState>;
  readonly open: (place: PlaceId) => void;
  /** Where a place was when it was left; null is its top. */
  readonly scrolled: (place: PlaceId) => Scroll | null;
  /** The open one was scrolled there. */
  readonly scroll: (to: Scroll | null) => void;
}

const FIRST: PlaceId = 'explain';

/** @param address absent where there is no address to follow. */
export function createPlaces(address?: AddressHash): Places {
  const named = (): PlaceId | undefined =>
    PLACE_IDS.find((id) => `#${id}` === (address?.read() ?? ''));
  const store = createStore<PlacesState>(() => ({
    place: named() ?? FIRST,
    asked: named() === undefined ? 0 : 1,
  }));
  const scrolls = new Map<PlaceId, Scroll | null>();
  const show = (place: PlaceId): void => {
    // Who asks for the open one wants its top.
    if (place === store.getState().place) scrolls.delete(place);
    store.setState(({ asked }) => ({ place, asked: asked + 1 }));
  };
  // Back to an address without a place: the first one again, and nothing scrolls.
  address?.onChange(() => {
    const place = named();
    if (place) show(place);
    else if (address.read() === '') store.setState({ place: FIRST });
  });
  return {
    store,
    open: (place) => {
      if (address && address.read() !== `#${place}`) address.write(`#${place}`);
      else show(place);
    },
    scrolled: (place) => scrolls.get(place) ?? null,
    scroll: (to) => void scrolls.set(store.getState().place, to),
  };
}
