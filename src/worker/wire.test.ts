import { afterEach, describe, expect, it, vi } from 'vitest';
import { createClient } from './client.ts';
import type { Client } from './client.ts';
import type { SessionInfo, SplitEvaluation } from '../training/session-info.ts';
import { createEmit, parsePageMessage, parseWorkerMessage, serve } from './wire.ts';
import type { Handlers } from './wire.ts';

const refuse = (): never => {
  throw new Error('not in this test');
};

const REFUSING: Handlers = {
  load: refuse,
  play: refuse,
  pause: refuse,
  step: refuse,
  yieldToInput: refuse,
  reset: refuse,
  newSeed: refuse,
  set: refuse,
  evaluate: refuse,
  inspectModel: refuse,
  example: refuse,
  read: refuse,
  readTable: refuse,
  attempt: refuse,
  stepRecord: refuse,
  tokenStats: refuse,
  completions: refuse,
  tasks: refuse,
  lineage: refuse,
  history: refuse,
  buffer: refuse,
  attemptMap: refuse,
  icicle: refuse,
  record: refuse,
  export: refuse,
  import: refuse,
  open: refuse,
  save: refuse,
  ping: refuse,
  dispose: refuse,
};

const TRIAL = { domain: 'locks', text: '', earlier: [], latest: null, greedy: true };

const open: (() => void)[] = [];

function connect(handlers: Partial<Handlers>): { client: Client; channel: MessageChannel } {
  const channel = new MessageChannel();
  const stop = serve(channel.port2, { ...REFUSING, ...handlers });
  const client = createClient(channel.port1);
  open.push(() => {
    stop();
    client.close();
    channel.port1.close();
    channel.port2.close();
  });
  return { client, channel };
}

afterEach(() => {
  open.splice(0).forEach((close) => close());
});

describe('commands over a MessageChannel', () => {
  it('carries the request to the handler and its reply back', async () => {
    const seen: unknown[] = [];
    const { client } = connect({
      newSeed: (request) => {
        seen.push(request);
        return { step: 0, origin: `seed ${request.seed}` } as SessionInfo;
      },
    });
    const info = await client.call('newSeed', { seed: 7 });
    expect(seen).toEqual([{ seed: 7 }]);
    expect(info.origin).toBe('seed 7');
  });

  it('matches replies to commands when they come in another order', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { client } = connect({
      evaluate: async () => {
        await held;
        return { step: 3 } as SplitEvaluation;
      },
      pause: () => null,
    });
    const evaluation = client.call('evaluate', { split: 'test' });
    expect(await client.call('pause')).toBeNull();
    release();
    expect((await evaluation).step).toBe(3);
  });

  it("rejects with the handler's message, whether it throws at once or later", async () => {
    const { client } = connect({
      step: () => {
        throw new RangeError('refused while playing');
      },
      play: () => Promise.reject(new Error('no session')),
    });
    await expect(client.call('step')).rejects.toThrow('refused while playing');
    await expect(client.call('play')).rejects.toThrow('no session');
  });

  it('moves bytes instead of copying them', async () => {
    const sent = Uint8Array.from([1, 2, 3]);
    const { client } = connect({
      export: () => ({ path: 'run.zip', bytes: sent }),
    });
    const file = await client.call('export');
    expect([...file.bytes]).toEqual([1, 2, 3]);
    expect(sent.byteLength).toBe(0);
  });
});

describe('events', () => {
  it('reach every subscriber until it unsubscribes', async () => {
    const { client, channel } = connect({ pause: () => null });
    const emit = createEmit(channel.port2);
    const kept = vi.fn();
    const left = vi.fn();
    client.on('running', kept);
    const unsubscribe = client.on('running', left);
    emit('running', true);
    await client.call('pause');
    unsubscribe();
    emit('running', false);
    await client.call('pause');
    expect(kept.mock.calls).toEqual([[true], [false]]);
    expect(left.mock.calls).toEqual([[true]]);
  });
});

describe('malformed messages', () => {
  it('are refused by the worker with what is wrong, to the command that was meant', async () => {
    const { channel } = connect({});
    const answers: unknown[] = [];
    channel.port1.addEventListener('message', (event) => answers.push(event.data));
    channel.port1.postMessage({ kind: 'command', id: 4, name: 'selfDestruct', payload: null });
    channel.port1.postMessage({ kind: 'command', id: 5, name: 'newSeed', payload: { seed: 'x' } });
    channel.port1.postMessage('hello');
    await vi.waitFor(() => expect(answers).toHaveLength(3));
    expect(answers[0]).toMatchObject({ kind: 'reply', id: 4, ok: false });
    expect(JSON.stringify(answers[0])).toContain('selfDestruct');
    expect(JSON.stringify(answers[1])).toContain('seed');
    expect(answers[2]).toMatchObject({ kind: 'event', name: 'failure' });
  });

  it('become failures on the page', async () => {
    const { client, channel } = connect({});
    const failures: string[] = [];
    client.on('failure', ({ message }) => failures.push(message));
    channel.port2.postMessage({ kind: 'event', name: 'running', payload: 'yes' });
    channel.port2.postMessage({ kind: 'reply', id: 1 });
    await vi.waitFor(() => expect(failures).toHaveLength(2));
    expect(failures[0]).toContain('running');
  });

  it.each([
    [null, false],
    [{ kind: 'command', id: 1, name: 'play', payload: null }, true],
    [{ kind: 'command', id: 1.5, name: 'play', payload: null }, false],
    [{ kind: 'command', id: 1, name: 'play', payload: 3 }, false],
    [{ kind: 'command', id: 1, name: 'set', payload: { values: { temperature: 1 } } }, true],
    [{ kind: 'command', id: 1, name: 'toString', payload: null }, false],
    [{ kind: 'command', id: 1, name: 'attempt', payload: TRIAL }, true],
    [{ kind: 'command', id: 1, name: 'attempt', payload: { ...TRIAL, latest: {} } }, false],
    [{ kind: 'command', id: 1, name: 'attempt', payload: { ...TRIAL, earlier: [3] } }, false],
    [{ kind: 'command', id: 1, name: 'read', payload: { domain: 'locks' } }, false],
  ])('parsePageMessage(%j) accepts: %s', (data, ok) => {
    expect(parsePageMessage(data).ok).toBe(ok);
  });

  it.each([
    [{ kind: 'event', name: 'failure', payload: { message: 'x' } }, true],
    [{ kind: 'event', name: 'failure', payload: {} }, false],
    [{ kind: 'event', name: 'unheard', payload: {} }, false],
    [{ kind: 'reply', id: 1, ok: true, payload: null }, true],
    [{ kind: 'reply', id: 1, ok: false, error: { message: 'x' } }, true],
    [{ kind: 'reply', id: 1, ok: false }, false],
  ])('parseWorkerMessage(%j) accepts: %s', (data, ok) => {
    expect(parseWorkerMessage(data).ok).toBe(ok);
  });
});
