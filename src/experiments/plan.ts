/**
 * From an experiment to its jobs: which they are, in which order, and which of them a machine of several
 * takes. Nothing here knows where jobs are run.
 */
import { createRng } from '../base/rng.ts';
import { checkConfig, DEFAULT_CONFIG, type Config, type ParamIssue } from '../schema/params.ts';
import { STRATEGIES } from '../schema/presets.ts';
import { taskFor } from '../tasks/registry.ts';
import type { Task } from '../tasks/task.ts';
import { canonicalJson, contentId } from './canonical.ts';
import {
  ExperimentError,
  refuse,
  type ArmPlan,
  type Budgets,
  type Experiment,
  type Grid,
  type TrainOn,
} from './experiment.ts';

/**
 * To be raised whenever the same job would give other numbers than before, though no parameter and no
 * default changed: results of another version are never mixed with new ones.
 */
export const RESULTS_VERSION = 1;

/** All that determines the numbers of a job. */
export interface JobSpec {
  readonly version: number;
  /** Whole, so that a changed default is another job. */
  readonly config: Config;
  readonly trainOn?: TrainOn;
  readonly budgets: Budgets;
  readonly splits: readonly string[];
  readonly drafts?: number;
}

export interface Job {
  /** Follows from `spec`. */
  readonly id: string;
  /** What a person reads: arm, point of the grid, seed. */
  readonly label: string;
  readonly spec: JobSpec;
}

/** A point of the experiment's grid. */
export interface Setting {
  /** Empty where the experiment has no grid. */
  readonly label: string;
  readonly values: Partial<Config>;
}

/** Which job gives the numbers of an arm: two arms that agree in all that matters share one. */
export interface PlannedRun {
  readonly arm: string;
  /** Index of the setting. */
  readonly setting: number;
  readonly seed: number;
  readonly job: string;
}

export interface Plan {
  readonly experiment: Experiment;
  readonly arms: readonly string[];
  /** The arm that others are compared with. */
  readonly control: string;
  readonly settings: readonly Setting[];
  readonly jobs: readonly Job[];
  readonly runs: readonly PlannedRun[];
}

/** What analyses read of a plan. */
export type PlanOutline = Omit<Plan, 'jobs'> & { readonly jobs: readonly Pick<Job, 'id'>[] };

/**
 * Seed by seed, so that what is finished early compares all arms already.
 * @throws ExperimentError that names what does not fit together.
 */
export function planExperiment(experiment: Experiment): Plan {
  const arms = experiment.arms.flatMap(expandArm);
  const names = arms.map(({ name }) => name);
  checkNames(names, experiment.control);
  const settings = expandGrid(experiment.grid).map((values) => ({
    label: labelOf(values),
    values,
  }));
  const jobs = new Map<string, Job>();
  const runs: PlannedRun[] = [];
  for (const seed of experiment.seeds) {
    settings.forEach(({ label, values }, setting) => {
      for (const arm of arms) {
        const spec = specOf(experiment, arm, { ...values, seed });
        const id = contentId(spec);
        const job = {
          id,
          label: [arm.name, label, `seed ${seed}`].filter(Boolean).join(', '),
          spec,
        };
        const known = jobs.get(id);
        if (known) checkSame(known, job);
        else jobs.set(id, job);
        runs.push({ arm: arm.name, setting, seed, job: id });
      }
    });
  }
  const plan = { experiment, arms: names, settings, runs, jobs: [...jobs.values()] };
  checkTasks(plan.jobs);
  return { ...plan, control: experiment.control ?? names[0]! };
}

function specOf(
  { base, budgets, evaluation }: Experiment,
  { strategy, values, trainOn }: ArmPlan,
  point: Partial<Config>,
): JobSpec {
  const { splits, drafts, tasks, samples, depth } = evaluation;
  const config: Config = {
    ...DEFAULT_CONFIG,
    ...base,
    ...(strategy && STRATEGIES[strategy].values),
    ...values,
    ...point,
    // Evaluations are made where budgets end, and nowhere else.
    ...{ evalEvery: 0, evalTasks: tasks, evalSamples: samples, evalDepth: depth },
  };
  const issues = checkConfig(config);
  if (issues.length > 0) refuse(issues);
  return {
    version: RESULTS_VERSION,
    config,
    ...(trainOn && { trainOn }),
    budgets,
    splits,
    ...(drafts !== undefined && { drafts }),
  };
}

function expandArm(arm: ArmPlan): ArmPlan[] {
  return expandGrid(arm.grid).map((point) => ({
    ...arm,
    name: [arm.name, labelOf(point)].filter(Boolean).join(', '),
    values: { ...arm.values, ...point },
  }));
}

/** Each value with each, the first parameter slowest; one empty point of an empty grid. */
function expandGrid(grid: Grid): Partial<Config>[] {
  return Object.entries(grid).reduce<Partial<Config>[]>(
    (points, [id, values]) =>
      points.flatMap((point) => values.map((value) => ({ ...point, [id]: value }))),
    [{}],
  );
}

function labelOf(point: Partial<Config>): string {
  return Object.entries(point)
    .map(([id, value]) => `${id} ${value}`)
    .join(', ');
}

function checkNames(names: readonly string[], control: string | undefined): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    refuse([{ field: 'arms', value: `"${twice}" twice`, expected: 'arms of distinct names' }]);
  }
  if (control === undefined || names.includes(control)) return;
  const expected = `one of the arms ${names.join('; ')}`;
  refuse([{ field: 'control', value: `"${control}"`, expected }]);
}

function checkSame(known: Job, job: Job): void {
  if (canonicalJson(known.spec) === canonicalJson(job.spec)) return;
  throw new ExperimentError(
    `job ${job.id}: got two contents for one id (${known.label}; ${job.label}), expected one`,
  );
}

/** Splits belong to a task, and a grid may change it. */
function checkTasks(jobs: readonly Job[]): void {
  const issues = new Map<string, ParamIssue>();
  for (const { spec } of jobs) {
    const task = taskFor(spec.config, () => spec.config);
    const known = splitsOf(task);
    const wanted = [
      ...spec.splits.map((split, i) => ({ field: `evaluation.splits.${i}`, split })),
      ...(spec.trainOn ? [{ field: 'trainOn.split', split: spec.trainOn.split }] : []),
    ];
    for (const { field, split } of wanted) {
      if (known.includes(split) || hasSplit(task, split)) continue;
      const expected = `one of ${known.join(', ')}, the held-out splits of ${task.id}`;
      issues.set(`${field} ${task.id}`, { field, value: `"${split}"`, expected });
    }
  }
  if (issues.size > 0) refuse([...issues.values()]);
}

/** A domain may know splits that it does not list: a single table, say. */
function hasSplit(task: Task, split: string): boolean {
  try {
    return task.sample(split, createRng(0)) !== undefined;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** A mixture is judged domain by domain: what one of them lacks, all lack. */
function splitsOf(task: Task): string[] {
  const own = ['test', ...(task.heldOut ?? []).map(({ id }) => id)];
  const parts = (task.parts ?? []).map(splitsOf);
  return [...new Set(own)].filter((id) => parts.every((ids) => ids.includes(id)));
}

/** The same task, a share of whose training is of one split. */
export function trainingOn(task: Task, { split, share }: TrainOn): Task {
  return {
    ...task,
    sample: (wanted, rng) =>
      task.sample(wanted === 'train' && rng.chance(share) ? split : wanted, rng),
  };
}
