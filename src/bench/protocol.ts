/** What the bench asks of a process or worker in which one contender lives, and what it hears back. */
import * as v from 'valibot';

export const PHASES = ['train', 'sample'] as const;
export type Phase = (typeof PHASES)[number];

/** Replies come from another process, so they are checked where they enter. */
export const REPLIES = {
  /** Builds the workload and the engine. Says which phases it has. */
  prepare: v.object({ label: v.string(), phases: v.array(v.picklist(PHASES)) }),
  train: v.object({ ms: v.number(), loss: v.number() }),
  sample: v.object({ ms: v.number(), tokens: v.array(v.number()) }),
  /** One pass of a phase under the profiler; absent where the engine is not TensorFlow.js. */
  count: v.nullable(
    v.object({
      kernels: v.number(),
      bytesMoved: v.number(),
      peakBytes: v.number(),
      tensorsLeft: v.number(),
    }),
  ),
  /** What the machine can do, by the contender's backend. */
  floor: v.object({ product: v.number(), copy: v.number() }),
  /** One step of a run at the default preset. */
  exitStep: v.object({
    ms: v.number(),
    sample: v.number(),
    grade: v.number(),
    update: v.number(),
  }),
} as const;

export type Question = keyof typeof REPLIES;
export type Reply<Q extends Question> = v.InferOutput<(typeof REPLIES)[Q]>;

const requestSchema = v.object({
  question: v.picklist(['prepare', 'train', 'sample', 'count', 'floor', 'exitStep']),
  contender: v.string(),
  size: v.picklist(['S', 'M']),
  phase: v.optional(v.picklist(PHASES)),
});
export type Request = v.InferOutput<typeof requestSchema>;

/** @throws Error if it is no request. */
export function parseRequest(value: unknown): Request {
  return v.parse(requestSchema, value);
}

const answerSchema = v.union([v.object({ reply: v.unknown() }), v.object({ problem: v.string() })]);

/** What comes back over a process's or a browser's border: exceptions do not cross it whole. */
export type Answer = { readonly reply: unknown } | { readonly problem: string };

/** One contender's own process or worker. */
export interface Place {
  /** Rejects with the reason where the contender cannot. */
  ask<Q extends Question>(question: Q, phase?: Phase): Promise<Reply<Q>>;
  close(): Promise<void>;
}

/** @throws Error with the place's problem, or if the answer is not what was asked for. */
export function readAnswer<Q extends Question>(question: Q, value: unknown): Reply<Q> {
  const answer = v.parse(answerSchema, value);
  if ('problem' in answer) throw new Error(answer.problem);
  return v.parse(REPLIES[question], answer.reply);
}
