/** What the policy is asked to do with the groups of a step. */
import type { Rng } from '../base/rng.ts';
import type { UpdateBatch, UpdateOptions } from '../model/policy.ts';
import type { Config } from '../schema/params.ts';
import type { Completion } from './rollout.ts';

export interface TrainedGroup {
  /** Ids, `<bos>` included. */
  readonly prompt: readonly number[];
  readonly completions: readonly Completion[];
  /** One per completion. */
  readonly advantages: readonly number[];
}

const ADAM_EPSILON = 1e-8;

/** One row per completion, group by group. */
export function updateBatch(groups: readonly TrainedGroup[]): UpdateBatch {
  const completions = groups.flatMap((group) => group.completions);
  return {
    prompts: groups.flatMap((group) => group.completions.map(() => group.prompt)),
    completions: completions.map((completion) => completion.ids),
    oldLogprobs: completions.map((completion) => completion.logprobs),
    advantages: groups.flatMap((group) => group.advantages),
    truncated: completions.map((completion) => Number(completion.truncated)),
  };
}

/** Rises linearly from the first step, which is step 1; 0 warm-up steps are none. */
export function learningRateAt(
  step: number,
  { learningRate, warmupSteps }: Pick<Config, 'learningRate' | 'warmupSteps'>,
): number {
  return learningRate * Math.min(1, step / warmupSteps);
}

/** One permutation of the rows per inner epoch. */
export function epochOrders(rows: number, innerEpochs: number, rng: Rng): number[][] {
  return Array.from({ length: innerEpochs }, () => rng.permutation(rows));
}

export function updateOptions(
  config: Config,
  {
    learningRate,
    maxCompletionLength,
    epochs,
  }: Pick<UpdateOptions, 'learningRate' | 'maxCompletionLength' | 'epochs'>,
): UpdateOptions {
  return {
    epochs,
    minibatches: config.minibatches,
    learningRate,
    beta1: config.adamBeta1,
    beta2: config.adamBeta2,
    epsilon: ADAM_EPSILON,
    weightDecay: config.weightDecay,
    maxGradNorm: config.maxGradNorm,
    lossType: config.lossType,
    importanceSampling: config.importanceSampling,
    clipLow: config.clipLow,
    clipHigh: config.clipHigh,
    klBeta: config.klBeta,
    entropyCoefficient: config.entropyCoefficient,
    temperature: config.temperature,
    maxCompletionLength,
    maskTruncated: config.maskTruncated,
  };
}
