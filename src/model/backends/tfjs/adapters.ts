/** Low-rank adapters on TensorFlow.js, which differentiates their product by itself. */
import * as tf from '@tensorflow/tfjs';
import { adapterSpecs, paramSpecs } from '../../parameters.ts';
import type { PolicyConfig } from '../../policy.ts';

/**
 * The weights with alpha / rank · B·A added to each target, in the order of `paramSpecs`. Call inside
 * `tf.tidy`.
 * @param adapters in the order of `adapterSpecs`.
 */
export function mergeAdapters(
  config: PolicyConfig,
  weights: readonly tf.Tensor[],
  adapters: readonly tf.Tensor[],
): readonly tf.Tensor[] {
  const { lora } = config;
  if (!lora) return weights;
  const byName = new Map(adapterSpecs(config).map(({ name }, i) => [name, adapters[i]!]));
  return paramSpecs(config).map(({ name }, i) => {
    const target = name.replace(/\.weight$/, '');
    const a = byName.get(`${target}.lora_A.weight`);
    const b = byName.get(`${target}.lora_B.weight`);
    if (!a || !b) return weights[i]!;
    return tf.add(weights[i]!, tf.mul(tf.matMul(b, a), lora.alpha / lora.rank));
  });
}
