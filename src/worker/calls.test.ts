import { afterEach, describe, expect, it, vi } from 'vitest';
import { announceLife, remote, serveCalls } from './calls.ts';

interface Adder {
  add(a: number, b: number): Promise<number>;
  fill(values: Float32Array, value: number): Promise<{ readonly values: Float32Array }>;
  fail(): Promise<never>;
  secret(): Promise<string>;
}

const adder: Adder = {
  add: (a, b) => Promise.resolve(a + b),
  fill: (values, value) => Promise.resolve({ values: values.map(() => value) }),
  fail: () => Promise.reject(new RangeError('not today')),
  secret: () => Promise.resolve('never told'),
};

const channels: MessageChannel[] = [];
afterEach(() => channels.splice(0).forEach(({ port1 }) => port1.close()));

function connected(): { far: Adder; near: MessagePort } {
  const channel = new MessageChannel();
  channels.push(channel);
  serveCalls(channel.port1, adder, ['add', 'fill', 'fail']);
  return {
    far: remote<Adder>(channel.port2, ['add', 'fill', 'fail', 'secret']),
    near: channel.port2,
  };
}

describe('calls from afar', () => {
  it('answer each call with its own value', async () => {
    const { far } = connected();
    expect(await Promise.all([far.add(1, 2), far.add(3, 4)])).toEqual([3, 7]);
  });

  it('copy arguments and move typed arrays back', async () => {
    const { far } = connected();
    const mine = new Float32Array(4);
    const { values } = await far.fill(mine, 2);
    expect([...values]).toEqual([2, 2, 2, 2]);
    expect(mine).toHaveLength(4);
  });

  it('bring errors back as they were said', async () => {
    await expect(connected().far.fail()).rejects.toThrow('not today');
  });

  it('refuse a method that is not served', async () => {
    await expect(connected().far.secret()).rejects.toThrow('"secret" cannot be called');
  });

  it('reject all that is pending, and all that follows, when the other side crashes', async () => {
    const { far, near } = connected();
    const pending = far.add(1, 2);
    near.dispatchEvent(new Event('messageerror'));
    await expect(pending).rejects.toThrow('a worker stopped');
    await expect(far.add(1, 2)).rejects.toThrow('a worker stopped');
  });

  it('reject where the other side ends without a word, which its lock tells', async () => {
    const channel = new MessageChannel();
    channels.push(channel);
    const held = new Set<string>();
    const locks = {
      request: (name: string, hold: () => Promise<never>): Promise<never> => {
        held.add(name);
        return hold();
      },
    };
    const waiting = new Map<string, () => void>();
    let ended = 0;
    const far = remote<Adder>(channel.port2, ['add'], {
      whenFree: (lock, callBack) => void waiting.set(lock, callBack),
      onGone: () => ended++,
    });
    announceLife(channel.port1, locks as unknown as LockManager, 'a worker');
    const pending = far.add(1, 2);
    await vi.waitFor(() => expect([...waiting.keys()]).toEqual([...held]));
    for (const free of waiting.values()) free();
    await expect(pending).rejects.toThrow('a worker stopped: it has ended');
    await expect(far.add(1, 2)).rejects.toThrow('a worker stopped');
    expect(ended).toBe(1);
  });
});
