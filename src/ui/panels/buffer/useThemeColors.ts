import { useCallback } from 'react';
import { useDark } from '../../useDark.ts';
import type { Ink } from './renderMap.ts';

/** Reads the page's colours for a canvas, which knows no custom properties. */
export function useReadInk(): (element: HTMLElement) => Ink {
  const dark = useDark();
  return useCallback(
    (element) => {
      const probe = element.appendChild(document.createElement('span'));
      const read = (color: string): string => {
        probe.style.color = color;
        return getComputedStyle(probe).color;
      };
      const ink: Ink = {
        dark,
        line: read('var(--ink)'),
        paper: read('var(--bg)'),
        faint: read('var(--hairline)'),
        series: [1, 2, 3, 4].map((i) => read(`var(--series-${i})`)),
      };
      probe.remove();
      return ink;
    },
    [dark],
  );
}
