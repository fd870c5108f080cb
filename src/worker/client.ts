/** The page's side of the protocol: commands as promises, events as subscriptions. */
import type { CommandName, Commands, EventName, Events, QueryName } from './protocol.ts';
import { listen, listenForCrash, parseWorkerMessage, post } from './wire.ts';
import type { CommandMessage, EventMessage, Port, WorkerMessage } from './wire.ts';

export type { Port } from './wire.ts';

type Payload<K extends CommandName> = Commands[K]['request'] extends null
  ? readonly []
  : readonly [request: Commands[K]['request']];

export interface Client {
  /** Rejects with the worker's own message, at once if the worker is gone. */
  call<K extends CommandName>(name: K, ...payload: Payload<K>): Promise<Commands[K]['reply']>;
  /** As `call`, for commands that only read. */
  ask<K extends QueryName>(name: K, request: Commands[K]['request']): Promise<Commands[K]['reply']>;
  /** Returns the way to unsubscribe. */
  on<K extends EventName>(name: K, listener: (payload: Events[K]) => void): () => void;
  /** Stops listening; what is pending is rejected. Terminating the worker is its owner's business. */
  close(): void;
}

interface Pending {
  resolve(payload: Commands[CommandName]['reply']): void;
  reject(error: Error): void;
}

/** State of one connection. `gone` holds the reason once no reply can come any more. */
interface Connection {
  readonly port: Port;
  readonly pending: Map<number, Pending>;
  readonly listeners: Map<EventName, Set<(payload: never) => void>>;
  lastId: number;
  gone: string | null;
}

export function createClient(port: Port): Client {
  const connection: Connection = {
    port,
    pending: new Map(),
    listeners: new Map(),
    lastId: 0,
    gone: null,
  };
  const stops = [
    listen(port, (data) => receive(connection, data)),
    listenForCrash(port, (reason) => crash(connection, `The training worker failed: ${reason}.`)),
  ];
  return {
    call: (name, ...payload) => call(connection, name, payload[0] ?? null),
    ask: (name, request) => call(connection, name, request),
    on: (name, listener) => subscribe(connection, name, listener),
    close: () => {
      stops.forEach((stop) => stop());
      abandon(connection, 'The training worker was closed.');
    },
  };
}

function call<K extends CommandName>(
  connection: Connection,
  name: K,
  payload: Commands[K]['request'] | null,
): Promise<Commands[K]['reply']> {
  if (connection.gone !== null) return Promise.reject(new Error(connection.gone));
  const id = ++connection.lastId;
  return new Promise<Commands[K]['reply']>((resolve, reject) => {
    connection.pending.set(id, { resolve, reject });
    post(connection.port, { kind: 'command', id, name, payload } as CommandMessage);
  });
}

function subscribe<K extends EventName>(
  connection: Connection,
  name: K,
  listener: (payload: Events[K]) => void,
): () => void {
  const set = connection.listeners.get(name) ?? new Set();
  connection.listeners.set(name, set);
  set.add(listener);
  return () => set.delete(listener);
}

function receive(connection: Connection, data: unknown): void {
  const parsed = parseWorkerMessage(data);
  if (!parsed.ok) {
    deliver(connection, { kind: 'event', name: 'failure', payload: { message: parsed.problem } });
  } else if (parsed.message.kind === 'event') {
    deliver(connection, parsed.message);
  } else {
    settle(connection, parsed.message);
  }
}

function deliver(connection: Connection, event: EventMessage): void {
  const set = connection.listeners.get(event.name) ?? [];
  for (const listener of set) listener(event.payload as never);
}

function settle(connection: Connection, reply: Exclude<WorkerMessage, EventMessage>): void {
  const pending = connection.pending.get(reply.id);
  connection.pending.delete(reply.id);
  if (reply.ok) pending?.resolve(reply.payload);
  else pending?.reject(new Error(reply.error.message));
}

function crash(connection: Connection, message: string): void {
  if (connection.gone !== null) return;
  abandon(connection, message);
  deliver(connection, { kind: 'event', name: 'failure', payload: { message } });
}

function abandon(connection: Connection, reason: string): void {
  connection.gone = reason;
  for (const pending of connection.pending.values()) pending.reject(new Error(reason));
  connection.pending.clear();
}
