/**
 * Where pipelines are trained that have no precomputed score: a small pool of workers in a browser, and in
 * this thread elsewhere. A worker that does not answer in time is ended, and another takes its place.
 */
import * as v from 'valibot';
import { writePipeline, type Pipeline } from '../tables/choices.ts';
import type { Score } from '../tables/evaluate.ts';
import { FAULTS } from '../tables/fault.ts';
import type { Table } from '../tables/table.ts';

export type Scorer = (table: Table, pipeline: Pipeline) => Promise<Score>;

const ScoreSchema = v.variant('kind', [
  v.object({ kind: v.literal('scored'), validation: v.number(), training: v.number() }),
  v.object({ kind: v.literal('failed'), fault: v.picklist(FAULTS) }),
]);

/** Beyond the limit that the evaluation keeps by itself; it cannot look at the clock within one fit. */
const PATIENCE = 12_000;
const MOST_WORKERS = 4;

export function createScorer(): Scorer {
  if (typeof Worker === 'undefined') return scoreHere;
  const cores = navigator.hardwareConcurrency || 2;
  return createPool(Math.max(1, Math.min(MOST_WORKERS, cores - 1)), startWorker);
}

/** The packages are loaded when the first pipeline is to be trained. */
async function scoreHere(table: Table, pipeline: Pipeline): Promise<Score> {
  const { evaluate } = await import('../tables/evaluate.ts');
  return evaluate(table, pipeline);
}

function startWorker(): Worker {
  return new Worker(new URL('./scorer.worker.ts', import.meta.url), { type: 'module' });
}

/** What the pool needs of a worker. */
export interface ScoringWorker {
  postMessage(message: unknown): void;
  terminate(): void;
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

interface Job {
  readonly message: { readonly table: Table; readonly words: readonly string[] };
  readonly resolve: (score: Score) => void;
  readonly reject: (error: Error) => void;
}

/** Workers are started as they are needed, `size` at most; jobs wait in line. */
export function createPool(size: number, start: () => ScoringWorker, patience = PATIENCE): Scorer {
  const idle: ScoringWorker[] = [];
  const waiting: Job[] = [];
  let started = 0;

  const next = (): void => {
    if (waiting.length === 0) return;
    if (idle.length === 0 && started === size) return;
    const worker = idle.pop() ?? (started++, start());
    run(worker, waiting.shift()!);
  };

  const run = (worker: ScoringWorker, job: Job): void => {
    const discard = (): void => {
      worker.terminate();
      started--;
    };
    const timer = setTimeout(() => {
      discard();
      job.resolve({ kind: 'failed', fault: 'timeout' });
      next();
    }, patience);
    worker.onmessage = ({ data }) => {
      clearTimeout(timer);
      idle.push(worker);
      const answer = v.safeParse(ScoreSchema, data);
      if (answer.success) job.resolve(answer.output);
      else job.reject(new TypeError('scorer: a worker answered with something that is no score'));
      next();
    };
    worker.onerror = (event) => {
      // Unhandled, it would travel on to the worker that trains, and end the session.
      event.preventDefault();
      clearTimeout(timer);
      discard();
      job.reject(new Error(`scorer: ${event.message}`));
      next();
    };
    worker.postMessage(job.message);
  };

  return (table, pipeline) =>
    new Promise((resolve, reject) => {
      waiting.push({ message: { table, words: writePipeline(pipeline) }, resolve, reject });
      next();
    });
}
