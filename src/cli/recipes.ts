/** How the base policies that ship were made: what `npm run pretrain` does unless told otherwise. */
import { checkpointId } from '../runs/base-checkpoints.ts';
import type { Config } from '../schema/params.ts';

export interface Recipe {
  /** Supervised steps. */
  readonly steps: number;
  /** Parameters that differ from their defaults. */
  readonly values: Partial<Config>;
}

/**
 * Of all domains. Locks are learned in no time and have a base policy of their own; pipelines have the
 * shortest attempts; arithmetic and the workspace take the rest.
 */
const MIXED = {
  mixLocks: 0.4,
  mixCountdown: 1,
  mixWorkspace: 1,
  mixPipelines: 0.6,
} as const satisfies Partial<Config>;

const RECIPES: Readonly<Record<string, Recipe>> = {
  'base-nano': { steps: 8000, values: MIXED },
  'base-micro': { steps: 1300, values: MIXED },
  'ensembles-nano': { steps: 600, values: {} },
  'countdown-family-nano': { steps: 1400, values: {} },
  // Marks are to be read weakly, so that what becomes of it is what reinforcement taught.
  'locks-eight-nano': { steps: 1000, values: {} },
};

const OF_ONE_TASK: Recipe = { steps: 2000, values: {} };

/** By task and size; a shape of its own is made as the nano policy is. */
export function recipeFor(config: Config): Recipe {
  const named = RECIPES[checkpointId(config) ?? ''];
  return named ?? (config.task === 'mixture' ? RECIPES['base-nano']! : OF_ONE_TASK);
}
