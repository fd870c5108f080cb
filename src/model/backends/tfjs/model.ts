/**
 * The decoder: pre-RMSNorm, rotary positions, causal grouped-query attention, SwiGLU, tied or untied
 * head: Hugging Face's `LlamaForCausalLM`, with the biases of `Qwen2ForCausalLM` and the norms of
 * `Qwen3ForCausalLM` where the config has them.
 */
import * as tf from '@tensorflow/tfjs';
import type { PolicyConfig } from '../../policy.ts';
import { keyValueHeads, paramSpecs } from '../../parameters.ts';
import { ropeFrequencies } from '../../rope.ts';
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

/** Weights in canonical order, as `parameters.ts` lists them. */
export type Weights = readonly tf.Tensor[];

/** Queries, keys or values: what they are made with. */
interface Heads {
  readonly count: number;
  readonly weight: tf.Tensor2D;
  readonly bias: tf.Tensor1D | undefined;
  /** [headDim] */
  readonly norm: tf.Tensor1D | undefined;
}

interface Block {
  readonly inputNorm: tf.Tensor1D;
  readonly query: Heads;
  readonly key: Heads;
  readonly value: Heads;
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
  const byName = new Map(paramSpecs(config).map(({ name }, i) => [name, weights[i]]));
  const vector = (name: string): tf.Tensor1D => byName.get(name) as tf.Tensor1D;
  const matrix = (name: string): tf.Tensor2D => byName.get(`${name}.weight`) as tf.Tensor2D;
  const kvHeads = keyValueHeads(config);
  const blocks = Array.from({ length: config.numLayers }, (_, i): Block => {
    const at = `model.layers.${i}`;
    const heads = (letter: string, count: number): Heads => ({
      count,
      weight: matrix(`${at}.self_attn.${letter}_proj`),
      bias: byName.get(`${at}.self_attn.${letter}_proj.bias`) as tf.Tensor1D | undefined,
      norm: byName.get(`${at}.self_attn.${letter}_norm.weight`) as tf.Tensor1D | undefined,
    });
    return {
      inputNorm: vector(`${at}.input_layernorm.weight`),
      query: heads('q', config.numHeads),
      key: heads('k', kvHeads),
      value: heads('v', kvHeads),
      output: matrix(`${at}.self_attn.o_proj`),
      postNorm: vector(`${at}.post_attention_layernorm.weight`),
      gate: matrix(`${at}.mlp.gate_proj`),
      up: matrix(`${at}.mlp.up_proj`),
      down: matrix(`${at}.mlp.down_proj`),
    };
  });
  const embedding = matrix('model.embed_tokens');
  const head = config.tieEmbeddings ? embedding : matrix('lm_head');
  return { config, embedding, blocks, norm: vector('model.norm.weight'), head };
}

/** Keys and values of one block, [batch, kvHeads, time, headDim] each; keys are rotated already. */
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
  return rotary(positions, ropeFrequencies(config));
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
  config: PolicyConfig,
  block: Block,
  x: tf.Tensor2D,
  { batch, time, rotary, bias }: Inputs,
  cache: KeyValue | undefined,
): { output: tf.Tensor2D; keyValue: KeyValue } {
  const { numHeads: heads, headDim } = config;
  const split = ({ count }: Heads, y: tf.Tensor): tf.Tensor3D =>
    tf.reshape(y, [batch * time, count, headDim]);
  const perHead = ({ count }: Heads, y: tf.Tensor): tf.Tensor4D =>
    tf.transpose<tf.Tensor4D>(tf.reshape(y, [batch, time, count, headDim]), [0, 2, 1, 3]);
  const turned = (part: Heads): tf.Tensor4D =>
    perHead(part, rotate(split(part, projected(config, part, x)), rotary));
  const query = turned(block.query); // [batch, heads, time, headDim]
  const newKey = turned(block.key); // [batch, kvHeads, time, headDim]
  const newValue = perHead(block.value, projected(config, block.value, x));
  const key = cache ? tf.concat([cache.key, newKey], 2) : newKey;
  const value = cache ? tf.concat([cache.value, newValue], 2) : newValue;
  // All queries that meet one key stand one below the other.
  const kvHeads = block.key.count;
  const rows = (heads / kvHeads) * time;
  const grouped = tf.reshape<tf.Rank.R4>(query, [batch, kvHeads, rows, headDim]);
  const scores: tf.Tensor4D = tf.matMul(grouped, key, false, true); // [batch, kvHeads, rows, keys]
  const keys = key.shape[2];
  const spread = tf.reshape<tf.Rank.R4>(scores, [batch, heads, time, keys]);
  const p = attentionWeights(spread, bias, 1 / Math.sqrt(headDim));
  const mixed = tf.matMul(tf.reshape<tf.Rank.R4>(p, [batch, kvHeads, rows, keys]), value);
  const perQuery = tf.reshape(mixed, [batch, heads, time, headDim]);
  const attentionOut = tf.transpose(perQuery, [0, 2, 1, 3]); // [batch, time, heads, headDim]
  const output = linear(tf.reshape(attentionOut, [batch * time, heads * headDim]), block.output);
  return { output, keyValue: { key, value } };
}

/** [rows, count · headDim] with bias and norm where there are such. */
function projected(
  { headDim, rmsNormEps }: PolicyConfig,
  { weight, bias, norm, count }: Heads,
  x: tf.Tensor2D,
): tf.Tensor2D {
  const product = linear(x, weight);
  const y = bias ? tf.add<tf.Tensor2D>(product, bias) : product;
  if (!norm) return y;
  const heads = tf.reshape<tf.Rank.R2>(y, [y.shape[0] * count, headDim]);
  return tf.reshape(rmsNorm(heads, norm, rmsNormEps), [y.shape[0], count * headDim]);
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
