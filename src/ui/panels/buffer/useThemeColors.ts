import { useCallback } from 'react';
import { useDark } from '../../useDark.ts';
import type { ThemeColors } from './renderMap.ts';

/** Reads the page's colours for a canvas, which knows no custom properties. */
export function useReadThemeColors(): (element: HTMLElement) => ThemeColors {
  const dark = useDark();
  return useCallback(
    (element) => {
      const probe = element.appendChild(document.createElement('span'));
      const read = (color: string): string => {
        probe.style.color = color;
        return getComputedStyle(probe).color;
      };
      const colors: ThemeColors = {
        dark,
        line: read('var(--text)'),
        paper: read('var(--bg)'),
        faint: read('var(--hairline)'),
        series: [1, 2, 3, 4].map((i) => read(`var(--series-${i})`)),
      };
      probe.remove();
      return colors;
    },
    [dark],
  );
}
