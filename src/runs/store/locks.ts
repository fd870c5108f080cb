/** Who may write: a run is written by one page or process at a time. */

export interface Locks {
  /** Waits until nobody else holds the name, and holds it while the body runs. */
  exclusive<T>(name: string, body: () => Promise<T>): Promise<T>;
  /** Holds the name until the function returned is called; undefined where somebody else holds it. */
  tryHold(name: string): Promise<(() => void) | undefined>;
}

/** Within one page or process. */
export function memoryLocks(): Locks {
  const held = new Set<string>();
  const waiting = new Map<string, Promise<unknown>>();
  return {
    exclusive: async (name, body) => {
      const before = waiting.get(name) ?? Promise.resolve();
      const result = before.then(body);
      waiting.set(
        name,
        result.catch(() => undefined),
      );
      return result;
    },
    tryHold: async (name) => {
      if (held.has(name)) return undefined;
      held.add(name);
      return () => void held.delete(name);
    },
  };
}

/** Among all pages and workers of an origin. A page that is closed or crashes lets go. */
export function webLocks(locks: LockManager): Locks {
  return {
    // The type says that a promise of the body's promise comes back; it is one of its value.
    exclusive: async (name, body) => {
      const result = await locks.request(name, async () => ({ value: await body() }));
      return result.value;
    },
    tryHold: (name) =>
      new Promise((resolve, reject) => {
        const hold = (lock: Lock | null): Promise<void> | undefined => {
          if (lock) return new Promise((release) => resolve(() => release()));
          resolve(undefined);
          return undefined;
        };
        locks.request(name, { ifAvailable: true }, hold).catch(reject);
      }),
  };
}
