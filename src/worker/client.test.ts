import { describe, expect, it, vi } from 'vitest';
import { createClient } from './client.ts';
import type { Port } from './client.ts';

/** A worker that never answers, and crashes on demand. */
function silentWorker(): { port: Port; crash: (event: Event) => void } {
  const target = new EventTarget();
  const port: Port = {
    postMessage: () => undefined,
    addEventListener: (type, listener) => target.addEventListener(type, listener),
    removeEventListener: (type, listener) => target.removeEventListener(type, listener),
  };
  return { port, crash: (event) => target.dispatchEvent(event) };
}

function errorEvent(message: string): Event {
  return Object.assign(new Event('error'), { message });
}

describe('when the worker crashes', () => {
  it('rejects what is pending and what comes later, and reports one failure', async () => {
    const { port, crash } = silentWorker();
    const client = createClient(port);
    const failure = vi.fn();
    client.on('failure', failure);
    const pending = client.call('step');
    crash(errorEvent('out of memory'));
    crash(errorEvent('again'));
    await expect(pending).rejects.toThrow('out of memory');
    await expect(client.call('play')).rejects.toThrow('out of memory');
    expect(failure).toHaveBeenCalledExactlyOnceWith({
      message: 'The training worker failed: out of memory.',
    });
  });

  it('says so when the worker did not even start', async () => {
    const { port, crash } = silentWorker();
    const client = createClient(port);
    const pending = client.call('play');
    crash(new Event('error'));
    await expect(pending).rejects.toThrow('it could not be started');
  });
});

describe('close', () => {
  it('rejects what is pending and stays silent', async () => {
    const { port, crash } = silentWorker();
    const client = createClient(port);
    const failure = vi.fn();
    client.on('failure', failure);
    const pending = client.call('play');
    client.close();
    crash(errorEvent('late'));
    await expect(pending).rejects.toThrow('closed');
    expect(failure).not.toHaveBeenCalled();
  });
});
