/** The page's side of a worker of an experiment. */
import type { JobWorker } from '../experiments/executors/worker.ts';
import type { Plan } from '../experiments/plan.ts';
import { readResult } from '../experiments/result.ts';
import type { JobEvents } from '../experiments/schedule.ts';
import {
  parseAnswer,
  type Answer,
  type Ending,
  type ExperimentReport,
  type Order,
} from './experiment-protocol.ts';
import { listen, listenForCrash, postCall, type Port } from './wire.ts';

export interface ExperimentWorker extends JobWorker {
  /** Rejects with what does not fit in the experiment, field by field. */
  plan(experiment: unknown): Promise<Plan>;
  /** @param results files of finished jobs of the experiment. */
  report(experiment: unknown, results: readonly string[]): Promise<ExperimentReport>;
}

export interface ExperimentWorkerOptions {
  readonly port: Port;
  /** Ends the worker. */
  readonly close: () => void;
  /** Where base checkpoints lie, as a URL. */
  readonly assetBase: string;
}

/** What comes back for an order; null where the worker was terminated. */
type Reply = Exclude<Ending, { kind: 'failed' }> | null;

interface Pending {
  readonly events?: JobEvents;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

type WithoutId<T> = T extends { readonly id: number } ? Omit<T, 'id'> : never;

export function createExperimentWorker(options: ExperimentWorkerOptions): ExperimentWorker {
  const { port, close, assetBase } = options;
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let gone: Error | undefined;
  const fail = (error: Error): void => {
    gone ??= error;
    for (const { reject } of pending.values()) reject(gone);
    pending.clear();
  };
  listen(port, (data) => receive(data, pending, fail));
  listenForCrash(port, (reason) => fail(new Error(`its worker failed: ${reason}`)));
  const ask = (order: WithoutId<Order>, events?: JobEvents): Promise<Reply> => {
    if (gone) return Promise.reject(gone);
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      pending.set(id, { resolve, reject, ...(events && { events }) });
      postCall(port, { ...order, id }, []);
    });
  };
  return {
    run: async (job, events) => {
      const reply = await ask({ kind: 'run', job, assetBase }, events);
      const result = expected(reply, 'ran')?.result;
      return result ? readResult(result, job) : undefined;
    },
    plan: async (experiment) =>
      present(expected(await ask({ kind: 'plan', experiment }), 'planned')).plan,
    report: async (experiment, results) =>
      present(expected(await ask({ kind: 'report', experiment, results }), 'reported')).report,
    stop: () => postCall(port, { kind: 'stop' } satisfies Order, []),
    terminate: () => {
      close();
      gone ??= new Error('its worker was ended');
      for (const { resolve } of pending.values()) resolve(null);
      pending.clear();
    },
  };
}

function receive(data: unknown, pending: Map<number, Pending>, fail: (error: Error) => void): void {
  let answer: Answer;
  try {
    answer = parseAnswer(data);
  } catch (error) {
    return fail(error instanceof Error ? error : new Error(String(error)));
  }
  const asked = pending.get(answer.id);
  if (answer.kind === 'progress') return asked?.events?.onProgress(answer.progress);
  if (answer.kind === 'note') return asked?.events?.onNote(answer.text);
  pending.delete(answer.id);
  if (answer.kind === 'failed') asked?.reject(new Error(answer.message));
  else asked?.resolve(answer);
}

function expected<K extends NonNullable<Reply>['kind']>(
  reply: Reply,
  kind: K,
): Extract<Reply, { kind: K }> | null {
  if (reply === null) return null;
  if (reply.kind === kind) return reply as Extract<Reply, { kind: K }>;
  throw new Error(`answer: got "${reply.kind}", expected "${kind}"`);
}

function present<T>(reply: T | null): T {
  if (reply === null) throw new Error('its worker was ended');
  return reply;
}
