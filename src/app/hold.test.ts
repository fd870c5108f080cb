import { expect, it } from 'vitest';
import { holdBy } from './hold.ts';

/** As much of the browser's locks as is asked of them. */
function fakeLocks(): LockManager {
  const held = new Set<string>();
  const request = async (
    name: string,
    _options: LockOptions,
    body: (lock: Lock | null) => unknown,
  ): Promise<unknown> => {
    if (held.has(name)) return body(null);
    held.add(name);
    try {
      return await body({ name, mode: 'exclusive' });
    } finally {
      held.delete(name);
    }
  };
  return { request, query: () => Promise.reject(new Error('not asked')) } as LockManager;
}

it('holds a name until it is let go, and refuses it to others meanwhile', async () => {
  const locks = fakeLocks();
  const [one, other] = [holdBy(locks), holdBy(locks)];
  const release = await one('a');
  expect(release).toBeDefined();
  expect(await other('a')).toBeUndefined();
  expect(await other('b')).toBeDefined();
  release!();
  await Promise.resolve();
  await expect.poll(() => other('a')).toBeDefined();
});

it('lets everybody in where there are no locks', async () => {
  expect(await holdBy(undefined)('a')).toBeDefined();
});

it('lets in who may not ask', async () => {
  const request = (): Promise<never> => Promise.reject(new Error('a sandboxed frame'));
  const locks: LockManager = { request, query: () => Promise.reject(new Error('not asked')) };
  expect(await holdBy(locks)('a')).toBeDefined();
});
