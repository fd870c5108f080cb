import { Children, startTransition, useEffect, useState, type ReactNode } from 'react';

/** Without a document nothing is built later. */
const AT_FIRST = typeof document === 'undefined' ? Infinity : 1;

/** Builds its children one after another, each in a task of its own: a place that is opened answers at once. */
export function InTurn({ children }: { readonly children: ReactNode }) {
  const all = Children.toArray(children);
  const [built, setBuilt] = useState(AT_FIRST);
  const isWhole = built >= all.length;
  useEffect(() => {
    if (isWhole) return;
    const timer = setTimeout(() => startTransition(() => setBuilt(built + 1)));
    return () => clearTimeout(timer);
  }, [built, isWhole]);
  return all.slice(0, built);
}
