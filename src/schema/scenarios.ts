/** Runs that are worth watching: each sets some parameters and says in one sentence what to watch for. */
import { DEFAULT_CONFIG } from './params.ts';
import type { Config } from './params.ts';
import { STRATEGIES } from './presets.ts';
import type { StrategyId } from './presets.ts';
import { MIXTURE, tableOf } from '../tasks/manifest.ts';
import type { Manifests, TaskIdOf, ToldDomainOf } from '../tasks/manifest.ts';
import { MANIFESTS } from '../tasks/manifests.ts';

export const SCENARIO_GROUPS = {
  space: 'Task space',
  ladder: 'Method',
  failure: 'Failure',
  domain: 'Domain',
} as const;
export type ScenarioGroup = keyof typeof SCENARIO_GROUPS;

export interface Scenario<Values = Partial<Config>> {
  readonly label: string;
  readonly group: ScenarioGroup;
  readonly values: Values;
  /** One sentence. */
  readonly watch: string;
}

/** What a failure or an uneven task space turns, as it is otherwise: switching leaves nothing behind. */
const SOUND = {
  trainTasks: DEFAULT_CONFIG.trainTasks,
  learningRate: DEFAULT_CONFIG.learningRate,
  entropyCoefficient: DEFAULT_CONFIG.entropyCoefficient,
  priorityStrength: DEFAULT_CONFIG.priorityStrength,
  uniformShare: DEFAULT_CONFIG.uniformShare,
  unsolvableShare: DEFAULT_CONFIG.unsolvableShare,
  trivialShare: DEFAULT_CONFIG.trivialShare,
  hardShare: DEFAULT_CONFIG.hardShare,
  klBeta: DEFAULT_CONFIG.klBeta,
} as const satisfies Partial<Config>;

/** Chosen for uneven Locks on seeds that no result is quoted from; the even ones are the null beside it. */
const GENTLE = {
  learningRate: 0.0004,
  entropyCoefficient: 0.015,
  priorityStrength: 4,
  uniformShare: 0.25,
} as const satisfies Partial<Config>;

/** Locks, with the strategy at hand. */
function space(label: string, unsolvableShare: number, watch: string): Scenario {
  const values = { ...SOUND, ...GENTLE, task: 'locks', unsolvableShare } as const;
  return { label, group: 'space', watch, values };
}

/** In the domain and task space at hand. */
function rung(strategy: StrategyId, label: string, watch: string): Scenario {
  return {
    label,
    group: 'ladder',
    watch: watch,
    values: { ...STRATEGIES[strategy].values, trainTasks: SOUND.trainTasks },
  };
}

function failure(label: string, change: Partial<Config>, watch: string): Scenario {
  const values = { ...STRATEGIES.exit.values, ...SOUND, ...change };
  return { label, group: 'failure', watch: watch, values };
}

type DomainScenario<Task extends string> = Scenario<typeof SOUND & { readonly task: Task }>;

/** Each domain that has something to tell in its first variant, then the mixture; with the strategy at hand. */
export function domainScenarios<M extends Manifests>(
  manifests: M,
): Readonly<Record<ToldDomainOf<M> | typeof MIXTURE.id, DomainScenario<TaskIdOf<M>>>> {
  const told = Object.entries(manifests).flatMap(([domain, { variants, scenario: text }]) =>
    text ? [[domain, variants[0].id, text] as const] : [],
  );
  return tableOf(
    [...told, [MIXTURE.id, MIXTURE.id, MIXTURE.scenario] as const].map(([id, task, text]) => [
      id,
      { ...text, group: 'domain', values: { task, ...SOUND } },
    ]),
  );
}

export const SCENARIOS = {
  uneven: space(
    'Uneven Locks',
    0.75,
    'Three of four locks never open, and nobody says which: ExIt comes back to those that do.',
  ),
  even: space(
    'Even Locks',
    0,
    'The null: every lock opens, next to nothing is flat, and choosing where to practise cannot matter.',
  ),
  hard: {
    ...space(
      'Too hard alone',
      0,
      'Sixteen locks pay only when wholly open: revising is learned on the others, and then opens these too.',
    ),
    // As in docs/experiments/hard-locks.json.
    values: {
      ...SOUND,
      task: 'locks-eight',
      learningRate: 0.001,
      entropyCoefficient: 0,
      klBeta: 0.02,
      hardShare: 0.05,
    },
  },
  grpo: rung(
    'grpo',
    'GRPO only',
    'Start depth stays at 0: every attempt begins from nothing, and revising is never practised.',
  ),
  curriculum: rung(
    'curriculum',
    '+ Curriculum',
    'Base tasks return by learnability, depth stays 0: what comes back teaches hardly more than the fresh.',
  ),
  improve: rung(
    'improve',
    '+ Improve',
    'Start depth leaves 0: attempts become starting points, and revising them gains held-out quality.',
  ),
  diverge: rung(
    'diverge',
    '+ Diverge',
    'One start in seven is answered differently instead of better, and paid less: see reward by mode.',
  ),
  exit: rung(
    'exit',
    'ExIt',
    'The whole method: the bonus pays rare good attempts, so more of a group stay distinct than without it.',
  ),
  'exit-uniform': rung(
    'exit-uniform',
    'ExIt, uniform priority',
    'Everything of ExIt but the choosing: only what ExIt does beyond this is the curriculum’s.',
  ),
  collapse: failure(
    'One task only',
    { trainTasks: 1 },
    'Known by heart in a hundred steps: entropy nears 0, groups go flat, held-out quality stays behind.',
  ),
  hot: failure(
    'Break it',
    { learningRate: 0.02 },
    'A learning rate twenty times too hot: within thirty steps attempts lose their form, and quality is 0.',
  ),
  ...domainScenarios(MANIFESTS),
} as const satisfies Readonly<Record<string, Scenario>>;

export type ScenarioId = keyof typeof SCENARIOS;

/**
 * What the page opens with where its address names nothing, and what its recording is of: ExIt where
 * choosing where to practise matters. `SCENARIOS.even` is the null beside it.
 */
export const OPENING_CONFIG: Config = {
  ...DEFAULT_CONFIG,
  ...STRATEGIES.exit.values,
  ...SCENARIOS.uneven.values,
};

export const SCENARIO_IDS = Object.keys(SCENARIOS) as ScenarioId[];

export function scenario(id: ScenarioId): Scenario {
  return SCENARIOS[id];
}

/** What choosing a scenario sets: a method leaves the task space as it is, but ends a failure. */
export function scenarioValues(id: ScenarioId, config: Config): Partial<Config> {
  const { group, values } = scenario(id);
  const failing = config.learningRate === SCENARIOS.hot.values.learningRate;
  if (group !== 'ladder' || !failing) return values;
  return { ...values, learningRate: DEFAULT_CONFIG.learningRate };
}

/** Whether the configuration has all values of a scenario. */
export function holds({ values }: Scenario, config: Config): boolean {
  return Object.entries(values).every(([key, value]) => config[key as keyof Config] === value);
}

/** The scenarios that a configuration matches, at most one of each group. */
export function scenariosOf(config: Config): ScenarioId[] {
  return SCENARIO_IDS.filter((id) => holds(scenario(id), config));
}
