/** Plain TensorFlow.js: stock kernels, recorded gradients, the library's own Adam. */
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import type { Engine, PreparedEngine, SampleWork, TrainWork, Workload } from './engine.ts';
import type { WasmPaths } from './hardware.ts';
import {
  createPlainModel,
  disposePlainModel,
  plainDecode,
  plainLogits,
  type PlainCache,
  type PlainModel,
} from './plain-model.ts';
import { countPhase, tensorFlowRoofline } from './probes.ts';

/** For a process or worker of its own: elsewhere our engine may have replaced the stock kernel. */
export function plainWasm(wasmPaths?: WasmPaths): Engine {
  return {
    id: 'plain-wasm',
    label: 'plain TensorFlow.js, wasm',
    prepare: async (workload) => {
      if (wasmPaths && tf.findBackend('wasm') === null) setWasmPaths({ ...wasmPaths });
      if (!(await tf.setBackend('wasm'))) throw new Error('wasm failed to start');
      return createPlainEngine(workload);
    },
  };
}

/** For graphics hardware that stands ready. */
export const plainWebgpu: Engine = {
  id: 'plain-webgpu',
  label: 'plain TensorFlow.js, WebGPU',
  prepare: async (workload) => createPlainEngine(workload),
};

function createPlainEngine({ config, weights, train, sample }: Workload): PreparedEngine {
  const model = createPlainModel(config, weights);
  const { learningRate, beta1, beta2, epsilon } = train;
  const adam = tf.train.adam(learningRate, beta1, beta2, epsilon);
  const phases = {
    train: () => trainStep(model, adam, train),
    sample: () => sampleAll(model, sample),
  };
  return {
    ...phases,
    count: (phase) => countPhase(async () => phases[phase]()),
    roofline: tensorFlowRoofline,
    dispose: () => {
      adam.dispose();
      disposePlainModel(model);
    },
  };
}

async function trainStep(
  model: PlainModel,
  adam: tf.Optimizer,
  { sequences }: TrainWork,
): Promise<number> {
  const { hiddenSize, vocabSize } = model.config;
  const loss = tf.tidy(() => {
    const inputs = idsOf(sequences.map((row) => row.slice(0, -1)));
    const targets = tf.reshape(idsOf(sequences.map((row) => row.slice(1))), [-1]);
    const oneHot = tf.cast(tf.oneHot(targets, vocabSize), 'float32');
    const { value, grads } = tf.variableGrads(() => {
      const { hidden } = plainDecode(model, inputs);
      const logits = plainLogits(model, tf.reshape(hidden, [-1, hiddenSize]));
      return tf.losses.softmaxCrossEntropy(oneHot, logits).asScalar();
    });
    adam.applyGradients(grads);
    return value;
  });
  const [value] = await loss.data();
  loss.dispose();
  return value!;
}

async function sampleAll(model: PlainModel, work: SampleWork): Promise<Int32Array> {
  const drawn = tf.tidy(() => tf.concat(drawTokens(model, work), 1));
  const tokens = Int32Array.from(await drawn.data());
  drawn.dispose();
  return tokens;
}

/** `newTokens` columns of [rows, 1]. */
function drawTokens(
  model: PlainModel,
  { prompts, newTokens, uniforms: flat }: SampleWork,
): tf.Tensor2D[] {
  const rows = prompts.length;
  const uniforms = tf.tensor2d(flat, [rows, newTokens]);
  const columns: tf.Tensor2D[] = [];
  let ids = idsOf(prompts);
  let caches: readonly PlainCache[] = [];
  for (let t = 0; t < newTokens; t++) {
    const decoded = plainDecode(model, ids, caches);
    const logits = plainLogits(model, lastOf(decoded.hidden));
    ids = draw(logits, tf.slice(uniforms, [0, t], [rows, 1]));
    caches = decoded.caches;
    columns.push(ids);
  }
  return columns;
}

/** [batch, time, d] → [batch, d] of the last token. */
function lastOf(hidden: tf.Tensor): tf.Tensor {
  const [batch, time, d] = hidden.shape as [number, number, number];
  return tf.reshape(tf.slice(hidden, [0, time - 1, 0], [batch, 1, d]), [batch, d]);
}

/** By inversion of the cumulative distribution, [rows, 1]. */
function draw(logits: tf.Tensor, uniform: tf.Tensor2D): tf.Tensor2D {
  const cumulative = tf.cumsum(tf.softmax(logits), 1); // [rows, vocab]
  const below = tf.cast(tf.lessEqual(cumulative, uniform), 'float32');
  const count = tf.minimum(tf.sum(below, 1, true), logits.shape[1]! - 1);
  return tf.cast(count, 'int32').as2D(count.size, 1);
}

function idsOf(rows: readonly (readonly number[])[]): tf.Tensor2D {
  return tf.tensor2d(Int32Array.from(rows.flat()), [rows.length, rows[0]!.length], 'int32');
}
