/** The file that describes an experiment, and its checks. */
import * as v from 'valibot';
import { readConfig } from '../schema/config.ts';
import { METRIC_IDS, type MetricId } from '../schema/metrics.ts';
import {
  describeIssue,
  PARAMS,
  parseParams,
  type Config,
  type ParamId,
  type ParamIssue,
} from '../schema/params.ts';
import { STRATEGIES, type StrategyId } from '../schema/presets.ts';

/** What a run is trained by until it is evaluated: completion tokens sampled, training steps, seconds of work. */
export const BUDGET_UNITS = ['sampledTokens', 'steps', 'seconds'] as const;
export type BudgetUnit = (typeof BUDGET_UNITS)[number];

export interface Budgets {
  readonly unit: BudgetUnit;
  /** Rising; 0 is the policy before training. */
  readonly at: readonly number[];
}

/** Training draws so often from a held-out split of the task: for one that is too hard to be learned alone. */
export interface TrainOn {
  readonly split: string;
  readonly share: number;
}

/** Beside quality over tokens: what share is solved after k revisions, with a line for each seed. */
export const PLOTS = ['depth'] as const;
export type PlotId = (typeof PLOTS)[number];

/** Values of parameters, each with each. */
export type Grid = Readonly<Partial<Record<ParamId, readonly Config[ParamId][]>>>;

export interface ArmPlan {
  readonly name: string;
  readonly strategy?: StrategyId;
  readonly values: Partial<Config>;
  /** Makes several arms of one. */
  readonly grid: Grid;
  readonly trainOn?: TrainOn;
}

export interface EvaluationPlan {
  readonly splits: readonly string[];
  readonly tasks: number;
  readonly samples: number;
  readonly depth: number;
  /** Also a greedy search with so many first attempts and the same number of evaluations. */
  readonly drafts?: number;
}

export interface Experiment {
  readonly name: string;
  readonly about?: string;
  /** Of all arms; the rest is default. */
  readonly base: Partial<Config>;
  readonly arms: readonly ArmPlan[];
  /** The arm that the others are compared with; the first where absent. */
  readonly control?: string;
  /** Every arm is run at each point, and compared within it only. */
  readonly grid: Grid;
  readonly seeds: readonly number[];
  readonly budgets: Budgets;
  readonly evaluation: EvaluationPlan;
  /** Metrics of training that tables and plots show beside held-out quality. */
  readonly metrics: readonly MetricId[];
  /** Held-out qualities whose price in tokens is asked for. */
  readonly targets: readonly number[];
  /** Pictures beyond the usual ones. */
  readonly plots?: readonly PlotId[];
}

/** A description, a folder or a command line that is refused; the message names field, value and expectation. */
export class ExperimentError extends Error {
  override readonly name = 'ExperimentError';
}

export function refuse(issues: readonly ParamIssue[]): never {
  throw new ExperimentError(issues.map(describeIssue).join('\n'));
}

const text = v.pipe(v.string('a text'), v.nonEmpty('a text'));
const parameters = v.record(v.string(), v.unknown(), 'parameter values by name');
const grid = v.record(
  v.string(),
  v.pipe(v.array(v.unknown(), 'a list of values'), v.nonEmpty('a list of values')),
  'lists of values by parameter',
);

function integer(low: number, high: number) {
  const expected = `a whole number from ${low} to ${high}`;
  return v.pipe(
    v.number(expected),
    v.integer(expected),
    v.minValue(low, expected),
    v.maxValue(high, expected),
  );
}

function share(expected: string) {
  return v.pipe(v.number(expected), v.minValue(0, expected), v.maxValue(1, expected));
}

/** An object with these fields and no others: a misspelt field would silently change what is measured. */
function fields<E extends v.ObjectEntries>(entries: E) {
  const known = Object.keys(entries).join(', ');
  return v.strictObject(entries, ({ expected }) => {
    if (expected === 'never') return `no such field, only ${known}`;
    return expected === 'Object' ? `an object of ${known}` : 'a value: it must be given';
  });
}

const ArmSchema = fields({
  name: text,
  strategy: v.exactOptional(v.string('the name of a strategy')),
  values: v.exactOptional(parameters, {}),
  grid: v.exactOptional(grid, {}),
  trainOn: v.exactOptional(fields({ split: text, share: share('a share from 0 to 1') })),
});

const SEEDS = PARAMS.seed.range;
const MOST_RUNS = 1000;

const SeedsSchema = v.union(
  [
    v.pipe(v.array(integer(...SEEDS)), v.nonEmpty()),
    v.strictObject({ from: integer(...SEEDS), count: integer(1, MOST_RUNS) }),
  ],
  'a list of seeds, or {"from": first, "count": how many}',
);

const AMOUNT = 'a number of at least 0';

const BudgetsSchema = fields({
  unit: v.picklist(BUDGET_UNITS, `one of ${BUDGET_UNITS.join(', ')}`),
  at: v.pipe(
    v.array(v.pipe(v.number(AMOUNT), v.finite(AMOUNT), v.minValue(0, AMOUNT)), 'a list of numbers'),
    v.nonEmpty('at least one number'),
    v.check((at) => at.every((one, i) => i === 0 || one > at[i - 1]!), 'numbers that rise'),
  ),
});

/** Few chains of many tasks: tasks differ more than the chains of one do. */
const EVALUATION = { splits: ['test'], tasks: 200, samples: 2, depth: 16 };

const EvaluationSchema = fields({
  splits: v.exactOptional(
    v.pipe(v.array(text, 'a list of splits'), v.nonEmpty('at least one split')),
    EVALUATION.splits,
  ),
  tasks: v.exactOptional(integer(...PARAMS.evalTasks.range), EVALUATION.tasks),
  samples: v.exactOptional(integer(...PARAMS.evalSamples.range), EVALUATION.samples),
  depth: v.exactOptional(integer(...PARAMS.evalDepth.range), EVALUATION.depth),
  drafts: v.exactOptional(integer(1, 1000)),
});

const ExperimentSchema = fields({
  name: text,
  about: v.exactOptional(v.string('a text')),
  base: v.exactOptional(parameters, {}),
  arms: v.pipe(v.array(ArmSchema, 'a list of arms'), v.nonEmpty('at least one arm')),
  control: v.exactOptional(v.string('the name of an arm')),
  grid: v.exactOptional(grid, {}),
  seeds: SeedsSchema,
  budgets: BudgetsSchema,
  evaluation: v.exactOptional(EvaluationSchema, EVALUATION),
  metrics: v.exactOptional(
    v.array(v.picklist(METRIC_IDS, 'the name of a metric'), 'a list of metrics'),
    [],
  ),
  targets: v.exactOptional(v.array(share('a quality from 0 to 1'), 'a list of qualities'), []),
  plots: v.exactOptional(
    v.array(v.picklist(PLOTS, `one of ${PLOTS.join(', ')}`), 'a list of pictures'),
  ),
});

/**
 * @param json what the file holds.
 * @throws ExperimentError that names every field refused, its value and what was expected.
 */
export function readExperiment(json: unknown): Experiment {
  const parsed = v.safeParse(ExperimentSchema, json);
  if (!parsed.success) return refuse(parsed.issues.map(issueOf));
  const { output } = parsed;
  const issues: ParamIssue[] = [];
  const base = readBase(output.base, issues);
  const arms = output.arms.map(({ strategy, values, ...arm }, i): ArmPlan => {
    const field = `arms.${i}`;
    return {
      ...arm,
      ...(strategy !== undefined && {
        strategy: readStrategy(strategy, `${field}.strategy`, issues),
      }),
      values: readValues(values, `${field}.values`, issues),
      grid: readGrid(arm.grid, `${field}.grid`, issues),
    };
  });
  const points = readGrid(output.grid, 'grid', issues);
  const seeds = readSeeds(output.seeds, issues);
  if (issues.length > 0) refuse(issues);
  return { ...output, base, arms, grid: points, seeds };
}

/** Names that stand for sets of values are taken here too, as on a command line. */
function readBase(base: Readonly<Record<string, unknown>>, issues: ParamIssue[]): Partial<Config> {
  const read = readConfig(base);
  issues.push(...prefixed(read.issues, 'base'));
  return read.given;
}

function readStrategy(name: string, field: string, issues: ParamIssue[]): StrategyId {
  const ids = Object.keys(STRATEGIES) as StrategyId[];
  const id = ids.find((known) => known === name);
  if (id === undefined) {
    issues.push({ field, value: `"${name}"`, expected: `one of ${ids.join(', ')}` });
  }
  return id ?? 'exit';
}

function readValues(
  values: Readonly<Record<string, unknown>>,
  field: string,
  issues: ParamIssue[],
): Partial<Config> {
  const read = parseParams(values);
  issues.push(...prefixed(read.issues, field));
  if (Object.hasOwn(values, 'seed')) issues.push(seedElsewhere(`${field}.seed`, values['seed']));
  return read.values;
}

function readGrid(
  lists: Readonly<Record<string, readonly unknown[]>>,
  field: string,
  issues: ParamIssue[],
): Grid {
  const entries = Object.entries(lists).map(([id, list]) => {
    const read = list.map((value) => readValues({ [id]: value }, field, issues)[id as ParamId]);
    return [id, read];
  });
  return Object.fromEntries(entries) as Grid;
}

function readSeeds(
  seeds: v.InferOutput<typeof SeedsSchema>,
  issues: ParamIssue[],
): readonly number[] {
  const list =
    'count' in seeds ? Array.from({ length: seeds.count }, (_, i) => seeds.from + i) : seeds;
  const twice = list.find((seed, i) => list.indexOf(seed) !== i);
  if (twice !== undefined) {
    issues.push({ field: 'seeds', value: `${twice} twice`, expected: 'distinct seeds' });
  }
  return list;
}

function seedElsewhere(field: string, value: unknown): ParamIssue {
  return { field, value: JSON.stringify(value), expected: 'no seed here: seeds has them' };
}

function prefixed(issues: readonly ParamIssue[], prefix: string): ParamIssue[] {
  return issues.map((issue) => ({ ...issue, field: `${prefix}.${issue.field}` }));
}

/** A list that is one of several alternatives says what it expects as a whole. */
function issueOf(issue: v.BaseIssue<unknown>): ParamIssue {
  const last = issue.path?.at(-1);
  const value = last ? last.value : issue.input;
  const shown = value === undefined ? 'nothing' : JSON.stringify(value);
  return {
    field: v.getDotPath(issue) ?? 'experiment',
    value: shown.length > 60 ? `${shown.slice(0, 57)}…` : shown,
    expected: issue.message,
  };
}
