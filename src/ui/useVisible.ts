import { useEffect, useState } from 'react';
import type { RefObject } from 'react';

export interface VisibleOptions {
  /** How far outside of the window still counts, as a CSS length. */
  readonly margin?: string;
  /** What holds until the browser has said it. */
  readonly initially?: boolean;
}

/** Whether any of an element can be seen: what cannot be seen need not be asked for or drawn. */
export function useVisible(
  ref: RefObject<Element | null>,
  { margin = '0px', initially = false }: VisibleOptions = {},
): boolean {
  const [visible, setVisible] = useState(initially);
  useEffect(() => observeVisible(ref.current, margin, setVisible), [ref, margin]);
  return visible;
}

/** Calls `notify` when the element comes into view or leaves it. Returns the way to stop. */
export function observeVisible(
  element: Element | null,
  margin: string,
  notify: (visible: boolean) => void,
): () => void {
  const observer = new IntersectionObserver(
    (entries) => notify(entries.at(-1)?.isIntersecting ?? false),
    { rootMargin: margin },
  );
  if (element) observer.observe(element);
  return () => observer.disconnect();
}
