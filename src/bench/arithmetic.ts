/**
 * The arithmetic that the work needs, counted from shapes alone: products of matrices, a multiplication
 * and an addition each. Look-ups, norms and activations are left out, and so is what an engine computes
 * beyond need, such as attention scores of the future. One number serves all engines.
 */
import type { PolicyConfig } from '../model/policy.ts';
import type { Workload } from './engine.ts';

/** Floating-point operations of one phase. */
export interface Arithmetic {
  readonly train: number;
  readonly sample: number;
}

export function arithmeticOf({ config, train, sample }: Workload): Arithmetic {
  // The last token is never an input.
  const inputs = train.sequences.map(({ length }) => length - 1);
  // Each product of the forward pass returns as two in the backward pass, one per operand.
  const training = sum(inputs.map((time) => 3 * forward(config, 0, time, time)));
  const sampling = sum(
    sample.prompts.map(({ length }) => sampled(config, length, sample.newTokens)),
  );
  return { train: training, sample: sampling };
}

/** Reads a prompt, then one token at a time; the last token drawn is never an input. */
function sampled(config: PolicyConfig, promptTime: number, newTokens: number): number {
  const steps = Array.from({ length: newTokens - 1 }, (_, t) => {
    return forward(config, promptTime + t, 1, 1);
  });
  return forward(config, 0, promptTime, 1) + sum(steps);
}

/** One row: `time` new tokens after `earlier` cached ones, with the head at `heads` of them. */
export function forward(
  config: PolicyConfig,
  earlier: number,
  time: number,
  heads: number,
): number {
  const { hiddenSize: d, intermediateSize: inner, numLayers, vocabSize } = config;
  const width = config.numHeads * config.headDim;
  const projections = time * (4 * d * width + 3 * d * inner);
  const keysSeen = time * earlier + (time * (time + 1)) / 2;
  const attention = 2 * keysSeen * width;
  return 2 * (numLayers * (projections + attention) + heads * d * vocabSize);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
