/** Runs that are worth watching: each sets some parameters and says in one sentence what to watch for. */
import { DEFAULT_CONFIG } from './params.ts';
import type { Config } from './params.ts';
import { STRATEGIES } from './presets.ts';
import type { StrategyId } from './presets.ts';

export const STORY_GROUPS = {
  ladder: 'Method, step by step',
  failure: 'What goes wrong',
  domain: 'Where',
} as const;
export type StoryGroup = keyof typeof STORY_GROUPS;

export interface Story {
  readonly label: string;
  readonly group: StoryGroup;
  readonly values: Partial<Config>;
  /** One sentence. */
  readonly watch: string;
}

/** What a failure turns; every other story turns it back, so that switching leaves nothing behind. */
const SOUND = {
  trainTasks: DEFAULT_CONFIG.trainTasks,
  learningRate: DEFAULT_CONFIG.learningRate,
} as const satisfies Partial<Config>;

/** In the domain at hand. */
function rung(strategy: StrategyId, label: string, watch: string): Story {
  return { label, group: 'ladder', watch, values: { ...STRATEGIES[strategy].values, ...SOUND } };
}

function failure(label: string, change: Partial<Config>, watch: string): Story {
  const values = { ...STRATEGIES.exit.values, ...SOUND, ...change };
  return { label, group: 'failure', watch, values };
}

/** With the strategy at hand. */
function domain(task: Config['task'], label: string, watch: string): Story {
  return { label, group: 'domain', watch, values: { task, ...SOUND } };
}

export const STORIES = {
  grpo: rung(
    'grpo',
    'GRPO only',
    'Start depth stays at 0: every attempt begins from nothing, so revising is never practised.',
  ),
  curriculum: rung(
    'curriculum',
    '+ Curriculum',
    'Learnability from the buffer lies above that of fresh tasks: the same base tasks, chosen where attempts differ.',
  ),
  improve: rung(
    'improve',
    '+ Improve',
    'Start depth leaves 0: attempts become starting points, and held-out quality begins to rise with each revision.',
  ),
  diverge: rung(
    'diverge',
    '+ Diverge',
    'Some histories are answered differently instead of better: look for a second attempt that takes another way.',
  ),
  exit: rung(
    'exit',
    'ExIt',
    'The whole method: the bonus pays rare good attempts more; compare how many attempts of a group stay distinct.',
  ),
  uniform: rung(
    'uniform',
    'Uniform control',
    'Start depth rises here too, without any priority: only what ExIt does beyond this is the curriculum’s.',
  ),
  collapse: failure(
    'One task only',
    { trainTasks: 1 },
    'Within a hundred steps the one task is known by heart: entropy falls to 0, groups go flat, held-out quality stays behind.',
  ),
  hot: failure(
    'Break it',
    { learningRate: 0.01 },
    'The learning rate is ten times too hot: within thirty steps the attempts lose their form and quality falls to 0.',
  ),
  locks: domain(
    'locks',
    'Locks',
    'Every attempt gets a mark per dial: quality after a few revisions overtakes the best of 17 fresh attempts.',
  ),
  countdown: domain(
    'countdown',
    'Countdown',
    'Arithmetic without any feedback: a right answer has to be recognised, so watch whether revisions break what was right.',
  ),
  workspace: domain(
    'workspace',
    'Workspace',
    'Files over several turns: the last attempt of one turn is where the next one starts.',
  ),
  pipelines: domain(
    'pipelines',
    'Pipelines',
    'Models trained on small tables: quality is a graded score, so groups are hardly ever flat.',
  ),
  mixture: domain(
    'mixture',
    'Mixture',
    'All domains at once: watch which of them the selection by learnability returns to.',
  ),
} as const satisfies Readonly<Record<string, Story>>;

export type StoryId = keyof typeof STORIES;

export const STORY_IDS = Object.keys(STORIES) as StoryId[];

export function story(id: StoryId): Story {
  return STORIES[id];
}

/** Whether the configuration has all values of a story. */
export function holds({ values }: Story, config: Config): boolean {
  return Object.entries(values).every(([key, value]) => config[key as keyof Config] === value);
}

/** The stories that a configuration tells, at most one of each group. */
export function storiesOf(config: Config): StoryId[] {
  return STORY_IDS.filter((id) => holds(story(id), config));
}
