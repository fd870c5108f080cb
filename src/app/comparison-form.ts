/** What a person asks of a comparison, and the experiment that it stands for. */
import type { Experiment } from '../experiments/experiment.ts';
import { changedParams, DEFAULT_CONFIG, PARAMS, type Config } from '../schema/params.ts';
import { STRATEGIES, type StrategyId } from '../schema/presets.ts';

export interface ComparisonForm {
  /** Beside the control, which is always run. */
  readonly arms: readonly StrategyId[];
  readonly seeds: number;
  readonly firstSeed: number;
  /** Sampled completion tokens of each run. */
  readonly tokens: number;
  /** Held-out tasks that each policy is judged on. */
  readonly tasks: number;
  /** Whether policies are judged on the way too, which tells what a quality costs. */
  readonly onTheWay: boolean;
  /** The held-out quality whose price in tokens is asked for then. */
  readonly target: number;
}

/** Everything of ExIt but the choosing. */
export const CONTROL: StrategyId = 'exit-uniform';

export const ARMS = (Object.keys(STRATEGIES) as StrategyId[]).filter((id) => id !== CONTROL);

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
    arms: ['grpo', 'exit'],
    seeds: 5,
    firstSeed: Math.min(config.seed, FORM_RANGES.firstSeed[1]),
    tokens: 40_000,
    tasks: 200,
    onTheWay: false,
    target: DEFAULT_TARGET,
  };
}

const DEFAULT_TARGET = 0.8;

/** Self-improvement steps, and chains of each held-out task. */
const EVALUATION = { samples: 1, depth: 16 } as const;
/** Judgements of a run that is judged on the way. */
const POINTS = 4;

/** As the file of `exit-lab experiment` has it; checked where it is planned. */
export interface ExperimentFile {
  readonly name: string;
  readonly base: Partial<Config>;
  readonly arms: readonly { readonly name: string; readonly strategy: StrategyId }[];
  readonly control: string;
  readonly seeds: { readonly from: number; readonly count: number };
  readonly budgets: { readonly unit: 'sampledTokens'; readonly at: readonly number[] };
  readonly evaluation: { readonly tasks: number; readonly samples: number; readonly depth: number };
  readonly targets?: readonly number[];
}

/** The strategies of the form under the page's parameters. */
export function experimentOf(form: ComparisonForm, config: Config): ExperimentFile {
  const { arms, seeds, firstSeed, tokens, tasks, onTheWay, target } = form;
  const chosen = (Object.keys(STRATEGIES) as StrategyId[]).filter(
    (id) => id === CONTROL || arms.includes(id),
  );
  const points = onTheWay ? POINTS : 1;
  // What a task consists of stands in brackets.
  const task = PARAMS.task.options[config.task].split(' (')[0];
  return {
    name: `Strategies on ${task}`,
    base: baseOf(config),
    arms: chosen.map((strategy) => ({ name: STRATEGIES[strategy].label, strategy })),
    control: STRATEGIES[CONTROL].label,
    seeds: { from: firstSeed, count: seeds },
    budgets: {
      unit: 'sampledTokens',
      at: Array.from({ length: points }, (_, i) => Math.round((tokens * (i + 1)) / points)),
    },
    evaluation: { tasks, ...EVALUATION },
    ...(onTheWay && { targets: [target] }),
  };
}

/** Set by the arm, by the seeds or by the evaluation of an experiment. */
const ELSEWHERE: readonly string[] = [
  ...Object.keys(STRATEGIES[CONTROL].values),
  ...['seed', 'evalEvery', 'evalTasks', 'evalSamples', 'evalDepth'],
];

/**
 * On one core of WebAssembly each, whatever the page trains on: runs share the machine, and give what the
 * command line gives, but for the last digits of what browsers compute otherwise (exponentials).
 */
const PLACE = { backend: 'wasm', replicas: 1 } as const satisfies Partial<Config>;

function baseOf(config: Config): Partial<Config> {
  const changed = changedParams(DEFAULT_CONFIG, config).filter((id) => !ELSEWHERE.includes(id));
  const values = changed.map((id) => [id, config[id]] as const);
  return { task: config.task, ...Object.fromEntries(values), ...PLACE };
}

/** The form that an experiment came from. */
export function formOf({ arms, seeds, budgets, evaluation, targets }: Experiment): ComparisonForm {
  const strategies = arms.flatMap(({ strategy }) => (strategy ? [strategy] : []));
  return {
    arms: strategies.filter((id) => id !== CONTROL),
    seeds: seeds.length,
    firstSeed: seeds[0]!,
    tokens: budgets.at.at(-1)!,
    tasks: evaluation.tasks,
    onTheWay: budgets.at.length > 1,
    target: targets[0] ?? DEFAULT_TARGET,
  };
}
