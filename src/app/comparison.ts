/**
 * Strategies compared over seeds: an experiment planned from the page's parameters, its jobs run in
 * workers of the page, and what the finished ones say. What is finished outlasts a stop and the page.
 */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { mean } from '../base/statistics.ts';
import { createWorkerExecutor } from '../experiments/executors/worker.ts';
import type { Job, Plan } from '../experiments/plan.ts';
import { readResult, writeResult, type JobResult } from '../experiments/result.ts';
import { runJobs, type Executor, type ScheduleEvent } from '../experiments/schedule.ts';
import { extended, NO_CURVE, type RunCurve } from '../schema/run-curve.ts';
import type { ExperimentWorker } from '../worker/experiment-client.ts';
import type { ExperimentReport } from '../worker/experiment-protocol.ts';
import { experimentOf, formOf, initialForm, type ComparisonForm } from './comparison-form.ts';
import { createKeptResults, type KeptResults } from './comparison-kept.ts';
import { secondsToGo, type Began, type JobState } from './comparison-time.ts';
import type { ConfigStore } from './config.ts';
import type { Hold } from './hold.ts';
import type { TextStorage } from './text-storage.ts';

/** The experiment that is shown, as far as it has come. */
export interface ShownExperiment {
  /** Its file, as `exit-lab experiment` takes it. */
  readonly text: string;
  readonly plan: Plan;
  /** By id. */
  readonly jobs: ReadonlyMap<string, JobState>;
  /** What training recorded so far, by the id of the job. */
  readonly curves: ReadonlyMap<string, RunCurve>;
  /** Of the finished jobs; null before the first of them. */
  readonly report: ExperimentReport | null;
}

export interface ComparisonState {
  readonly form: ComparisonForm;
  /** `opening`: looking for what was kept. `stopping`: jobs are ended, which takes a moment. */
  readonly phase: 'opening' | 'resting' | 'planning' | 'running' | 'stopping';
  readonly shown: ShownExperiment | null;
  /** Of all jobs; null while nothing is known of it. */
  readonly secondsToGo: number | null;
  /** Why the experiment, or its table, is not there. */
  readonly failure: string | null;
  /** Whether finished jobs outlast the page; null before one has been kept. */
  readonly outlasts: boolean | null;
  /** Names of experiments whose results made room for those of the last one. */
  readonly dropped: readonly string[];
}

export interface ComparisonActions {
  readonly change: (form: Partial<ComparisonForm>) => void;
  /** Runs the experiment of the form; what is finished of it is not run again. */
  readonly run: () => Promise<void>;
  /** Jobs on their way end at once, and begin anew when it goes on. */
  readonly stop: () => void;
  /** Throws all that is kept away, the experiment that is shown included. */
  readonly forget: () => Promise<void>;
}

export interface Comparison {
  readonly store: StoreApi<ComparisonState>;
  readonly actions: ComparisonActions;
  /** Files of the jobs of the experiment shown that are finished. */
  readonly results: () => readonly string[];
}

export interface ComparisonOptions {
  readonly openWorker: () => ExperimentWorker;
  /** Workers that run jobs at a time. */
  readonly slots: number;
  readonly storage: TextStorage;
  /** Lets one window at a time run the jobs of an experiment. */
  readonly hold: Hold;
  readonly config: ConfigStore;
  /** Called before jobs begin: the run of the page would take their cores. */
  readonly pauseRun: () => Promise<void>;
  /** Milliseconds. */
  readonly clock: () => number;
}

interface Context extends Omit<ComparisonOptions, 'storage'> {
  readonly store: StoreApi<ComparisonState>;
  readonly kept: KeptResults;
  /** Files of finished jobs, by id. */
  readonly texts: Map<string, string>;
  /** Plans and makes tables; opened when it is first needed. */
  desk: ExperimentWorker | undefined;
  /** While jobs run. */
  executor: Executor | undefined;
  began: Began;
  /** Settles when the table that is being made stands. */
  reporting: Promise<void> | undefined;
  /** More has been finished since the last one was begun. */
  stale: boolean;
}

/** The page keeps a core for itself where there are more than two. */
export function slotsOf(cores: number): number {
  return cores <= 2 ? cores : Math.min(cores - 1, 8);
}

export function createComparison(options: ComparisonOptions): Comparison {
  const store = createStore<ComparisonState>(() => ({
    form: initialForm(options.config.getState().current),
    phase: 'opening',
    shown: null,
    secondsToGo: null,
    failure: null,
    outlasts: null,
    dropped: [],
  }));
  const context: Context = {
    ...options,
    store,
    kept: createKeptResults(options.storage, (outlasts) => store.setState({ outlasts })),
    texts: new Map(),
    desk: undefined,
    executor: undefined,
    began: { at: 0, done: 0 },
    reporting: undefined,
    stale: false,
  };
  void restore(context);
  return {
    store,
    actions: {
      change: (form) => store.setState((state) => ({ form: { ...state.form, ...form } })),
      run: () => run(context),
      stop: () => stop(context),
      forget: () => forget(context),
    },
    results: () => resultsOf(context),
  };
}

// ---- what is kept

/** Shows the experiment of an earlier visit. */
async function restore(context: Context): Promise<void> {
  const { store } = context;
  const { form } = store.getState();
  try {
    const kept = await context.kept.experiment();
    if (kept !== undefined) {
      const plan = await showFile(context, kept);
      // What a person has entered meanwhile stays.
      if (store.getState().form === form) store.setState({ form: formOf(plan.experiment) });
    }
  } catch {
    // Of another version, or damaged: the page is as it would be without it.
    store.setState({ shown: null });
  }
  store.setState({ phase: 'resting' });
}

/** Undefined where nothing is kept, or what is kept is not of this job. */
async function keptResult({ texts, kept }: Context, job: Job): Promise<JobResult | undefined> {
  const text = texts.get(job.id) ?? (await kept.result(job.id));
  if (text === undefined) return undefined;
  try {
    const result = readResult(text, job);
    texts.set(job.id, text);
    return result;
  } catch {
    return undefined;
  }
}

async function forget({ store, kept, texts }: Context): Promise<void> {
  if (store.getState().phase !== 'resting') return;
  texts.clear();
  store.setState({ shown: null, failure: null, dropped: [] });
  await kept.clear();
}

function resultsOf({ store, texts }: Context): string[] {
  const jobs = store.getState().shown?.plan.jobs ?? [];
  return jobs.flatMap(({ id }) => texts.get(id) ?? []);
}

// ---- the desk: plans and tables

/** A desk that failed may have crashed: the next request gets another. */
async function atDesk<T>(
  context: Context,
  ask: (desk: ExperimentWorker) => Promise<T>,
): Promise<T> {
  const desk = (context.desk ??= context.openWorker());
  try {
    return await ask(desk);
  } catch (error) {
    desk.terminate();
    if (context.desk === desk) context.desk = undefined;
    throw error;
  }
}

/** Plans an experiment and shows it with what is finished of it already. */
async function showFile(context: Context, text: string): Promise<Plan> {
  const plan = await atDesk(context, (desk) => desk.plan(JSON.parse(text)));
  const jobs = new Map<string, JobState>();
  const curves = new Map<string, RunCurve>();
  for (const job of plan.jobs) {
    const result = await keptResult(context, job);
    jobs.set(job.id, result ? finished(result) : { kind: 'waiting' });
    if (result) curves.set(job.id, result.curve);
  }
  context.store.setState({ shown: { text, plan, jobs, curves, report: null } });
  await report(context);
  return plan;
}

/** Makes the table of what is finished: one at a time, and at last that of everything. */
function report(context: Context): Promise<void> {
  context.stale = true;
  context.reporting ??= reportAll(context).finally(() => (context.reporting = undefined));
  return context.reporting;
}

async function reportAll(context: Context): Promise<void> {
  while (context.stale) {
    context.stale = false;
    await reportOnce(context);
  }
}

async function reportOnce(context: Context): Promise<void> {
  const { store } = context;
  const shown = store.getState().shown;
  const results = resultsOf(context);
  if (!shown || results.length === 0) return;
  try {
    const experiment: unknown = JSON.parse(shown.text);
    const made = await atDesk(context, (desk) => desk.report(experiment, results));
    // Another experiment may be shown by now.
    store.setState((now) =>
      now.shown?.plan === shown.plan ? { shown: { ...now.shown, report: made } } : {},
    );
  } catch (error) {
    store.setState({ failure: messageOf(error) });
  }
}

// ---- running

async function run(context: Context): Promise<void> {
  const { store, config, kept, hold } = context;
  if (store.getState().phase !== 'resting') return;
  store.setState({ phase: 'planning', failure: null, secondsToGo: null, dropped: [] });
  let release: (() => void) | undefined;
  try {
    const experiment = experimentOf(store.getState().form, config.getState().current);
    const text = `${JSON.stringify(experiment, null, 2)}\n`;
    const plan = await showFile(context, text);
    release = await hold(lockOf(plan));
    if (!release) throw new Error(IN_USE);
    const jobs = plan.jobs.map(({ id }) => id);
    store.setState({ dropped: await kept.begin({ name: plan.experiment.name, text, jobs }) });
    if (isStopping(context)) return;
    await context.pauseRun();
    await runPlan(context, plan);
  } catch (error) {
    store.setState({ failure: messageOf(error) });
  } finally {
    release?.();
    store.setState({ phase: 'resting', secondsToGo: null });
  }
}

const IN_USE =
  'Another window runs jobs of this experiment. What it has finished is shown here when you press Run again.';

/** Experiments that agree in these share jobs: strategies and seeds may be others. */
function lockOf({ experiment: { base, budgets, evaluation } }: Plan): string {
  return `exit-lab experiment ${JSON.stringify([base, budgets, evaluation])}`;
}

async function runPlan(context: Context, plan: Plan): Promise<void> {
  const { store, slots, openWorker, texts } = context;
  const finishedIds = new Set(plan.jobs.filter(({ id }) => texts.has(id)).map(({ id }) => id));
  const executor = createWorkerExecutor(slots, openWorker);
  context.executor = executor;
  context.began = { at: context.clock(), done: finishedIds.size };
  if (!isStopping(context)) store.setState({ phase: 'running' });
  try {
    await runJobs({
      jobs: plan.jobs,
      executor,
      store: {
        finished: finishedIds,
        put: async (result) => {
          const text = writeResult(result);
          texts.set(result.id, text);
          await context.kept.put(result.id, text);
        },
      },
      onEvent: (event) => follow(context, event),
      stopping: () => isStopping(context),
    });
  } finally {
    executor.dispose();
    context.executor = undefined;
    store.setState(({ shown }) => (shown ? { shown: { ...shown, jobs: atRest(shown.jobs) } } : {}));
  }
  await report(context);
}

function isStopping({ store }: Context): boolean {
  return store.getState().phase === 'stopping';
}

/** Nothing of half a job is kept: to wait for the end of a step, or of a judgement, would bring nothing. */
function stop({ store, executor }: Context): void {
  const { phase } = store.getState();
  if (phase !== 'planning' && phase !== 'running') return;
  store.setState({ phase: 'stopping' });
  executor?.dispose();
}

function follow(context: Context, event: ScheduleEvent): void {
  const state = stateAfter(event);
  if (state) {
    const { id } = event.job;
    context.store.setState(({ shown }) => {
      if (!shown) return {};
      const jobs = new Map(shown.jobs).set(id, state);
      const curves = new Map(shown.curves).set(id, curveAfter(event, shown.curves.get(id)));
      const toGo = secondsToGo([...jobs.values()], context.began, context.clock());
      return { shown: { ...shown, jobs, curves }, secondsToGo: toGo };
    });
  }
  if (event.kind === 'finished') void report(context);
}

function curveAfter(event: ScheduleEvent, before: RunCurve = NO_CURVE): RunCurve {
  if (event.kind === 'started') return NO_CURVE;
  if (event.kind === 'progress') return extended(before, event.progress.row);
  return event.kind === 'finished' ? event.result.curve : before;
}

function stateAfter(event: ScheduleEvent): JobState | undefined {
  switch (event.kind) {
    case 'started':
      return { kind: 'running', done: 0 };
    case 'progress':
      return { kind: 'running', done: Math.min(1, event.progress.done) };
    case 'finished':
      return finished(event.result);
    case 'failed':
      return { kind: 'failed', message: event.error.message };
    case 'note':
      return undefined;
    default:
      return event satisfies never;
  }
}

function finished({ budgets }: JobResult): JobState {
  const { domains } = budgets.at(-1)!.heldOut[0]!;
  return { kind: 'finished', quality: mean(domains.map(({ quality }) => mean(quality.at(-1)!))) };
}

/** What was on its way begins anew. */
function atRest(jobs: ReadonlyMap<string, JobState>): ReadonlyMap<string, JobState> {
  return new Map(
    [...jobs].map(([id, state]) => [id, state.kind === 'running' ? { kind: 'waiting' } : state]),
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
