import { useEffect, useState } from 'react';
import type { RefObject } from 'react';

/** What a person is about to scroll to is fetched already. */
const AHEAD = '300px';

/** Whether any of an element can be seen: what cannot be seen need not be asked for. */
export function useInView(ref: RefObject<Element | null>): boolean {
  const [inView, setInView] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const observer = new IntersectionObserver(
      (entries) => setInView(entries.at(-1)?.isIntersecting ?? false),
      { rootMargin: AHEAD },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return inView;
}
