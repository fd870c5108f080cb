import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Port } from './client.ts';
import { createRestartableClient } from './restartable-client.ts';

/** A worker that answers while it is told to, and counts what it was asked. */
class FakeWorker {
  readonly target = new EventTarget();
  readonly asked: string[] = [];
  answers = true;
  terminated = false;

  readonly port: Port = {
    postMessage: (message) => {
      const { id, name } = message as { id: number; name: string };
      this.asked.push(name);
      if (this.answers) this.say({ kind: 'reply', id, ok: true, payload: null });
    },
    addEventListener: (type, listener) => this.target.addEventListener(type, listener),
    removeEventListener: (type, listener) => this.target.removeEventListener(type, listener),
  };

  say(data: unknown): void {
    this.target.dispatchEvent(Object.assign(new Event('message'), { data }));
  }
}

let workers: FakeWorker[] = [];
let locks = new Map<string, { signal: AbortSignal; callBack: () => void }>();

function setUp() {
  const client = createRestartableClient({
    open: () => {
      const worker = new FakeWorker();
      workers.push(worker);
      return { port: worker.port, terminate: () => void (worker.terminated = true) };
    },
    whenFree: (lock, signal, callBack) => locks.set(lock, { signal, callBack }),
    clock: () => performance.now(),
  });
  const failures: string[] = [];
  client.on('failure', ({ message }) => failures.push(message));
  return { client, failures, worker: workers[0]! };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  workers = [];
  locks = new Map();
});
afterEach(() => vi.useRealTimers());

describe('a worker that has ended', () => {
  it('is noticed by its lock, and what was asked of it rejects', async () => {
    const { client, failures, worker } = setUp();
    worker.say({ kind: 'event', name: 'alive', payload: { lock: 'life' } });
    worker.answers = false;
    const pending = client.call('pause');
    locks.get('life')!.callBack();
    await expect(pending).rejects.toThrow('closed');
    expect(failures).toEqual(['The training worker has ended.']);
    expect(worker.terminated).toBe(true);
  });

  it('is followed by another one that the same listeners hear', async () => {
    const { client, failures, worker } = setUp();
    const steps = vi.fn();
    client.on('running', steps);
    worker.say({ kind: 'event', name: 'alive', payload: { lock: 'life' } });
    client.restart();
    expect(locks.get('life')!.signal.aborted).toBe(true);
    locks.get('life')!.callBack();
    worker.say({ kind: 'event', name: 'running', payload: true });
    expect(steps).not.toHaveBeenCalled();
    workers[1]!.say({ kind: 'event', name: 'running', payload: true });
    expect(steps).toHaveBeenCalledTimes(1);
    expect(await client.call('play')).toBeNull();
    expect(workers[1]!.asked).toEqual(['play']);
    expect(failures).toEqual([]);
  });
});

describe('a silent worker', () => {
  it('is asked for a word, and given up after minutes without any', () => {
    const { failures, worker } = setUp();
    worker.answers = false;
    vi.advanceTimersByTime(175_000);
    expect(worker.asked).toEqual(['ping']);
    expect(failures).toEqual([]);
    vi.advanceTimersByTime(10_000);
    expect(failures).toEqual(['The training worker has not answered for 3 minutes.']);
  });

  it('is never given up while it answers', () => {
    const { failures, worker } = setUp();
    vi.advanceTimersByTime(3_600_000);
    expect(worker.asked.length).toBeGreaterThan(300);
    expect(failures).toEqual([]);
  });

  it('is given the longer, the longer it was silent before', () => {
    const { failures, worker } = setUp();
    worker.answers = false;
    vi.advanceTimersByTime(100_000);
    worker.say({ kind: 'event', name: 'running', payload: true });
    vi.advanceTimersByTime(1_900_000);
    expect(failures).toEqual([]);
    vi.advanceTimersByTime(105_000);
    expect(failures).toHaveLength(1);
  });

  it('is not blamed for time in which the page itself stood still', () => {
    const { failures, worker } = setUp();
    worker.answers = false;
    const hours = 8 * 3_600_000;
    vi.setSystemTime(Date.now() + hours);
    vi.spyOn(performance, 'now').mockReturnValueOnce(hours);
    vi.advanceTimersByTime(5_000);
    expect(failures).toEqual([]);
  });
});
