/** All domains. A new one is a folder beside `locks/`, a line here, and an option of `PARAMS.task`. */
import { createCountdown } from './countdown/countdown.ts';
import type { Config } from '../schema/params.ts';
import { withTaskSubset } from './subset.ts';
import { LOCKS, LOCKS_LARGE } from './locks/sizes.ts';
import { createMixture } from './mixture.ts';
import { createPipelines } from './pipelines/pipelines.ts';
import type { Task } from './task.ts';
import { createWorkspace } from './workspace/workspace.ts';

export const TASKS = [
  LOCKS,
  LOCKS_LARGE,
  createCountdown({
    id: 'countdown',
    label: 'Countdown (3 numbers up to 10)',
    numbers: 3,
    slots: 4,
    largest: 10,
    largestTarget: 60,
  }),
  createCountdown({
    id: 'countdown-large',
    label: 'Countdown, large (4 numbers up to 20)',
    numbers: 4,
    slots: 6,
    largest: 20,
    largestTarget: 99,
  }),
  createWorkspace({ id: 'workspace', label: 'Workspace (files over several turns)' }),
  createPipelines({ id: 'pipelines', label: 'Pipelines (machine learning on small tables)' }),
] as const;

/** What is mixed: one of each domain. */
const DOMAINS = {
  locks: 'mixLocks',
  countdown: 'mixCountdown',
  workspace: 'mixWorkspace',
  pipelines: 'mixPipelines',
} as const satisfies Readonly<Record<string, keyof Config>>;

export const MIXTURE = { id: 'mixture', label: 'All domains, mixed' } as const;

/**
 * The task of a run.
 * @param live the configuration as it stands: weights of a mixture may change while training runs.
 * @throws RangeError that names the tasks there are.
 */
export function taskFor(
  config: Pick<Config, 'task' | 'trainTasks' | 'seed'>,
  live: () => Config,
): Task {
  const task: Task = config.task === MIXTURE.id ? mixtureOf(live) : taskById(config.task);
  return config.trainTasks > 0 ? withTaskSubset(task, config.trainTasks, config.seed) : task;
}

function mixtureOf(live: () => Config): Task {
  const parts = Object.keys(DOMAINS).map(taskById);
  const weights = (): Record<string, number> =>
    Object.fromEntries(Object.entries(DOMAINS).map(([id, param]) => [id, live()[param]]));
  return createMixture({ ...MIXTURE, parts, weights });
}

/** @throws RangeError that names the tasks there are. */
export function taskById(id: string): Task {
  const task: Task | undefined = TASKS.find((candidate) => candidate.id === id);
  if (task) return task;
  throw new RangeError(
    `task: got "${id}", expected one of ${TASKS.map((known) => known.id).join(', ')}`,
  );
}
