/**
 * The decoder: pre-RMSNorm, rotary positions, causal multi-head attention, SwiGLU, no biases, tied or
 * untied head: Hugging Face's `LlamaForCausalLM`, without grouped queries.
 */
import * as tf from '@tensorflow/tfjs';
import type { PolicyConfig } from '../../policy.ts';
import { BLOCK_PARAMS } from '../../parameters.ts';
import type { PromptLayout } from './layout.ts';
import {
  attentionWeights,
  linear,
  rmsNorm,
  rotary,
  rotate,
  swiglu,
  type Rotary,
  oneHotRows,
} from './ops.ts';

/** Weights in canonical order, as `architecture.ts` lists them. */
export type Weights = readonly tf.Tensor[];

interface Block {
  readonly inputNorm: tf.Tensor1D;
  readonly query: tf.Tensor2D;
  readonly key: tf.Tensor2D;
  readonly value: tf.Tensor2D;
  readonly output: tf.Tensor2D;
  readonly postNorm: tf.Tensor1D;
  readonly gate: tf.Tensor2D;
  readonly up: tf.Tensor2D;
  readonly down: tf.Tensor2D;
}

export interface Model {
  readonly config: PolicyConfig;
  readonly embedding: tf.Tensor2D;
  readonly blocks: readonly Block[];
  readonly norm: tf.Tensor1D;
  readonly head: tf.Tensor2D;
}

/** Gives the weights their roles. Call inside `tf.tidy`. */
export function bindWeights(config: PolicyConfig, weights: Weights): Model {
  const embedding = weights[0] as tf.Tensor2D;
  const blocks = Array.from({ length: config.numLayers }, (_, i) => {
    const at = 1 + i * BLOCK_PARAMS;
    const [inputNorm, query, key, value, output, postNorm, gate, up, down] = weights.slice(
      at,
      at + BLOCK_PARAMS,
    ) as unknown as BlockTensors;
    return { inputNorm, query, key, value, output, postNorm, gate, up, down };
  });
  const after = 1 + config.numLayers * BLOCK_PARAMS;
  const norm = weights[after] as tf.Tensor1D;
  const head = config.tieEmbeddings ? embedding : (weights[after + 1] as tf.Tensor2D);
  return { config, embedding, blocks, norm, head };
}

type BlockTensors = [
  tf.Tensor1D,
  tf.Tensor2D,
  tf.Tensor2D,
  tf.Tensor2D,
  tf.Tensor2D,
  tf.Tensor1D,
  tf.Tensor2D,
  tf.Tensor2D,
  tf.Tensor2D,
];

/** Keys and values of one block, [batch, heads, time, headDim] each; keys are rotated already. */
export interface KeyValue {
  readonly key: tf.Tensor4D;
  readonly value: tf.Tensor4D;
}

/** What the decoder needs to know about the tokens it is given. */
export interface Inputs {
  /** int32 [batch · time]. */
  readonly ids: tf.Tensor1D;
  readonly batch: number;
  readonly time: number;
  readonly rotary: Rotary;
  /** Added to attention scores; broadcasts to [batch, heads, time, earlier + time]. */
  readonly bias: tf.Tensor;
}

export const MASKED = -1e9;

/** Rotary tables for positions [batch · time]. */
export function rotaryFor(config: PolicyConfig, positions: ArrayLike<number>): Rotary {
  return rotary(positions, config.headDim, config.ropeTheta);
}

/**
 * Causal bias [rows, 1, time, earlier + time]: a token sees all `earlier` ones of a cache, itself and
 * those before it. `valid` [rows, earlier + time] hides padding; without it one row serves all.
 */
export function causalBias(time: number, earlier: number, valid?: Uint8Array): tf.Tensor4D {
  const keys = earlier + time;
  const rows = valid ? valid.length / keys : 1;
  const values = new Float32Array(rows * time * keys).fill(MASKED);
  for (let row = 0; row < rows; row++) {
    for (let query = 0; query < time; query++) {
      const start = (row * time + query) * keys;
      for (let key = 0; key <= earlier + query; key++) {
        if (!valid || valid[row * keys + key]) values[start + key] = 0;
      }
    }
  }
  return tf.tensor4d(values, [rows, 1, time, keys]);
}

export interface Decoded {
  /** [batch · time, d], before the final norm. */
  readonly hidden: tf.Tensor2D;
  /** Of every block: a cache for what follows. */
  readonly keyValues: readonly KeyValue[];
}

/** Runs all blocks. The keys and values of a `cache` come before the new ones. */
export function decode(model: Model, inputs: Inputs, cache?: readonly KeyValue[]): Decoded {
  const { vocabSize, rmsNormEps } = model.config;
  const keyValues: KeyValue[] = [];
  let x: tf.Tensor2D = tf.matMul(oneHotRows(inputs.ids, vocabSize), model.embedding); // [batch · time, d]
  model.blocks.forEach((block, i) => {
    const normal = rmsNorm(x, block.inputNorm, rmsNormEps);
    const { output, keyValue } = attend(model.config, block, normal, inputs, cache?.[i]);
    keyValues.push(keyValue);
    x = tf.add<tf.Tensor2D>(x, output);
    const inner = rmsNorm(x, block.postNorm, rmsNormEps);
    const gated = swiglu(linear(inner, block.gate), linear(inner, block.up));
    x = tf.add<tf.Tensor2D>(x, linear(gated, block.down));
  });
  return { hidden: x, keyValues };
}

function attend(
  { numHeads: heads, headDim }: PolicyConfig,
  block: Block,
  x: tf.Tensor2D,
  { batch, time, rotary, bias }: Inputs,
  cache: KeyValue | undefined,
): { output: tf.Tensor2D; keyValue: KeyValue } {
  const split = (y: tf.Tensor): tf.Tensor3D => tf.reshape(y, [batch * time, heads, headDim]);
  const perHead = (y: tf.Tensor): tf.Tensor4D =>
    tf.transpose<tf.Tensor4D>(tf.reshape(y, [batch, time, heads, headDim]), [0, 2, 1, 3]);
  const query = perHead(rotate(split(linear(x, block.query)), rotary)); // [batch, heads, time, headDim]
  const newKey = perHead(rotate(split(linear(x, block.key)), rotary));
  const newValue = perHead(linear(x, block.value));
  const key = cache ? tf.concat([cache.key, newKey], 2) : newKey;
  const value = cache ? tf.concat([cache.value, newValue], 2) : newValue;
  const scores: tf.Tensor4D = tf.matMul(query, key, false, true); // [batch, heads, time, keys]
  const p = attentionWeights(scores, bias, 1 / Math.sqrt(headDim));
  const attentionOut = tf.transpose(tf.matMul(p, value), [0, 2, 1, 3]); // [batch, time, heads, headDim]
  const output = linear(tf.reshape(attentionOut, [batch * time, heads * headDim]), block.output);
  return { output, keyValue: { key, value } };
}

/** Logits [rows, vocab] of hidden states [rows, d]. */
export function headLogits(model: Model, hidden: tf.Tensor2D): tf.Tensor2D {
  return linear(rmsNorm(hidden, model.norm, model.config.rmsNormEps), model.head);
}

/** What the decoder needs to know about prompts. */
export function promptInputs(config: PolicyConfig, prompts: PromptLayout): Inputs {
  const { count, time, ids, positions, valid, padded } = prompts;
  return {
    ids: tf.tensor1d(ids, 'int32'),
    batch: count,
    time,
    rotary: rotaryFor(config, positions),
    bias: causalBias(time, 0, padded ? valid : undefined),
  };
}

export interface Prefix {
  /** Hidden state of each prompt's last token, [prompts, d]. */
  readonly last: tf.Tensor2D;
  /** Keys and values of every block. */
  readonly cache: readonly KeyValue[];
}

/** Reads the prompts, each once. */
export function readPrompts(model: Model, inputs: Inputs): Prefix {
  const { batch, time } = inputs;
  const d = model.config.hiddenSize;
  const { hidden, keyValues: cache } = decode(model, inputs);
  const last = tf.slice(tf.reshape(hidden, [batch, time, d]), [0, time - 1, 0], [batch, 1, d]);
  return { last: tf.reshape(last, [batch, d]), cache };
}

/** The prefix of each row's prompt, as `pick` chooses it from the prompts'. */
export function spreadPrefix(
  { last, cache }: Prefix,
  pick: <T extends tf.Tensor>(x: T) => T,
): Prefix {
  return {
    last: pick(last),
    cache: cache.map(({ key, value }) => ({ key: pick(key), value: pick(value) })),
  };
}
