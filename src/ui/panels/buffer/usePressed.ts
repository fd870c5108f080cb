import { useState } from 'react';

/** A value that does not change under a pressed pointer: a click means what stood there. */
export function usePressed<T>(newest: T) {
  const [held, setHeld] = useState<{ readonly value: T } | null>(null);
  // The click is still to come.
  const release = (): void => void setTimeout(() => setHeld(null));
  return {
    value: held ? held.value : newest,
    onPointerDown: () => setHeld({ value: newest }),
    onPointerUp: release,
    onPointerCancel: release,
    onPointerLeave: release,
  };
}
