/** What went wrong without stopping anything; each stays until it is dismissed. */
import { plainMessage } from '../base/missing-part.ts';
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';

export interface Notice {
  readonly id: number;
  readonly title: string;
  readonly details: readonly string[];
}

export interface NoticesState {
  readonly notices: readonly Notice[];
}

export type NoticesStore = StoreApi<NoticesState>;

const MOST_SHOWN = 4;

export function createNoticesStore(): NoticesStore {
  return createStore<NoticesState>(() => ({ notices: [] }));
}

/** Adds a notice; one of the same words replaces the older one. */
export function notify(store: NoticesStore, title: string, messages: readonly string[]): void {
  const details = messages.map(plainMessage);
  store.setState(({ notices }) => {
    const others = notices.filter((n) => n.title !== title || n.details.join() !== details.join());
    const id = Math.max(0, ...notices.map((notice) => notice.id)) + 1;
    return { notices: [...others, { id, title, details }].slice(-MOST_SHOWN) };
  });
}

export function dismiss(store: NoticesStore, id: number): void {
  store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}
