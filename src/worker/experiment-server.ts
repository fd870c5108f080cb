/** What answers the messages of an experiment, whatever port they come through. */
import { analyse } from '../experiments/analysis.ts';
import { contentId } from '../experiments/canonical.ts';
import { createJobServer, type JobServer } from '../experiments/executors/job-server.ts';
import { readExperiment } from '../experiments/experiment.ts';
import type { JobHost } from '../experiments/job.ts';
import { planExperiment, type Plan } from '../experiments/plan.ts';
import { readResult, writeResult, type JobResult } from '../experiments/result.ts';
import { runsCsv } from '../experiments/tables.ts';
import { verdict } from '../experiments/verdict.ts';
import {
  parseOrder,
  type Answer,
  type ExperimentReport,
  type Order,
} from './experiment-protocol.ts';
import { listen, postCall, type Port } from './wire.ts';

export interface ExperimentServerOptions {
  readonly openPlatform: (assetBase: string) => JobHost['platform'];
  /** Program, system and processor. */
  readonly machine: string;
  /** Milliseconds. */
  readonly clock: () => number;
  /** Lets waiting messages in. */
  readonly nextTask: () => Promise<void>;
}

/** Progress is sent at most this often. */
const PROGRESS_EVERY_MS = 250;

/** Returns the way to stop listening. */
export function serveExperiments(port: Port, options: ExperimentServerOptions): () => void {
  let jobs: JobServer | undefined;
  const send = (answer: Answer): void => postCall(port, answer, []);
  const perform = async (order: Exclude<Order, { kind: 'stop' }>): Promise<Answer> => {
    const { kind, id } = order;
    switch (kind) {
      case 'plan':
        return { kind: 'planned', id, plan: planOf(order.experiment) };
      case 'report':
        return { kind: 'reported', id, report: reportOf(order.experiment, order.results) };
      case 'run': {
        jobs = openJobs(order.assetBase, options);
        const result = await runIn(jobs, order, { ...options, send });
        return { kind: 'ran', id, result: result ? writeResult(result) : null };
      }
      default:
        return kind satisfies never;
    }
  };
  return listen(port, (data) => {
    const order = parseOrder(data);
    if (order.kind === 'stop') return jobs?.stop();
    void perform(order).then(send, (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      send({ kind: 'failed', id: order.id, message });
    });
  });
}

function openJobs(
  assetBase: string,
  { openPlatform, machine, clock }: ExperimentServerOptions,
): JobServer {
  // A worker is not told its processor time.
  const seconds = (): number => clock() / 1000;
  return createJobServer({ platform: openPlatform(assetBase), machine, seconds });
}

async function runIn(
  jobs: JobServer,
  { id, job }: Extract<Order, { kind: 'run' }>,
  { send, clock, nextTask }: ExperimentServerOptions & { readonly send: (answer: Answer) => void },
): Promise<JobResult | undefined> {
  const content = contentId(job.spec);
  if (content !== job.id) {
    throw new Error(`job: got the content of ${content}, expected that of ${job.id}`);
  }
  let reported = -Infinity;
  return jobs.run(job, {
    onProgress: async (progress) => {
      // The last step is always told: what follows it is the judgement.
      if (progress.done >= 1 || clock() - reported >= PROGRESS_EVERY_MS) {
        send({ kind: 'progress', id, progress });
        reported = clock();
      }
      await nextTask();
    },
    onNote: (text) => send({ kind: 'note', id, text }),
  });
}

function planOf(experiment: unknown): Plan {
  return planExperiment(readExperiment(experiment));
}

/** A file that is none of the experiment's jobs is refused by its id. */
function reportOf(experiment: unknown, texts: readonly string[]): ExperimentReport {
  const plan = planOf(experiment);
  const jobs = new Map(plan.jobs.map((job) => [job.id, job]));
  const results = texts.map((text) => {
    const { id } = JSON.parse(text) as { readonly id?: unknown };
    const job = jobs.get(String(id));
    if (!job) throw new Error(`result: got job "${String(id)}", expected one of the experiment`);
    return readResult(text, job);
  });
  const analysis = analyse(plan, results);
  const last = plan.experiment.budgets.at.at(-1);
  const ended = analysis.comparisons.filter(({ budget }) => budget === last);
  return { analysis, verdict: verdict(ended), runsCsv: runsCsv(plan, results) };
}
