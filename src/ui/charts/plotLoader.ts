import { createElement } from 'react';
import type { ComponentType, ReactNode } from 'react';
import type { PlotProps } from './Plot.tsx';

let loaded: ComponentType<PlotProps> | undefined;
let loading: Promise<void> | undefined;

/**
 * Fetches the drawing component, once, after the page has painted. Not by `Suspense`: it would reveal all
 * charts that wait together, in one long task; each looks for it when its own turn comes.
 */
export function loadPlot(): Promise<void> {
  loading ??= import('./Plot.tsx').then((module) => {
    loaded = module.default;
  });
  return loading;
}

/** The drawing, or nothing before it is there. */
export function renderPlot(props: PlotProps): ReactNode {
  return loaded ? createElement(loaded, props) : null;
}
