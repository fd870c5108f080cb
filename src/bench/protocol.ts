/** What the bench asks of a process or worker in which one engine lives, and what it hears back. */
import * as v from 'valibot';
import { PHASES } from './engine.ts';

const bytes = v.number();

/** Replies come from another process, so they are checked where they enter. */
export const REPLIES = {
  /** Builds the workload and the engine, in the place of an earlier one. Says what it can do. */
  prepare: v.object({
    label: v.string(),
    phases: v.array(v.picklist(PHASES)),
    roofline: v.boolean(),
  }),
  train: v.object({ ms: v.number(), loss: v.number() }),
  sample: v.object({ ms: v.number(), tokens: v.array(v.number()) }),
  /** One pass of a phase, counted; null where the engine cannot be. */
  count: v.nullable(
    v.object({
      kernels: v.number(),
      bytesMoved: bytes,
      peakBytes: bytes,
      arraysLeft: v.number(),
    }),
  ),
  /** One pass of a phase, counted in calls of WebGPU. */
  dispatches: v.object({
    dispatches: v.number(),
    submits: v.number(),
    readbacks: v.number(),
    bytesRead: bytes,
    bytesWritten: bytes,
  }),
  /** What the machine can do, by the engine's kernels. */
  roofline: v.object({ product: v.number(), copy: v.number() }),
  /** One step of a run at the default preset, or of its like at the size asked for. */
  exitStep: v.object({
    ms: v.number(),
    sample: v.number(),
    grade: v.number(),
    update: v.number(),
  }),
  /** Takes small steps. What the engine holds then, and the process, where it can be asked. */
  soak: v.object({ blocks: v.number(), bytes, resident: v.nullable(bytes) }),
} as const;

export type Question = keyof typeof REPLIES;
export type Reply<Q extends Question> = v.InferOutput<(typeof REPLIES)[Q]>;

/** What some questions need. */
const detailEntries = {
  phase: v.optional(v.picklist(PHASES)),
  /** Sequences and prompts of the workload. */
  batch: v.optional(v.number()),
  steps: v.optional(v.number()),
};

const requestSchema = v.object({
  question: v.picklist([
    'prepare',
    'train',
    'sample',
    'count',
    'dispatches',
    'roofline',
    'exitStep',
    'soak',
  ]),
  engine: v.string(),
  size: v.picklist(['S', 'M']),
  ...detailEntries,
});
export type Request = v.InferOutput<typeof requestSchema>;
export type Detail = Pick<Request, keyof typeof detailEntries>;

/** @throws Error if it is no request. */
export function parseRequest(value: unknown): Request {
  return v.parse(requestSchema, value);
}

const answerSchema = v.union([v.object({ reply: v.unknown() }), v.object({ problem: v.string() })]);

/** What comes back over a process's or a browser's border: exceptions do not cross it whole. */
export type Answer = { readonly reply: unknown } | { readonly problem: string };

/** One engine's own process or worker. */
export interface EngineClient {
  /** Rejects with the reason where the engine cannot. */
  ask<Q extends Question>(question: Q, detail?: Detail): Promise<Reply<Q>>;
  close(): Promise<void>;
}

/** @throws Error with the engine's problem, or if the answer is not what was asked for. */
export function readAnswer<Q extends Question>(question: Q, value: unknown): Reply<Q> {
  const answer = v.parse(answerSchema, value);
  if ('problem' in answer) throw new Error(answer.problem);
  return v.parse(REPLIES[question], answer.reply);
}
