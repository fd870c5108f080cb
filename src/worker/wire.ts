/**
 * The wire between page and worker: the one place where messages are posted and read. Both sides check
 * the envelope, the name and the outline of the payload of every message where it enters.
 */
import * as v from 'valibot';
import type { CommandName, Commands, EventName, Events } from './protocol.ts';

/** What a Worker, a worker's global scope and a MessagePort have in common. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: string, listener: (event: Event) => void): void;
  removeEventListener(type: string, listener: (event: Event) => void): void;
  /** MessagePorts wait for it; workers have none. */
  start?(): void;
}

export type CommandMessage = {
  [K in CommandName]: {
    readonly kind: 'command';
    readonly id: number;
    readonly name: K;
    readonly payload: Commands[K]['request'];
  };
}[CommandName];

export type EventMessage = {
  [K in EventName]: { readonly kind: 'event'; readonly name: K; readonly payload: Events[K] };
}[EventName];

export interface ReplyMessage {
  readonly kind: 'reply';
  readonly id: number;
  readonly ok: true;
  readonly payload: Commands[CommandName]['reply'];
}

export interface RefusalMessage {
  readonly kind: 'reply';
  readonly id: number;
  readonly ok: false;
  readonly error: { readonly message: string };
}

export type PageMessage = CommandMessage;
export type WorkerMessage = EventMessage | ReplyMessage | RefusalMessage;

// Outlines, not full types: both ends are built from one protocol.ts, and values that come from outside
// (files, the URL) are checked in full by the tables of schema/.
const record = v.record(v.string(), v.unknown());
const bytes = v.instance(Uint8Array);
const attempt = v.looseObject({
  tokens: v.array(v.string()),
  feedback: v.array(v.string()),
  quality: v.number(),
});

const model = v.looseObject({ source: record, training: record });
const span = v.tuple([v.number(), v.number()]);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const COMMAND_PAYLOADS = {
  load: v.looseObject({
    config: record,
    assetBase: v.string(),
    recording: v.optional(v.string()),
    model: v.optional(model),
  }),
  inspectModel: v.looseObject({ model, config: record }),
  play: v.null(),
  pause: v.null(),
  step: v.null(),
  yieldToInput: v.null(),
  reset: v.null(),
  newSeed: v.looseObject({ seed: v.number() }),
  set: v.looseObject({ values: record }),
  evaluate: v.looseObject({ split: v.string() }),
  example: v.looseObject({ domain: v.string() }),
  read: v.looseObject({ domain: v.string(), text: v.string() }),
  readTable: v.looseObject({ domain: v.string(), text: v.string(), correction: record }),
  attempt: v.looseObject({
    domain: v.string(),
    text: v.string(),
    earlier: v.array(attempt),
    latest: v.nullable(attempt),
    greedy: v.boolean(),
  }),
  stepRecord: v.looseObject({ step: v.number() }),
  tokenStats: v.looseObject({ step: v.number(), group: v.number() }),
  completions: v.looseObject({
    text: v.string(),
    modes: v.array(v.picklist(['solve', 'improve', 'diverge'])),
    solved: v.nullable(v.boolean()),
    quality: span,
    steps: v.nullable(span),
    depths: v.nullable(span),
    taskId: v.nullable(v.number()),
    sort: v.looseObject({ by: v.string(), descending: v.boolean() }),
    offset: count,
    limit: count,
  }),
  tasks: v.looseObject({ limit: count }),
  lineage: v.looseObject({ taskId: v.number() }),
  history: v.looseObject({ id: v.number() }),
  buffer: v.looseObject({
    depth: v.nullable(count),
    bin: v.nullable(count),
    modes: v.array(v.picklist(['solve', 'improve', 'diverge'])),
    text: v.string(),
    sort: v.looseObject({ by: v.string(), descending: v.boolean() }),
    offset: count,
    limit: count,
  }),
  attemptMap: v.looseObject({ most: count }),
  icicle: v.looseObject({
    to: v.nullable(v.number()),
    recent: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))),
    most: v.pipe(v.number(), v.integer(), v.minValue(1)),
  }),
  record: v.looseObject({ controls: v.array(record) }),
  export: v.null(),
  import: v.looseObject({ bytes, assetBase: v.string(), backend: v.optional(v.string()) }),
  open: v.looseObject({
    id: v.string(),
    assetBase: v.string(),
    backend: v.nullable(v.string()),
  }),
  save: v.null(),
  ping: v.null(),
  dispose: v.null(),
} as const satisfies Record<CommandName, v.GenericSchema>;

const EVENT_PAYLOADS = {
  loading: v.looseObject({ message: v.string(), done: v.number(), total: v.number() }),
  progress: v.looseObject({
    rows: v.array(record),
    profiles: v.array(v.looseObject({ step: v.number(), count: v.array(v.number()) })),
    latest: v.looseObject({ step: v.number(), groups: v.array(record) }),
  }),
  evaluation: v.looseObject({
    step: v.number(),
    split: v.string(),
    quality: v.array(record),
  }),
  marks: v.array(v.looseObject({ step: v.number(), param: v.string() })),
  control: v.looseObject({
    config: record,
    rows: v.array(record),
    profiles: v.array(record),
    evaluations: v.array(record),
  }),
  running: v.boolean(),
  kept: v.nullable(
    v.looseObject({ id: v.string(), name: v.string(), step: count, isReadOnly: v.boolean() }),
  ),
  unkept: v.looseObject({ message: v.string() }),
  madeRoom: v.looseObject({ checkpoints: count, bytes: count }),
  snapshot: v.looseObject({ step: count, bytes }),
  alive: v.looseObject({ lock: v.string() }),
  failure: v.looseObject({ message: v.string() }),
} as const satisfies Record<EventName, v.GenericSchema>;

const commandSchema = v.object({
  kind: v.literal('command'),
  id: v.pipe(v.number(), v.integer()),
  name: v.picklist(names(COMMAND_PAYLOADS)),
  payload: v.unknown(),
});

const eventSchema = v.object({
  kind: v.literal('event'),
  name: v.picklist(names(EVENT_PAYLOADS)),
  payload: v.unknown(),
});

const replySchema = v.variant('ok', [
  v.object({
    kind: v.literal('reply'),
    id: v.pipe(v.number(), v.integer()),
    ok: v.literal(true),
    payload: v.unknown(),
  }),
  v.object({
    kind: v.literal('reply'),
    id: v.pipe(v.number(), v.integer()),
    ok: v.literal(false),
    error: v.object({ message: v.string() }),
  }),
]);

const workerSchema = v.union([eventSchema, replySchema]);

function names<K extends string>(table: Readonly<Record<K, unknown>>): K[] {
  return Object.keys(table) as K[];
}

export type Parsed<T> =
  { readonly ok: true; readonly message: T } | { readonly ok: false; readonly problem: string };

/** Checks what a worker received. */
export function parsePageMessage(data: unknown): Parsed<PageMessage> {
  const envelope = v.safeParse(commandSchema, data);
  if (!envelope.success) return refuse('not a command', envelope.issues);
  const payload = v.safeParse(COMMAND_PAYLOADS[envelope.output.name], envelope.output.payload);
  if (!payload.success) return refuse(`"${envelope.output.name}"`, payload.issues);
  return { ok: true, message: data as PageMessage };
}

/** Checks what a page received. */
export function parseWorkerMessage(data: unknown): Parsed<WorkerMessage> {
  const envelope = v.safeParse(workerSchema, data);
  if (!envelope.success) return refuse('neither event nor reply', envelope.issues);
  if (envelope.output.kind === 'event') {
    const { name, payload } = envelope.output;
    const outline = v.safeParse(EVENT_PAYLOADS[name], payload);
    if (!outline.success) return refuse(`"${name}"`, outline.issues);
  }
  return { ok: true, message: data as WorkerMessage };
}

function refuse(what: string, issues: readonly v.BaseIssue<unknown>[]): Parsed<never> {
  const where = issues[0] ? v.getDotPath(issues[0]) : null;
  const detail = issues[0]?.message ?? 'unknown';
  return {
    ok: false,
    problem: `message refused: ${what}${where ? ` at ${where}` : ''}: ${detail}`,
  };
}

/** Posts a message; the buffer of a payload's `bytes` moves to the other side instead of being copied. */
export function post(port: Port, message: PageMessage | WorkerMessage): void {
  port.postMessage(message, 'payload' in message ? movable(message.payload) : []);
}

/** Posts what `calls.ts` has checked or built; `moved` goes to the other side instead of being copied. */
export function postCall(port: Port, message: object, moved: Transferable[]): void {
  port.postMessage(message, moved);
}

function movable(payload: unknown): Transferable[] {
  if (typeof payload !== 'object' || payload === null || !('bytes' in payload)) return [];
  const view = payload.bytes;
  const whole = view instanceof Uint8Array && view.byteLength === view.buffer.byteLength;
  return whole && view.buffer instanceof ArrayBuffer ? [view.buffer] : [];
}

/** Hands every incoming message to `receive`, unread. Returns the way to stop. */
export function listen(port: Port, receive: (data: unknown) => void): () => void {
  const onMessage = (event: Event): void => {
    if ('data' in event) receive(event.data);
  };
  port.addEventListener('message', onMessage);
  port.start?.();
  return () => port.removeEventListener('message', onMessage);
}

/** Reports that the other side crashed or sent what cannot be deserialized. */
export function listenForCrash(port: Port, crashed: (message: string) => void): () => void {
  const onError = (event: Event): void => {
    const said = 'message' in event && typeof event.message === 'string' ? event.message : '';
    crashed(said === '' ? 'it could not be started' : said);
  };
  const onMessageError = (): void => crashed('it sent a message that cannot be read');
  port.addEventListener('error', onError);
  port.addEventListener('messageerror', onMessageError);
  return () => {
    port.removeEventListener('error', onError);
    port.removeEventListener('messageerror', onMessageError);
  };
}

export type Emit = <K extends EventName>(name: K, payload: Events[K]) => void;

/** The worker's way to send events. */
export function createEmit(port: Port): Emit {
  return (name, payload) => post(port, { kind: 'event', name, payload } as EventMessage);
}

/** One function per command. What it throws becomes the caller's rejection. */
export type Handlers = {
  readonly [K in CommandName]: (
    request: Commands[K]['request'],
  ) => Commands[K]['reply'] | Promise<Commands[K]['reply']>;
};

/** Answers commands that arrive at `port`, concurrently: order is the handlers' business. */
export function serve(port: Port, handlers: Handlers): () => void {
  const emit = createEmit(port);
  return listen(port, (data) => {
    const parsed = parsePageMessage(data);
    if (parsed.ok) void answer(port, handlers, parsed.message);
    else if (hasId(data)) refuseCommand(port, data.id, parsed.problem);
    else emit('failure', { message: parsed.problem });
  });
}

async function answer(port: Port, handlers: Handlers, command: CommandMessage): Promise<void> {
  try {
    const payload = await dispatch(handlers, command);
    post(port, { kind: 'reply', id: command.id, ok: true, payload });
  } catch (error) {
    refuseCommand(port, command.id, error instanceof Error ? error.message : String(error));
  }
}

type Reply = Commands[CommandName]['reply'];

function dispatch(handlers: Handlers, command: CommandMessage): Reply | Promise<Reply> {
  // One name, one request type: CommandMessage pairs them, which a union of functions cannot express.
  const handler = handlers[command.name] as (request: unknown) => Reply | Promise<Reply>;
  return handler(command.payload);
}

function refuseCommand(port: Port, id: number, message: string): void {
  post(port, { kind: 'reply', id, ok: false, error: { message } });
}

function hasId(data: unknown): data is { readonly id: number } {
  return typeof data === 'object' && data !== null && 'id' in data && typeof data.id === 'number';
}
