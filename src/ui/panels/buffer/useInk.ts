import { useCallback } from 'react';
import { useDark } from '../../useDark.ts';
import type { Ink } from './draw.ts';

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
        modes: [read('var(--series-1)'), read('var(--series-2)'), read('var(--series-3)')],
      };
      probe.remove();
      return ink;
    },
    [dark],
  );
}
