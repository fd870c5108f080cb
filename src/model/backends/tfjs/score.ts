/** Log-probabilities of completions under any weights of one shape. */
import * as tf from '@tensorflow/tfjs';
import type { PolicyConfig } from '../../policy.ts';
import type { Layout } from './layout.ts';
import {
  bindWeights,
  causalBias,
  decode,
  headLogits,
  promptInputs,
  readPrompts,
  rotaryFor,
  spreadPrefix,
  type Inputs,
  type Weights,
} from './model.ts';
import { logprobAndEntropy, oneHotRows, pickRows } from './ops.ts';

/** A layout on the device, ready to be scored. */
export interface Scoring {
  readonly config: PolicyConfig;
  readonly layout: Layout;
  readonly prompts: Inputs;
  /** [rows, prompts] one-hot: each row's prompt. */
  readonly promptOf: tf.Tensor2D;
  /** What follows the prompts; absent where all completions are one token long. */
  readonly rest: Inputs | undefined;
  /** [rows · completionTime, vocab]. */
  readonly oneHot: tf.Tensor2D;
  /** Divides the logits. */
  readonly temperature: number;
}

/** Uploads what scoring needs. Made before differentiating: the tape keeps only what it saved itself. */
export function prepareScoring(config: PolicyConfig, layout: Layout, temperature: number): Scoring {
  const targets = tf.tensor1d(layout.targets, 'int32');
  return {
    config,
    layout,
    prompts: promptInputs(config, layout.prompts),
    promptOf: oneHotRows(tf.tensor1d(layout.promptOf, 'int32'), layout.prompts.count),
    rest: completionInputs(config, layout),
    oneHot: oneHotRows(targets, config.vocabSize),
    temperature,
  };
}

/** [2, rows · completionTime]: log-probability of each completion token and entropy at its place. */
export function score(weights: Weights, scoring: Scoring): tf.Tensor2D {
  const { config, layout, promptOf, rest, oneHot, temperature } = scoring;
  const { rows, completionTime } = layout;
  const d = config.hiddenSize;
  const model = bindWeights(config, weights);
  const prefix = spreadPrefix(readPrompts(model, scoring.prompts), (x) => pickRows(x, promptOf));
  const first = tf.reshape(prefix.last, [rows, 1, d]);
  const hidden = rest ? tf.concat([first, following(rest)], 1) : first;
  const logits = headLogits(model, tf.reshape(hidden, [rows * completionTime, d]));
  const scaled = temperature === 1 ? logits : tf.div<tf.Tensor2D>(logits, temperature);
  return logprobAndEntropy(scaled, oneHot);

  function following(inputs: Inputs): tf.Tensor3D {
    const { hidden } = decode(model, inputs, prefix.cache);
    return tf.reshape(hidden, [rows, completionTime - 1, d]);
  }
}

/** The completions without their last tokens; each sees its whole prompt. */
function completionInputs(config: PolicyConfig, layout: Layout): Inputs | undefined {
  const { rows, prompts, completionTime, ids, positions } = layout;
  const time = completionTime - 1;
  if (time === 0) return undefined;
  return {
    ids: tf.tensor1d(ids, 'int32'),
    batch: rows,
    time,
    rotary: rotaryFor(config, positions),
    bias: causalBias(time, prompts.time, prompts.padded ? validKeys(layout) : undefined),
  };
}

/** [rows, promptTime + completionTime − 1]; padding on the right is never read, so it may count as valid. */
function validKeys({ prompts, promptOf, completionTime }: Layout): Uint8Array {
  const keys = prompts.time + completionTime - 1;
  const valid = new Uint8Array(promptOf.length * keys).fill(1);
  promptOf.forEach((prompt, row) => {
    const own = prompts.valid.subarray(prompt * prompts.time, (prompt + 1) * prompts.time);
    valid.set(own, row * keys);
  });
  return valid;
}
