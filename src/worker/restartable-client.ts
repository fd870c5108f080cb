/**
 * A client whose worker can be replaced by another one: whoever listens goes on hearing. A worker that has
 * ended is noticed without a word from it; one that is busy, however long, is left in peace.
 */
import { createClient, type Client, type Port } from './client.ts';
import type { Commands, EventName, Events, QueryName } from './protocol.ts';
import { listen } from './wire.ts';

export interface OwnedPort {
  readonly port: Port;
  readonly terminate: () => void;
}

export interface RestartableClient extends Client {
  /** Ends the worker and begins another one, which knows nothing yet. */
  restart(): void;
}

export interface RestartOptions {
  readonly open: () => OwnedPort;
  /** Calls back once nobody holds the lock any more; absent where there are no locks. */
  readonly whenFree?: (lock: string, signal: AbortSignal, callBack: () => void) => void;
  /** Milliseconds. */
  readonly clock: () => number;
}

interface Subscription {
  /** Listens to a client; returns the way to stop. */
  readonly listenTo: (client: Client) => () => void;
  stop: () => void;
}

export function createRestartableClient(options: RestartOptions): RestartableClient {
  const subscriptions = new Set<Subscription>();
  const failed = new Set<(failure: Events['failure']) => void>();
  const end = (connection: Connection, message: string): void => {
    if (connection !== current) return;
    connection.close();
    for (const listener of failed) listener({ message });
  };
  let current = connect(options, end);
  const on = <K extends EventName>(
    name: K,
    listener: (payload: Events[K]) => void,
  ): (() => void) => {
    const listenTo = (client: Client): (() => void) => client.on(name, listener);
    const subscription = { listenTo, stop: listenTo(current.client) };
    subscriptions.add(subscription);
    const own = listener as (failure: Events['failure']) => void;
    if (name === 'failure') failed.add(own);
    return () => {
      subscription.stop();
      subscriptions.delete(subscription);
      failed.delete(own);
    };
  };
  return {
    call: (name, ...payload) => current.client.call(name, ...payload),
    ask: <K extends QueryName>(name: K, request: Commands[K]['request']) =>
      current.client.ask(name, request),
    on,
    close: () => current.close(),
    restart: () => {
      current.close();
      current = connect(options, end);
      for (const one of subscriptions) one.stop = one.listenTo(current.client);
    },
  };
}

interface Connection {
  readonly client: Client;
  readonly close: () => void;
}

function connect(
  { open, whenFree, clock }: RestartOptions,
  end: (connection: Connection, message: string) => void,
): Connection {
  const { port, terminate } = open();
  const client = createClient(port);
  const ended = new AbortController();
  const stopWatching = watchSilence(client, port, clock, (message) => end(connection, message));
  client.on('alive', ({ lock }) =>
    whenFree?.(lock, ended.signal, () => end(connection, 'The training worker has ended.')),
  );
  const connection = {
    client,
    close: () => {
      ended.abort();
      stopWatching();
      client.close();
      terminate();
    },
  };
  return connection;
}

const TICK_MS = 5_000;
/** A step may take minutes without leaving its own turn; nothing is known of the longest before it is over. */
const SHORTEST_LIMIT_MS = 180_000;
/** Of the longest silence after which it was heard again. */
const LIMIT_TIMES = 20;

/** Time in which the page itself stood still, as with the lid closed, is not counted. */
function watchSilence(
  client: Client,
  port: Port,
  clock: () => number,
  onSilent: (message: string) => void,
): () => void {
  let [silence, longest, last, isAsked] = [0, 0, clock(), false];
  const stop = listen(port, () => {
    longest = Math.max(longest, silence);
    silence = 0;
    isAsked = false;
  });
  const timer = setInterval(() => {
    const now = clock();
    silence += Math.min(now - last, TICK_MS);
    last = now;
    if (silence >= Math.max(SHORTEST_LIMIT_MS, LIMIT_TIMES * longest)) {
      onSilent(`The training worker has not answered for ${Math.round(silence / 60_000)} minutes.`);
    } else if (silence >= TICK_MS && !isAsked) {
      isAsked = true;
      // Its answer is a word from the worker like any other.
      void client.call('ping').catch(() => undefined);
    }
  }, TICK_MS);
  return () => {
    clearInterval(timer);
    stop();
  };
}
