/**
 * The decoder as one writes it in TensorFlow.js at first: one ordinary operation after another, and the
 * gradients left to the library. The reference that everything else is compared with.
 */
import * as tf from '@tensorflow/tfjs';
import type { NamedTensor, PolicyConfig } from '../model/policy.ts';

export interface PlainBlock {
  readonly inputNorm: tf.Variable;
  readonly q: tf.Variable;
  readonly k: tf.Variable;
  readonly v: tf.Variable;
  readonly o: tf.Variable;
  readonly postNorm: tf.Variable;
  readonly gate: tf.Variable;
  readonly up: tf.Variable;
  readonly down: tf.Variable;
}

export interface PlainModel {
  readonly config: PolicyConfig;
  readonly embedding: tf.Variable;
  readonly blocks: readonly PlainBlock[];
  readonly norm: tf.Variable;
}

/** Keys and values of one block, [batch, heads, time, headDim]. */
export interface PlainCache {
  readonly key: tf.Tensor;
  readonly value: tf.Tensor;
}

/** Projections are kept as [in, out], as the library's own layers keep them. Tied head only. */
export function createPlainModel(
  config: PolicyConfig,
  weights: readonly NamedTensor[],
): PlainModel {
  const byName = new Map(weights.map((weight) => [weight.name, weight]));
  const take = (name: string, flip = false): tf.Variable => {
    const weight = byName.get(`${name}.weight`);
    if (!weight) throw new Error(`weights: ${name} is missing`);
    return tf.tidy(() => {
      const tensor = tf.tensor(weight.values, [...weight.shape]);
      return tf.variable(flip ? tf.transpose(tensor) : tensor);
    });
  };
  const blocks = Array.from({ length: config.numLayers }, (_, i): PlainBlock => {
    const at = `model.layers.${i}`;
    return {
      inputNorm: take(`${at}.input_layernorm`),
      q: take(`${at}.self_attn.q_proj`, true),
      k: take(`${at}.self_attn.k_proj`, true),
      v: take(`${at}.self_attn.v_proj`, true),
      o: take(`${at}.self_attn.o_proj`, true),
      postNorm: take(`${at}.post_attention_layernorm`),
      gate: take(`${at}.mlp.gate_proj`, true),
      up: take(`${at}.mlp.up_proj`, true),
      down: take(`${at}.mlp.down_proj`, true),
    };
  });
  return {
    config,
    embedding: take('model.embed_tokens'),
    blocks,
    norm: take('model.norm'),
  };
}

export function disposePlainModel({ embedding, blocks, norm }: PlainModel): void {
  tf.dispose([embedding, norm]);
  for (const block of blocks) tf.dispose({ ...block });
}

export interface PlainDecoded {
  /** [batch, time, d]. */
  readonly hidden: tf.Tensor;
  readonly caches: readonly PlainCache[];
}

/** Runs all blocks on int32 `ids` [batch, time]; the new tokens see all of `caches` and, causally, each other. */
export function plainDecode(
  model: PlainModel,
  ids: tf.Tensor2D,
  caches: readonly PlainCache[] = [],
): PlainDecoded {
  const { config, embedding } = model;
  const [batch, time] = ids.shape;
  const earlier = caches[0]?.key.shape[2] ?? 0;
  const angles = rotaryTables(config, earlier, time);
  const mask = causalMask(earlier, time);
  const oneHot = tf.cast(tf.oneHot(tf.reshape(ids, [-1]), config.vocabSize), 'float32');
  let x = tf.matMul<tf.Tensor>(oneHot, embedding); // [batch · time, d]
  const next: PlainCache[] = [];
  model.blocks.forEach((block, i) => {
    const normal = norm(x, block.inputNorm, config.rmsNormEps);
    const { attentionOut, cache } = attend(
      { config, batch, time, angles, mask },
      block,
      normal,
      caches[i],
    );
    next.push(cache);
    x = tf.add(x, attentionOut);
    const inner = norm(x, block.postNorm, config.rmsNormEps);
    const gate = tf.matMul(inner, block.gate);
    const gated = tf.mul(tf.mul(gate, tf.sigmoid(gate)), tf.matMul(inner, block.up));
    x = tf.add(x, tf.matMul(gated, block.down));
  });
  return { hidden: tf.reshape(x, [batch, time, config.hiddenSize]), caches: next };
}

/** Logits [rows, vocab] of hidden states [rows, d]. */
export function plainLogits(
  { config, norm: scale, embedding }: PlainModel,
  x: tf.Tensor,
): tf.Tensor {
  return tf.matMul(norm(x, scale, config.rmsNormEps), embedding, false, true);
}

interface Angles {
  readonly cos: tf.Tensor;
  readonly sin: tf.Tensor;
}

interface Setting {
  readonly config: PolicyConfig;
  readonly batch: number;
  readonly time: number;
  readonly angles: Angles;
  readonly mask: tf.Tensor;
}

function attend(
  { config, batch, time, angles, mask }: Setting,
  block: PlainBlock,
  x: tf.Tensor,
  cache: PlainCache | undefined,
): { attentionOut: tf.Tensor; cache: PlainCache } {
  const { numHeads, headDim } = config;
  const heads = (w: tf.Variable): tf.Tensor =>
    tf.transpose(tf.reshape(tf.matMul(x, w), [batch, time, numHeads, headDim]), [0, 2, 1, 3]);
  const query = rotate(heads(block.q), angles); // [batch, heads, time, headDim]
  const newKey = rotate(heads(block.k), angles);
  const newValue = heads(block.v);
  const key = cache ? tf.concat([cache.key, newKey], 2) : newKey;
  const value = cache ? tf.concat([cache.value, newValue], 2) : newValue;
  const scores = tf.div(tf.matMul(query, key, false, true), Math.sqrt(headDim));
  const weights = tf.softmax(tf.add(scores, mask)); // [batch, heads, time, keys]
  const attentionOut = tf.transpose(tf.matMul(weights, value), [0, 2, 1, 3]);
  const flat = tf.reshape(attentionOut, [batch * time, numHeads * headDim]);
  return { attentionOut: tf.matMul(flat, block.o), cache: { key, value } };
}

function norm(x: tf.Tensor, weight: tf.Tensor, eps: number): tf.Tensor {
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), eps));
  return tf.mul(tf.mul(x, inverse), weight);
}

function rotate(x: tf.Tensor, { cos, sin }: Angles): tf.Tensor {
  const [a, b] = tf.split(x, 2, 3) as [tf.Tensor, tf.Tensor];
  return tf.add(tf.mul(x, cos), tf.mul(tf.concat([tf.neg(b), a], 3), sin));
}

/** [time, headDim] each; both halves alike. */
function rotaryTables({ headDim, ropeTheta }: PolicyConfig, start: number, time: number): Angles {
  const half = headDim / 2;
  const angles = Float32Array.from({ length: time * headDim }, (_, at) => {
    const i = (at % headDim) % half;
    return (start + Math.floor(at / headDim)) * ropeTheta ** (-i / half);
  });
  const shape: [number, number] = [time, headDim];
  return {
    cos: tf.tensor2d(angles.map(Math.cos), shape),
    sin: tf.tensor2d(angles.map(Math.sin), shape),
  };
}

/** [time, earlier + time]: −1e9 where a token would see a later one. */
function causalMask(earlier: number, time: number): tf.Tensor2D {
  const keys = earlier + time;
  const values = Float32Array.from({ length: time * keys }, (_, at) => {
    return at % keys > earlier + Math.floor(at / keys) ? -1e9 : 0;
  });
  return tf.tensor2d(values, [time, keys]);
}
