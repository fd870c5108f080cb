/**
 * Calls between workers: a method's name and its arguments go one way, a value or an error comes back.
 * Typed arrays in a value move instead of being copied, so a method returns what it no longer needs.
 */
import * as v from 'valibot';
import { listen, listenForCrash, postCall, type Port } from './wire.ts';

/** An object whose methods can be called from afar. */
export type Remote<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer A) => Promise<infer R>
    ? (...args: A) => Promise<R>
    : never;
};

const callSchema = v.object({
  kind: v.literal('call'),
  id: v.number(),
  method: v.string(),
  args: v.array(v.unknown()),
});

const answerSchema = v.variant('ok', [
  v.object({ kind: v.literal('answer'), id: v.number(), ok: v.literal(true), value: v.unknown() }),
  v.object({
    kind: v.literal('answer'),
    id: v.number(),
    ok: v.literal(false),
    message: v.string(),
  }),
]);

/** Answers calls of the methods listed; any other is refused. Returns the way to stop. */
export function serveCalls<T extends object>(
  port: Port,
  target: T,
  methods: readonly (keyof T & string)[],
): () => void {
  return listen(port, (data) => {
    const call = v.safeParse(callSchema, data);
    if (!call.success) return;
    const { id, method, args } = call.output;
    const known = methods.find((name) => name === method);
    void answer(port, id, () => {
      if (known === undefined) throw new RangeError(`"${method}" cannot be called`);
      // Arguments were typed where `remote` sent them.
      return (target[known] as (...args: unknown[]) => unknown)(...args);
    });
  });
}

async function answer(port: Port, id: number, compute: () => unknown): Promise<void> {
  try {
    const value = await compute();
    postCall(port, { kind: 'answer', id, ok: true, value }, arraysIn(value));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    postCall(port, { kind: 'answer', id, ok: false, message }, []);
  }
}

/** The buffers of typed arrays that stand directly in an object and fill their buffers. */
function arraysIn(value: unknown): ArrayBuffer[] {
  if (typeof value !== 'object' || value === null) return [];
  const buffers = Object.values(value).flatMap((field: unknown) =>
    ArrayBuffer.isView(field) &&
    field.buffer instanceof ArrayBuffer &&
    field.byteLength === field.buffer.byteLength
      ? [field.buffer]
      : [],
  );
  return [...new Set(buffers)];
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

const aliveSchema = v.object({ kind: v.literal('alive'), lock: v.string() });

/**
 * Says which lock this side holds for as long as it lives: whoever waits for it hears of an end that says
 * nothing itself, and of nothing else, since a busy worker holds it too.
 */
export function announceLife(port: Port, locks: Pick<LockManager, 'request'>, name: string): void {
  const lock = `${name} ${crypto.getRandomValues(new Uint32Array(2)).join('-')}`;
  void locks.request(lock, () => {
    postCall(port, { kind: 'alive', lock }, []);
    return new Promise<never>(() => undefined);
  });
}

export interface RemoteOptions {
  /** Calls back once nobody holds the lock any more; absent where there are no locks. */
  readonly whenFree?: ((lock: string, callBack: () => void) => void) | undefined;
  /** Told once, when the other side is gone. */
  readonly onGone?: () => void;
}

/** The far object. If the other side ends, all that is pending and all that follows rejects. */
export function remote<T extends object>(
  port: Port,
  methods: readonly (keyof T & string)[],
  { whenFree, onGone }: RemoteOptions = {},
): Remote<T> {
  const waiting = new Map<number, Waiting>();
  let gone: Error | undefined;
  let lastId = 0;
  const end = (message: string): void => {
    if (gone) return;
    gone = new Error(`a worker stopped: ${message}`);
    onGone?.();
    for (const { reject } of waiting.values()) reject(gone);
    waiting.clear();
  };
  listen(port, (data) => {
    if (v.is(aliveSchema, data)) return whenFree?.(data.lock, () => end('it has ended'));
    const parsed = v.safeParse(answerSchema, data);
    if (!parsed.success) return;
    const call = waiting.get(parsed.output.id);
    waiting.delete(parsed.output.id);
    if (parsed.output.ok) call?.resolve(parsed.output.value);
    else call?.reject(new Error(parsed.output.message));
  });
  listenForCrash(port, end);
  const call =
    (method: string) =>
    (...args: unknown[]): Promise<unknown> =>
      new Promise((resolve, reject) => {
        if (gone) return reject(gone);
        const id = ++lastId;
        waiting.set(id, { resolve, reject });
        postCall(port, { kind: 'call', id, method, args }, []);
      });
  return Object.fromEntries(methods.map((name) => [name, call(name)])) as unknown as Remote<T>;
}
