/** What a person asks of a comparison, and the experiment that it stands for. */
import type { Experiment } from '../experiments/experiment.ts';
import {
  changedParams,
  DEFAULT_CONFIG,
  PARAM_IDS,
  PARAMS,
  parseParams,
  type Config,
  type Param,
  type ParamId,
} from '../schema/params.ts';
import { STRATEGIES, type StrategyId } from '../schema/presets.ts';

export interface ComparisonForm {
  /** What the runs that are compared differ in. */
  readonly vary: 'strategies' | ParamId;
  /** Beside the control, which is always run. */
  readonly arms: readonly StrategyId[];
  /** Of the parameter that is varied, as they are typed: parted by commas. */
  readonly values: string;
  readonly seeds: number;
  readonly firstSeed: number;
  /** Sampled completion tokens of each run. */
  readonly tokens: number;
  /** Held-out tasks that each policy is judged on. */
  readonly tasks: number;
  /** Whether policies are judged before training and on the way too: a curve, and what a quality costs. */
  readonly onTheWay: boolean;
  /** The held-out quality whose price in tokens is asked for then. */
  readonly target: number;
}

/** Everything of ExIt but the choosing. */
export const CONTROL: StrategyId = 'exit-uniform';

const DEFAULT_ARMS: readonly StrategyId[] = ['grpo', 'exit'];

export const ARMS = (Object.keys(STRATEGIES) as StrategyId[]).filter((id) => id !== CONTROL);

/** Parameters whose values can be compared: what places, seeds and judges the runs is the experiment's own. */
export const VARIED: readonly ParamId[] = PARAM_IDS.filter(
  (id) => !['seed', 'backend', 'replicas'].includes(id) && PARAMS[id].group !== 'evaluation',
);

/** What the fields take; the seeds of a comparison must all be seeds. */
export const FORM_RANGES = {
  seeds: [1, 50],
  firstSeed: [PARAMS.seed.range[0], PARAMS.seed.range[1] - 50],
  tokens: [1000, 10_000_000],
  tasks: PARAMS.evalTasks.range,
  target: [0, 1],
} as const satisfies Partial<Record<keyof ComparisonForm, readonly [number, number]>>;

export function initialForm(config: Config): ComparisonForm {
  return {
    vary: 'strategies',
    arms: DEFAULT_ARMS,
    values: '',
    seeds: 5,
    firstSeed: Math.min(config.seed, FORM_RANGES.firstSeed[1]),
    tokens: 40_000,
    tasks: 200,
    onTheWay: true,
    target: DEFAULT_TARGET,
  };
}

const DEFAULT_TARGET = 0.8;

/** Self-improvement steps, and chains of each held-out task. */
const EVALUATION = { samples: 1, depth: 16 } as const;
/** Of its tokens, where a run is judged that is judged on the way: 0 is the policy before training. */
const PARTS = [0, 0.25, 0.5, 0.75, 1] as const;

interface ArmOfFile {
  readonly name: string;
  readonly strategy?: StrategyId;
  /** As typed where they were not understood: planning says why. */
  readonly values?: Readonly<Record<string, unknown>>;
}

/** As the file of `exit-lab experiment` has it; checked where it is planned. */
export interface ExperimentFile {
  readonly name: string;
  readonly base: Partial<Config>;
  readonly arms: readonly ArmOfFile[];
  readonly control: string;
  readonly seeds: { readonly from: number; readonly count: number };
  readonly budgets: { readonly unit: 'sampledTokens'; readonly at: readonly number[] };
  readonly evaluation: { readonly tasks: number; readonly samples: number; readonly depth: number };
  readonly targets?: readonly number[];
}

/** What the form compares, under the page's parameters. */
export function experimentOf(form: ComparisonForm, config: Config): ExperimentFile {
  const { vary, seeds, firstSeed, tokens, tasks, onTheWay, target } = form;
  // What a task consists of stands in brackets.
  const task = PARAMS.task.options[config.task].split(' (')[0];
  const about = vary === 'strategies' ? 'Strategies' : PARAMS[vary].label;
  return {
    name: vary === 'task' ? 'Tasks' : `${about} on ${task}`,
    base: baseOf(config, vary),
    ...(vary === 'strategies' ? strategyArms(form) : valueArms(vary, form.values, config)),
    seeds: { from: firstSeed, count: seeds },
    budgets: {
      unit: 'sampledTokens',
      at: onTheWay ? PARTS.map((part) => Math.round(tokens * part)) : [tokens],
    },
    evaluation: { tasks, ...EVALUATION },
    ...(onTheWay && { targets: [target] }),
  };
}

type Arms = Pick<ExperimentFile, 'arms' | 'control'>;

function strategyArms({ arms }: ComparisonForm): Arms {
  const chosen = (Object.keys(STRATEGIES) as StrategyId[]).filter(
    (id) => id === CONTROL || arms.includes(id),
  );
  return {
    arms: chosen.map((strategy) => ({ name: STRATEGIES[strategy].label, strategy })),
    control: STRATEGIES[CONTROL].label,
  };
}

/** An arm for each value; the page's own is the control, or the first where it is not among them. */
function valueArms(id: ParamId, text: string, config: Config): Arms {
  const { label }: Param = PARAMS[id];
  const arms = typedValues(text).map((typed) => {
    const { [id]: value = typed } = parseParams({ [id]: typed }).values;
    return { name: `${label} ${String(value)}`, values: { [id]: value } };
  });
  const control = arms.find(({ values }) => values[id] === config[id]) ?? arms[0];
  return { arms, control: control?.name ?? '' };
}

/** What stands between the commas, each once. */
export function typedValues(text: string): string[] {
  const typed = text.split(/[,;\s]+/).filter(Boolean);
  return typed.filter((value, i) => typed.indexOf(value) === i);
}

/** How many runs the form asks for. */
export function runsOf({ vary, arms, values, seeds }: ComparisonForm): number {
  return seeds * (vary === 'strategies' ? arms.length + 1 : typedValues(values).length);
}

/** Set by the seeds or by the evaluation of an experiment. */
const ELSEWHERE: readonly string[] = ['seed', 'evalEvery', 'evalTasks', 'evalSamples', 'evalDepth'];

/**
 * On one core of WebAssembly each, whatever the page trains on: runs share the machine, and give what the
 * command line gives, but for the last digits of what browsers compute otherwise (exponentials).
 */
const PLACE = { backend: 'wasm', replicas: 1 } as const satisfies Partial<Config>;

/** The page's parameters, without what the arms set. */
function baseOf(config: Config, vary: ComparisonForm['vary']): Partial<Config> {
  const ofArms = vary === 'strategies' ? Object.keys(STRATEGIES[CONTROL].values) : [vary];
  const changed = changedParams(DEFAULT_CONFIG, config).filter(
    (id) => !ELSEWHERE.includes(id) && !ofArms.includes(id),
  );
  const values = changed.map((id) => [id, config[id]] as const);
  const task = vary === 'task' ? {} : { task: config.task };
  return { ...task, ...Object.fromEntries(values), ...PLACE };
}

/** The form that an experiment came from. */
export function formOf({ arms, seeds, budgets, evaluation, targets }: Experiment): ComparisonForm {
  const strategies = arms.flatMap(({ strategy }) => (strategy ? [strategy] : []));
  const [varied] = strategies.length > 0 ? [] : (Object.keys(arms[0]!.values) as ParamId[]);
  return {
    vary: varied ?? 'strategies',
    arms: varied ? DEFAULT_ARMS : strategies.filter((id) => id !== CONTROL),
    values: varied ? arms.map(({ values }) => String(values[varied])).join(', ') : '',
    seeds: seeds.length,
    firstSeed: seeds[0]!,
    tokens: budgets.at.at(-1)!,
    tasks: evaluation.tasks,
    onTheWay: budgets.at.length > 1,
    target: targets[0] ?? DEFAULT_TARGET,
  };
}
