import { useCallback, useSyncExternalStore } from 'react';
import type { Ink } from './draw.ts';

/** "dark" or "light", as chosen on the page or else by the system. */
export function useGround(): Ink['ground'] {
  return useSyncExternalStore(subscribe, groundNow, () => 'dark');
}

const DARK = '(prefers-color-scheme: dark)';

function groundNow(): Ink['ground'] {
  const { theme } = document.documentElement.dataset;
  const dark = theme === undefined ? matchMedia(DARK).matches : theme === 'dark';
  return dark ? 'dark' : 'light';
}

function subscribe(changed: () => void): () => void {
  const system = matchMedia(DARK);
  const observer = new MutationObserver(changed);
  system.addEventListener('change', changed);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    system.removeEventListener('change', changed);
    observer.disconnect();
  };
}

/** Reads the page's colours for a canvas, which knows no custom properties. */
export function useReadInk(): (element: HTMLElement) => Ink {
  const ground = useGround();
  return useCallback(
    (element) => {
      const probe = element.appendChild(document.createElement('span'));
      const read = (color: string): string => {
        probe.style.color = color;
        return getComputedStyle(probe).color;
      };
      const ink: Ink = {
        ground,
        line: read('var(--ink)'),
        paper: read('var(--bg)'),
        faint: read('var(--hairline)'),
        modes: [read('var(--series-1)'), read('var(--series-2)'), read('var(--series-3)')],
      };
      probe.remove();
      return ink;
    },
    [ground],
  );
}
