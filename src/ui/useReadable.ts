import { useEffect, useRef, useState } from 'react';

/** Follows a value that changes too fast to be read: at most every `interval` ms, and always in the end. */
export function useReadable<T>(value: T, interval: number): T {
  const [shown, setShown] = useState(value);
  const shownAt = useRef(-Infinity);
  useEffect(() => {
    const wait = Math.max(0, shownAt.current + interval - performance.now());
    const timer = setTimeout(() => {
      shownAt.current = performance.now();
      setShown(value);
    }, wait);
    return () => clearTimeout(timer);
  }, [value, interval]);
  return shown;
}
