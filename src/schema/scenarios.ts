/** Runs that are worth watching: each sets some parameters and says in one sentence what to watch for. */
import { DEFAULT_CONFIG } from './params.ts';
import type { Config } from './params.ts';
import { STRATEGIES } from './presets.ts';
import type { StrategyId } from './presets.ts';

export const SCENARIO_GROUPS = {
  ladder: 'Method',
  failure: 'Failure',
  domain: 'Domain',
} as const;
export type ScenarioGroup = keyof typeof SCENARIO_GROUPS;

export interface Scenario {
  readonly label: string;
  readonly group: ScenarioGroup;
  readonly values: Partial<Config>;
  /** One sentence. */
  readonly watch: string;
}

/** What a failure turns; every other scenario turns it back, so that switching leaves nothing behind. */
const SOUND = {
  trainTasks: DEFAULT_CONFIG.trainTasks,
  learningRate: DEFAULT_CONFIG.learningRate,
} as const satisfies Partial<Config>;

/** In the domain at hand. */
function rung(strategy: StrategyId, label: string, watch: string): Scenario {
  return {
    label,
    group: 'ladder',
    watch: watch,
    values: { ...STRATEGIES[strategy].values, ...SOUND },
  };
}

function failure(label: string, change: Partial<Config>, watch: string): Scenario {
  const values = { ...STRATEGIES.exit.values, ...SOUND, ...change };
  return { label, group: 'failure', watch: watch, values };
}

/** With the strategy at hand. */
function domain(task: Config['task'], label: string, watch: string): Scenario {
  return { label, group: 'domain', watch: watch, values: { task, ...SOUND } };
}

export const SCENARIOS = {
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
  uniform: rung(
    'uniform',
    'Uniform control',
    'Depth rises here too, without any priority: only what ExIt does beyond this is the curriculum’s.',
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
  locks: domain(
    'locks',
    'Locks',
    'Each dial gets a mark: a few revisions overtake the best of 17 fresh attempts.',
  ),
  countdown: domain(
    'countdown',
    'Countdown',
    'Arithmetic without feedback: watch whether revisions break answers that were right.',
  ),
  workspace: domain(
    'workspace',
    'Workspace',
    'Files over several turns: the last attempt of one turn is where the next one starts.',
  ),
  pipelines: domain(
    'pipelines',
    'Pipelines',
    'Machine learning on small tables: quality is a validated score, so attempts differ by shades.',
  ),
  mixture: domain(
    'mixture',
    'Mixture',
    'All domains at once: starts return most to Countdown and the workspace, where attempts differ most.',
  ),
} as const satisfies Readonly<Record<string, Scenario>>;

export type ScenarioId = keyof typeof SCENARIOS;

export const SCENARIO_IDS = Object.keys(SCENARIOS) as ScenarioId[];

export function scenario(id: ScenarioId): Scenario {
  return SCENARIOS[id];
}

/** Whether the configuration has all values of a scenario. */
export function holds({ values }: Scenario, config: Config): boolean {
  return Object.entries(values).every(([key, value]) => config[key as keyof Config] === value);
}

/** The scenarios that a configuration matches, at most one of each group. */
export function scenariosOf(config: Config): ScenarioId[] {
  return SCENARIO_IDS.filter((id) => holds(scenario(id), config));
}
