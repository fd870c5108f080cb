import { useEffect, useState } from 'react';

/** A value that changes at most every `interval` ms: for what is asked as the pointer moves. */
export function useThrottled<T>(value: T, interval: number): T {
  const [state, setState] = useState({ value, at: -Infinity });
  useEffect(() => {
    if (Object.is(state.value, value)) return undefined;
    const wait = Math.max(0, state.at + interval - performance.now());
    const timer = setTimeout(() => setState({ value, at: performance.now() }), wait);
    return () => clearTimeout(timer);
  }, [value, state, interval]);
  return state.value;
}
