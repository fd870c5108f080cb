/**
 * Cached sampling that never leaves the device: one pass over the prompts, then one step per token;
 * nothing is read back before the last token stands.
 */
import * as tf from '@tensorflow/tfjs';
import type { SampleRequest } from '../../policy.ts';

import { layOutPrompts, type PromptLayout } from './layout.ts';
import {
  decode,
  headLogits,
  MASKED,
  promptInputs,
  readPrompts,
  rotaryFor,
  spreadPrefix,
  type Inputs,
  type KeyValue,
  type Model,
} from './model.ts';
import { oneHotRows, pickRows } from './ops.ts';

/** Both [rows, maxTokens]: int32 tokens with `padId` after the end, and their log-probabilities. */
export interface SampledTensors {
  readonly tokens: tf.Tensor2D;
  readonly logprobs: tf.Tensor2D;
}

interface DecodeState {
  readonly cache: readonly KeyValue[];
  /** Logits of the next token, [rows, vocab]. */
  readonly logits: tf.Tensor2D;
  /** [rows, 1] 1 while a row has not ended. */
  readonly alive: tf.Tensor2D;
}

/** Call inside `tf.tidy`. */
export function sampleTokens(model: Model, request: SampleRequest): SampledTensors {
  const { prompts, samplesPerPrompt: group, maxTokens } = request;
  const { padId, eosId } = model.config;
  const rows = prompts.length * group;
  const layout = layOutPrompts(prompts, padId);
  const owner = Int32Array.from({ length: rows }, (_, row) => Math.floor(row / group));
  const promptOf = oneHotRows(tf.tensor1d(owner, 'int32'), layout.count);
  const lengths = owner.map((prompt) => layout.lengths[prompt]!);
  const promptBias = pickRows(promptMask(layout), promptOf); // [rows, 1, 1, promptTime]
  const uniforms = tf.tensor2d(request.uniforms, [rows, maxTokens]);
  let state = prefill(model, layout, promptOf);
  const tokens: tf.Tensor2D[] = [];
  const logprobs: tf.Tensor2D[] = [];
  for (let t = 0; t < maxTokens; t++) {
    const drawn = sampleStep(state.logits, tf.slice(uniforms, [0, t], [rows, 1]), request);
    const { alive } = state;
    tokens.push(tf.add(tf.mul(drawn.token, alive), tf.mul(tf.sub(1, alive), padId)));
    logprobs.push(tf.mul(drawn.logprob, alive));
    if (t + 1 === maxTokens) break;
    const ended = tf.cast(tf.equal(drawn.token, eosId), 'float32');
    const next = advance(model, state, {
      ids: tf.reshape(tf.cast(drawn.token, 'int32'), [rows]),
      batch: rows,
      time: 1,
      rotary: rotaryFor(
        model.config,
        lengths.map((length) => length + t),
      ),
      bias: tf.concat([promptBias, tf.zeros([rows, 1, 1, t + 1])], 3),
    });
    state = { ...next, alive: tf.mul(alive, tf.sub(1, ended)) };
  }
  return {
    tokens: tf.cast(tf.concat(tokens, 1), 'int32'),
    logprobs: tf.concat(logprobs, 1),
  };
}

/** [prompts, 1, 1, promptTime]: masks left padding. */
function promptMask({ count, time, valid }: PromptLayout): tf.Tensor4D {
  const bias = Float32Array.from(valid, (v) => (v ? 0 : MASKED));
  return tf.tensor4d(bias, [count, 1, 1, time]);
}

/** Reads each prompt once and hands what it read to all completions of its group. */
function prefill(model: Model, layout: PromptLayout, promptOf: tf.Tensor2D): DecodeState {
  const prefix = readPrompts(model, promptInputs(model.config, layout));
  const logits = headLogits(model, prefix.last);
  const { cache } = spreadPrefix(prefix, (x) => pickRows(x, promptOf));
  return { cache, logits: pickRows(logits, promptOf), alive: tf.ones([promptOf.shape[0], 1]) };
}

function advance(
  model: Model,
  { cache }: DecodeState,
  inputs: Inputs,
): Pick<DecodeState, 'cache' | 'logits'> {
  const { hidden, keyValues } = decode(model, inputs, cache);
  return { cache: keyValues, logits: headLogits(model, hidden) };
}

interface SampledStep {
  /** float32 [rows, 1]: ids are small, so float32 holds them exactly. */
  readonly token: tf.Tensor2D;
  readonly logprob: tf.Tensor2D;
}

/** One token per row by inversion of the cumulative distribution at `uniform` [rows, 1]. */
function sampleStep(
  logits: tf.Tensor2D,
  uniform: tf.Tensor2D,
  request: SampleRequest,
): SampledStep {
  const greedy = request.temperature === 0;
  const logs = tf.logSoftmax<tf.Tensor2D>(greedy ? logits : tf.div(logits, request.temperature));
  const vocabSize = logits.shape[1];
  const token = greedy
    ? tf.cast(tf.expandDims(tf.argMax(logs, 1), 1), 'float32')
    : invert(nucleus(logs, request), uniform);
  const ids = tf.cast(tf.squeeze<tf.Tensor1D>(token, [1]), 'int32');
  const chosen = oneHotRows(ids, vocabSize);
  return {
    token: token as tf.Tensor2D,
    logprob: tf.sum(tf.mul(logs, chosen), 1, true),
  };
}

/** The number of tokens whose cumulative probability is at most u · total. */
function invert(p: tf.Tensor2D, uniform: tf.Tensor2D): tf.Tensor2D {
  const cumulative = tf.cumsum(p, 1); // [rows, vocab]
  const total = tf.sum(p, 1, true);
  // Rounding may leave the last cumulative sum slightly below the total: never count past the end.
  const count = tf.sum(
    tf.cast(tf.lessEqual(cumulative, tf.mul(uniform, total)), 'float32'),
    1,
    true,
  );
  return tf.minimum(count, p.shape[1] - 1);
}

/** Probabilities with all but the top-k, then all but the top-p set to 0; not renormalised. */
function nucleus(logs: tf.Tensor2D, { topK, topP }: SampleRequest): tf.Tensor2D {
  const p = tf.exp(logs);
  const vocabSize = logs.shape[1];
  const limit = topK > 0 ? Math.min(topK, vocabSize) : vocabSize;
  if (limit === vocabSize && topP >= 1) return p;
  const { values } = tf.topk(p, limit); // [rows, limit], falling
  // A token stays while the mass before it is below topP; the least one that stays is the threshold.
  const before = tf.cumsum(values, 1, true);
  const mass = tf.mul(tf.sum(values, 1, true), Math.min(topP, 1));
  const kept = tf.sum(tf.cast(tf.less(before, mass), 'int32'), 1); // [rows] ≥ 1
  const at = oneHotRows(tf.sub<tf.Tensor1D>(kept, tf.scalar(1, 'int32')), limit);
  const threshold = tf.sum(tf.mul(values, at), 1, true);
  return tf.mul(p, tf.cast(tf.greaterEqual(p, threshold), 'float32'));
}
