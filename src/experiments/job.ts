/**
 * Runs one job: trains until each budget is used up and judges the policy there. It knows neither where
 * it runs nor where its checkpoint goes; a run that goes on from one ends at the same numbers.
 */
import * as v from 'valibot';
import { decodeText, encodeText } from '../runs/checks.ts';
import { fromFiles } from '../runs/bundle.ts';
import { unzip, zip, type BundleFile } from '../runs/zip.ts';
import type { MetricRow } from '../schema/metrics.ts';
import { createSession, restoreSession, type Platform } from '../training/create-session.ts';
import { exportFiles } from '../training/export.ts';
import { trainingLoop, type Budget, type LoopOptions, type Saving } from '../training/loop.ts';
import type { Session } from '../training/session.ts';
import type { Task } from '../tasks/task.ts';
import { judge } from './held-out.ts';
import { learningCurve, meanMetrics } from './learning-curve.ts';
import { trainingOn, type Job, type JobSpec } from './plan.ts';
import { BudgetsSchema, checked, type BudgetResult, type JobResult } from './result.ts';

export interface JobProgress {
  /** From 0 to 1, of the last budget. */
  readonly done: number;
  readonly step: number;
  /** What the step recorded. */
  readonly row: MetricRow;
}

/** Where half a job is kept. */
export interface CheckpointStore {
  load(): Promise<Uint8Array | undefined>;
  /** Whole or not at all, whenever the process ends. */
  save(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Least seconds of work between two; evaluations that are done are kept in any case. */
  readonly everySeconds: number;
}

export interface JobHost {
  readonly platform: Platform;
  /** Seconds of work so far, since any moment: processor time where it is known. */
  readonly seconds: () => number;
  /** Program, system and processor. */
  readonly machine: string;
  readonly checkpoints?: CheckpointStore;
  /** After every step; what it returns is waited for, so that messages and signals get in. */
  readonly onStep: (progress: JobProgress) => Promise<void>;
  /** Tells the job to keep a checkpoint and end, after the step in flight. */
  readonly signal: AbortSignal;
  /** Told what a person should know. */
  readonly onNote: (text: string) => void;
}

/** @returns undefined where it was told to stop. */
export async function runJob(job: Job, host: JobHost): Promise<JobResult | undefined> {
  const run = await openRun(job.spec, host);
  try {
    for (const budget of job.spec.budgets.at.slice(run.done.length)) {
      if (!(await trainUntil(run, budget, host))) return undefined;
      await judgeAt(run, budget, host);
    }
    return resultOf(job, run, host);
  } finally {
    run.session.dispose();
  }
}

/** A job on its way. */
interface Run {
  readonly spec: JobSpec;
  readonly session: Session;
  /** Budgets used up and judged. */
  readonly done: BudgetResult[];
  trainingSeconds: number;
  evaluationSeconds: number;
}

async function openRun(spec: JobSpec, host: JobHost): Promise<Run> {
  const kept = await host.checkpoints?.load();
  try {
    if (kept) return await continueRun(spec, kept, host);
  } catch (error) {
    host.onNote(`its checkpoint cannot be used, it starts again: ${(error as Error).message}`);
  }
  const session = await createSession(spec.config, host.platform, adaptOf(spec));
  return { spec, session, done: [], trainingSeconds: 0, evaluationSeconds: 0 };
}

async function continueRun(spec: JobSpec, kept: Uint8Array, { platform }: JobHost): Promise<Run> {
  const { progress, files } = openCheckpoint(kept);
  const session = await restoreSession(fromFiles(files), spec.config, platform, adaptOf(spec));
  return { spec, session, ...progress };
}

function adaptOf({ trainOn }: JobSpec): ((task: Task) => Task) | undefined {
  return trainOn && ((task) => trainingOn(task, trainOn));
}

/** @returns whether the budget is used up. */
async function trainUntil(run: Run, budget: number, host: JobHost): Promise<boolean> {
  const last = run.spec.budgets.at.at(-1)!;
  // What is saved and said between two steps is no work of theirs.
  let began = host.seconds();
  const options: LoopOptions = {
    budget: budgetOf(run, budget),
    signal: host.signal,
    onStep: () => void (run.trainingSeconds += host.seconds() - began),
    ...(host.checkpoints && { saving: savingOf(run, host.checkpoints) }),
    pause: async () => {
      const { state, rows } = run.session.history;
      await host.onStep({ done: used(run) / last, step: state.step, row: rows.at(-1)! });
      began = host.seconds();
    },
  };
  let ended = await trainingLoop(run.session, options);
  // Updates that were undone have cost their tokens: such a run is judged as it stands, like any other.
  while (ended === 'diverged') ended = await trainingLoop(run.session, options);
  if (ended === 'signal') await save(run, host);
  return ended === 'budget';
}

function budgetOf(run: Run, amount: number): Budget {
  const { unit } = run.spec.budgets;
  switch (unit) {
    case 'sampledTokens':
      return { tokens: amount };
    case 'steps':
      return { steps: amount };
    case 'seconds':
      return { spent: () => run.trainingSeconds >= amount };
    default:
      return unit satisfies never;
  }
}

function used({ spec, session: { history }, trainingSeconds }: Run): number {
  const { unit } = spec.budgets;
  switch (unit) {
    case 'sampledTokens':
      return history.state.tokensSampled;
    case 'steps':
      return history.state.step;
    case 'seconds':
      return trainingSeconds;
    default:
      return unit satisfies never;
  }
}

/** Every so many seconds of training. */
function savingOf(run: Run, checkpoints: CheckpointStore): Saving {
  return {
    everyMs: 1000 * checkpoints.everySeconds,
    clock: () => 1000 * run.trainingSeconds,
    save: () => save(run, { checkpoints }),
  };
}

async function judgeAt(run: Run, budget: number, host: JobHost): Promise<void> {
  const { session, spec, done } = run;
  const before = host.seconds();
  const heldOut = await judge(session, spec);
  const { state, rows } = session.history;
  const since = done.at(-1)?.step ?? 0;
  done.push({
    budget,
    step: state.step,
    tokensSampled: state.tokensSampled,
    tokensTrained: state.tokensTrained,
    metrics: meanMetrics(rows.filter(({ step }) => step > since)),
    heldOut,
  });
  run.evaluationSeconds += host.seconds() - before;
  if (done.length < spec.budgets.at.length) await save(run, host);
}

function resultOf(job: Job, run: Run, { machine }: JobHost): JobResult {
  const { session, done: budgets, trainingSeconds, evaluationSeconds } = run;
  return {
    id: job.id,
    spec: job.spec,
    backend: session.info().backend.name,
    budgets,
    curve: learningCurve(session.history.rows),
    origin: {
      trainingSeconds: Math.round(1000 * trainingSeconds) / 1000,
      evaluationSeconds: Math.round(1000 * evaluationSeconds) / 1000,
      machine,
    },
  };
}

const PROGRESS = 'job.json';
const seconds = v.pipe(v.number('a number'), v.minValue(0, 'a number of at least 0'));

const ProgressSchema = v.object({
  done: BudgetsSchema,
  trainingSeconds: seconds,
  evaluationSeconds: seconds,
});

async function save(run: Run, { checkpoints }: Pick<JobHost, 'checkpoints'>): Promise<void> {
  if (!checkpoints) return;
  const { done, trainingSeconds, evaluationSeconds } = run;
  const progress = JSON.stringify({ done, trainingSeconds, evaluationSeconds });
  const files = await exportFiles(run.session);
  await checkpoints.save(zip([{ path: PROGRESS, bytes: encodeText(progress) }, ...files]));
}

type Progress = Pick<Run, 'done' | 'trainingSeconds' | 'evaluationSeconds'>;

/** @throws Error that says what is wrong with the bytes. */
function openCheckpoint(bytes: Uint8Array): { progress: Progress; files: BundleFile[] } {
  const all = unzip(bytes);
  const content = all.find(({ path }) => path === PROGRESS)?.bytes ?? new Uint8Array();
  const json = JSON.parse(decodeText(PROGRESS, content)) as unknown;
  return {
    progress: checked(ProgressSchema, json),
    files: all.filter(({ path }) => path !== PROGRESS),
  };
}
