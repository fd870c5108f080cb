/** What helps a person along: the tour, the narration, the keys. Kept from one visit to the next. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { ConfigStore } from './config.ts';
import type { FocusStore } from './focus.ts';
import type { SessionStore } from './session.ts';
import { stepsDone, TOUR_STEPS } from './tour.ts';
import type { TourStep, PageState } from './tour.ts';

export interface GuideState {
  /** The card that lies open; null while no tour is taken. */
  readonly card: TourStep | null;
  /** Steps of the tour that the person has done. */
  readonly done: readonly TourStep[];
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
  /** From the first step that is not done; from the start where all are. */
  readonly openTour: () => void;
  readonly turnTo: (card: TourStep) => void;
  readonly closeTour: () => void;
  readonly restartTour: () => void;
  readonly setNarrates: (narrates: boolean) => void;
  readonly setKeys: (keys: boolean) => void;
  readonly setSheet: (sheet: boolean) => void;
}

export interface Guide {
  readonly store: GuideStore;
  readonly actions: GuideActions;
}

const KEY = 'exit-lab-guide';

const NEW: GuideState = { card: null, done: [], narrates: true, keys: true, sheet: false };

/** @param storage null where nothing can be kept. */
export function createGuide(storage: KeyValueStorage | null): Guide {
  const store = createStore<GuideState>(() => ({ ...NEW, ...read(storage) }));
  store.subscribe(({ sheet: _sheet, ...kept }) => write(storage, JSON.stringify(kept)));
  const first = (done: readonly TourStep[]): TourStep =>
    TOUR_STEPS.find((step) => !done.includes(step)) ?? TOUR_STEPS[0];
  return {
    store,
    actions: {
      openTour: () => {
        const { done } = store.getState();
        const again = done.length === TOUR_STEPS.length;
        store.setState({ card: first(again ? [] : done), ...(again && { done: [] }) });
      },
      turnTo: (card) => store.setState({ card }),
      closeTour: () => store.setState({ card: null }),
      restartTour: () => store.setState({ card: TOUR_STEPS[0], done: [] }),
      setNarrates: (narrates) => store.setState({ narrates }),
      setKeys: (keys) => store.setState({ keys }),
      setSheet: (sheet) => store.setState({ sheet }),
    },
  };
}

export interface WatchedStores {
  readonly session: SessionStore;
  readonly config: ConfigStore;
  readonly focus: FocusStore;
}

/** Ticks off what a person does while the tour is taken. Returns what ends it. */
export function followTour({ store }: Guide, stores: WatchedStores): () => void {
  const snapshot = (): PageState => ({
    running: stores.session.getState().running,
    config: stores.config.getState().current,
    focus: stores.focus.getState(),
  });
  let before = snapshot();
  const compare = (): void => {
    const after = snapshot();
    const { card, done } = store.getState();
    const more = card === null ? [] : stepsDone(before, after).filter((one) => !done.includes(one));
    before = after;
    if (more.length > 0) store.setState({ done: [...done, ...more] });
  };
  const followed = [stores.session, stores.config, stores.focus, store];
  const stops = followed.map((one) => one.subscribe(compare));
  return () => stops.forEach((stop) => stop());
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
    const { card, done, narrates, keys } = kept as Readonly<Record<string, unknown>>;
    return {
      ...(isStep(card) && { card }),
      ...(Array.isArray(done) && { done: TOUR_STEPS.filter((step) => done.includes(step)) }),
      ...(typeof narrates === 'boolean' && { narrates }),
      ...(typeof keys === 'boolean' && { keys }),
    };
  } catch {
    return {};
  }
}

function isStep(value: unknown): value is TourStep {
  return TOUR_STEPS.some((step) => step === value);
}
