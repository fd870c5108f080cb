/** What one window at a time may do. */

/** Holds a name until the function returned is called, or the page goes; undefined where another window holds it. */
export type Hold = (name: string) => Promise<(() => void) | undefined>;

/** @param locks as of `navigator.locks`; absent where the address is not a safe one: nothing is held then. */
export function holdBy(locks: LockManager | undefined): Hold {
  if (!locks) return async () => () => undefined;
  return (name) =>
    new Promise((resolve) => {
      locks
        .request(name, { ifAvailable: true }, (lock) => {
          if (!lock) return resolve(undefined);
          return new Promise<void>((release) => resolve(() => release()));
        })
        // A frame that may not ask (sandboxed) shares nothing with other windows either.
        .catch(() => resolve(() => undefined));
    });
}
