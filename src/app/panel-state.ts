/**
 * What a person has chosen in a panel: filters, a sort, a view. It is kept while the panel is not there,
 * since a place that is left is taken down, and as long as the page.
 */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';

/** The store of a page's model, made when it is first asked for. */
export type PanelState<T> = (owner: object) => StoreApi<T>;

/** Declared once, beside the panel. @param initial no function. */
export function panelState<T>(initial: T): PanelState<T> {
  const stores = new WeakMap<object, StoreApi<T>>();
  return (owner) => {
    const known = stores.get(owner);
    if (known) return known;
    const store = createStore<T>(() => initial);
    stores.set(owner, store);
    return store;
  };
}
