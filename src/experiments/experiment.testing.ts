/** Experiments and results for tests. */
import type { JobResult, TaskOutcomes } from './result.ts';
import type { Job, Plan } from './plan.ts';
import { planExperiment } from './plan.ts';
import { readExperiment } from './experiment.ts';

/** Two arms, two points, two seeds; a fraction of a second each, and with something to show. */
export const SMALL = {
  name: 'Small',
  base: { backend: 'wasm', batchGroups: 3, groupSize: 3, bufferMin: 2 },
  arms: [
    { name: 'ExIt', strategy: 'exit' },
    { name: 'GRPO', strategy: 'grpo' },
  ],
  control: 'GRPO',
  grid: { learningRate: [0.001, 0.003] },
  seeds: { from: 1, count: 2 },
  budgets: { unit: 'steps', at: [1, 3] },
  evaluation: { tasks: 4, samples: 1, depth: 2 },
} as const;

export function smallPlan(changes: object = {}): Plan {
  return planExperiment(readExperiment({ ...SMALL, ...changes }));
}

/** @param quality of each held-out task at K, for each budget. */
export function resultOf(job: Job, quality: readonly (readonly number[])[]): JobResult {
  const { budgets, splits } = job.spec;
  return {
    id: job.id,
    spec: job.spec,
    backend: 'wasm',
    budgets: budgets.at.map((budget, i) => ({
      budget,
      step: 10 * (i + 1),
      tokensSampled: 1000 * (i + 1),
      tokensTrained: 900 * (i + 1),
      metrics: { frac_reward_zero_std: 0.25 },
      heldOut: splits.map((split) => ({
        split,
        domains: [{ domain: job.spec.config.task, ...outcomesOf(quality[i]!) }],
      })),
    })),
    curve: { step: [10], tokensSampled: [1000], metrics: { reward: [0.5] } },
    origin: { trainingSeconds: 1, evaluationSeconds: 2, machine: 'a machine' },
  };
}

/** Half the quality at k = 0. */
function outcomesOf(quality: readonly number[]): TaskOutcomes {
  const curve = [quality.map((one) => one / 2), quality];
  const zeros = quality.map(() => 0);
  return {
    points: [0, 2],
    quality: curve,
    solved: curve,
    bestQuality: curve,
    bestSolved: curve,
    resampleQuality: curve,
    resampleSolved: curve,
    wrongToRight: zeros,
    rightToWrong: zeros,
  };
}
