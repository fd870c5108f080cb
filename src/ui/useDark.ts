import { useSyncExternalStore } from 'react';
import { useMediaQuery } from './useMediaQuery.ts';

/** Whether the page is dark now, by choice or by the system: for what CSS does not colour. */
export function useDark(): boolean {
  const system = useMediaQuery('(prefers-color-scheme: dark)');
  const chosen = useSyncExternalStore(watchChoice, choice, () => undefined);
  return chosen === undefined ? system : chosen === 'dark';
}

function choice(): string | undefined {
  return document.documentElement.dataset.theme;
}

function watchChoice(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}
