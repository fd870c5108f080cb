/** The tasks of all domains, made from their manifests; how a domain is added is told in `manifests.ts`. */
import type { Config, DomainParamId } from '../schema/params.ts';
import { createCountdown } from './countdown/countdown.ts';
import { createEnsembles } from './ensembles/ensembles.ts';
import { withHardTasks } from './hard.ts';
import { createLocks } from './locks/locks.ts';
import {
  mixedDomains,
  MIXTURE,
  type DomainOf,
  type Manifests,
  type WeightIdOf,
} from './manifest.ts';
import { MANIFESTS, type Domain } from './manifests.ts';
import { createMixture, type Mixture } from './mixture.ts';
import { createPipelines } from './pipelines/pipelines.ts';
import { withTaskSubset } from './subset.ts';
import type { Task } from './task.ts';
import { withUnevenTasks, type UnevenShares } from './uneven.ts';
import { createWorkspace } from './workspace/workspace.ts';

const DOMAINS: Readonly<Record<Domain, readonly Task[]>> = {
  locks: MANIFESTS.locks.variants.map(createLocks),
  countdown: MANIFESTS.countdown.variants.map(createCountdown),
  workspace: MANIFESTS.workspace.variants.map(createWorkspace),
  pipelines: MANIFESTS.pipelines.variants.map(createPipelines),
  ensembles: MANIFESTS.ensembles.variants.map(createEnsembles),
};

export const TASKS: readonly Task[] = Object.values(DOMAINS).flat();

/**
 * The task of a run.
 * @param live the configuration as it stands: weights of a mixture, and the shares of tasks that are
 * unsolvable, trivial or hard, may change while training runs.
 * @throws RangeError that names the tasks there are.
 */
export function taskFor(
  config: Pick<Config, 'task' | 'trainTasks' | 'hardTasks' | 'seed' | DomainParamId>,
  live: () => Config,
): Task {
  const mixed = config.task === MIXTURE.id;
  const domains = domainsOf(config);
  const task: Task = mixed
    ? mixtureOf(MANIFESTS, { ...domains, countdown: DOMAINS.countdown }, live)
    : taskById(config.task, Object.values(domains).flat());
  const shares = (): UnevenShares => {
    const { unsolvableShare: unsolvable, trivialShare: trivial } = live();
    return { unsolvable, trivial };
  };
  const { trainTasks: count, hardTasks, seed } = config;
  const uneven =
    count > 0 ? withTaskSubset(task, { count, seed, shares }) : withUnevenTasks(task, shares);
  return withHardTasks(uneven, { count: hardTasks, seed, share: () => live().hardShare });
}

/** All domains, with what parameters say of their tasks. */
function domainsOf(config: Pick<Config, DomainParamId>): typeof DOMAINS {
  const { absentShare, mostTurns } = config;
  const workspace = MANIFESTS.workspace.variants.map((variant) =>
    createWorkspace({ ...variant, conversations: { absentShare, mostTurns } }),
  );
  const countdown = MANIFESTS.countdown.variants.map((variant) =>
    createCountdown({
      ...variant,
      mostSolutions: config.countdownSolutions,
      partialCredit: config.countdownCredit,
      feedback: config.countdownFeedback,
    }),
  );
  return { ...DOMAINS, workspace, countdown };
}

/** The first variant of each domain that has a weight; weights are read at every draw. */
export function mixtureOf<M extends Manifests>(
  manifests: M,
  domains: Readonly<Record<DomainOf<M>, readonly Task[]>>,
  live: () => Readonly<Record<WeightIdOf<M>, number>>,
): Mixture {
  const mixed = mixedDomains(manifests);
  const weights = (): Record<string, number> => {
    const values = live();
    return Object.fromEntries(mixed.map(({ variant, weight }) => [variant, values[weight.param]]));
  };
  const parts = mixed.map(({ domain, variant }) => taskById(variant, domains[domain]));
  return createMixture({ id: MIXTURE.id, label: MIXTURE.label, parts, weights });
}

/** @throws RangeError that names the tasks there are. */
export function taskById(id: string, tasks: readonly Task[] = TASKS): Task {
  const task = tasks.find((candidate) => candidate.id === id);
  if (task) return task;
  throw new RangeError(
    `task: got "${id}", expected one of ${tasks.map((known) => known.id).join(', ')}`,
  );
}
