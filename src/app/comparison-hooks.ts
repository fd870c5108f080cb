/** React's thin side of the comparison, which is fetched when its panel is first opened. */
import { createContext, use } from 'react';
import type { Comparison, ComparisonState } from './comparison.ts';
import { useSelected } from './hooks.ts';

/** Fetches the comparison, the same one every time; null where there is none to be had. */
export const OpenComparison = createContext<(() => Promise<Comparison>) | null>(null);

export const ComparisonContext = createContext<Comparison | null>(null);

/** @throws Error outside of a `ComparisonContext`. */
export function useComparison(): Comparison {
  const comparison = use(ComparisonContext);
  if (comparison === null) throw new Error('useComparison: there is no ComparisonContext above');
  return comparison;
}

export function useCompared<T>(select: (state: ComparisonState) => T): T {
  return useSelected(useComparison().store, select);
}
