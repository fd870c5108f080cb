/**
 * Every message between the page and a worker of an experiment, and their checks. Such a worker plans an
 * experiment, runs one job at a time, and makes tables of what is finished.
 */
import * as v from 'valibot';
import type { Analysis } from '../experiments/analysis.ts';
import type { JobProgress } from '../experiments/job.ts';
import type { Job, Plan } from '../experiments/plan.ts';

/** What the finished jobs of an experiment say. */
export interface ExperimentReport {
  readonly analysis: Analysis;
  /** What it allows to be said of the arms at the last budget. */
  readonly verdict: string;
  /** A line per run, budget, split, domain and k. */
  readonly runsCsv: string;
}

/** Page → worker. `id` is a new one for each; what answers it has the same. */
export type Order =
  | { readonly kind: 'plan'; readonly id: number; readonly experiment: unknown }
  | {
      readonly kind: 'run';
      readonly id: number;
      readonly job: Job;
      /** Where base checkpoints lie, as a URL. */
      readonly assetBase: string;
    }
  | {
      readonly kind: 'report';
      readonly id: number;
      readonly experiment: unknown;
      /** Files of finished jobs. */
      readonly results: readonly string[];
    }
  /** The job at hand ends after its step. */
  | { readonly kind: 'stop' };

/** Worker → page. The last four end what they answer. */
export type Answer =
  | { readonly kind: 'progress'; readonly id: number; readonly progress: JobProgress }
  | { readonly kind: 'note'; readonly id: number; readonly text: string }
  | { readonly kind: 'planned'; readonly id: number; readonly plan: Plan }
  /** The file of the job; null where it was told to stop. */
  | { readonly kind: 'ran'; readonly id: number; readonly result: string | null }
  | { readonly kind: 'reported'; readonly id: number; readonly report: ExperimentReport }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

export type Ending = Exclude<Answer, { kind: 'progress' | 'note' }>;

// Outlines, as in wire.ts: experiments, and files of jobs, are checked in full by who reads them.
const id = v.pipe(v.number(), v.integer());
const job = v.looseObject({
  id: v.string(),
  label: v.string(),
  spec: v.record(v.string(), v.unknown()),
});

const orderSchema = v.variant('kind', [
  v.object({ kind: v.literal('plan'), id, experiment: v.unknown() }),
  v.object({ kind: v.literal('run'), id, job, assetBase: v.string() }),
  v.object({
    kind: v.literal('report'),
    id,
    experiment: v.unknown(),
    results: v.array(v.string()),
  }),
  v.object({ kind: v.literal('stop') }),
]);

const answerSchema = v.variant('kind', [
  v.object({
    kind: v.literal('progress'),
    id,
    progress: v.looseObject({
      done: v.number(),
      step: v.number(),
      row: v.looseObject({ step: v.number() }),
    }),
  }),
  v.object({ kind: v.literal('note'), id, text: v.string() }),
  v.object({
    kind: v.literal('planned'),
    id,
    plan: v.looseObject({ jobs: v.array(job), runs: v.array(v.looseObject({ job: v.string() })) }),
  }),
  v.object({ kind: v.literal('ran'), id, result: v.nullable(v.string()) }),
  v.object({
    kind: v.literal('reported'),
    id,
    report: v.looseObject({
      analysis: v.looseObject({ summaries: v.array(v.unknown()) }),
      verdict: v.string(),
      runsCsv: v.string(),
    }),
  }),
  v.object({ kind: v.literal('failed'), id, message: v.string() }),
]);

/** Checks what a worker received. @throws Error that names the message and what was expected. */
export function parseOrder(data: unknown): Order {
  check(orderSchema, data, 'order');
  // Its outline is right, and both ends are one build.
  return data as Order;
}

/** Checks what a page received. @throws Error that names the message and what was expected. */
export function parseAnswer(data: unknown): Answer {
  check(answerSchema, data, 'answer');
  return data as Answer;
}

function check(schema: v.GenericSchema, data: unknown, what: string): void {
  const { issues } = v.safeParse(schema, data, { abortEarly: true });
  const [issue] = issues ?? [];
  if (!issue) return;
  const field = v.getDotPath(issue) ?? what;
  throw new Error(`${what} refused: ${field}: ${issue.message}`);
}
