/** The policy on TensorFlow.js: keeps parameters, moments and reference on the device. */
import * as tf from '@tensorflow/tfjs';
import type { Rng } from '../../../base/rng.ts';
import type {
  AdamWOptions,
  SftBatch,
  SftStats,
  GrpoOptions,
  Logits,
  NamedTensor,
  OpenPolicy,
  PolicyConfig,
  PolicySnapshot,
  SampleRequest,
  Samples,
  TokenIds,
  UpdateBatch,
  UpdateOptions,
  UpdateStats,
} from '../../policy.ts';
import {
  firstAdapters,
  flatten,
  initialWeights,
  named,
  paramSpecs,
  sizeOf,
  trainableSpecs,
} from '../../parameters.ts';
import { mergeAdapters } from './adapters.ts';
import { adamWStep, ParameterVector, type Moments } from './adamw.ts';
import { GRPO_SUMS, grpoLoss } from './grpo.ts';
import { layOut, layOutPrompts, type Layout } from './layout.ts';
import { bindWeights, decode, headLogits, promptInputs, type Weights } from './model.ts';
import { sampleTokens } from './sample.ts';
import { prepareScoring, score, type Scoring } from './score.ts';

/** A loss with the gradients of all parameters in canonical order; the caller disposes. */
interface Gradients {
  readonly loss: tf.Scalar;
  readonly gradients: tf.Tensor[];
  readonly sums: tf.Tensor1D;
}

export class TfPolicy implements OpenPolicy {
  /** What is trained: adapters, or all weights. */
  private readonly parameters: ParameterVector;
  private readonly moments: Moments;
  /** θ_ref: the policy as it was made or loaded, until it is told to follow. */
  private readonly reference: ParameterVector;
  /** The frozen weights beneath adapters. */
  private readonly base: ParameterVector | null;
  /** Whether the reference is the base alone. */
  private isBaseReference: boolean;

  private constructor(
    readonly config: PolicyConfig,
    weights: Float32Array,
  ) {
    const specs = trainableSpecs(config);
    const size = specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    const flat = config.lora ? new Float32Array(size) : weights;
    this.parameters = new ParameterVector(specs, flat);
    this.reference = new ParameterVector(specs, flat);
    this.base = config.lora ? new ParameterVector(paramSpecs(config), weights) : null;
    this.isBaseReference = this.base !== null;
    this.moments = { step: 0, m: tf.zeros([flat.length]), v: tf.zeros([flat.length]) };
  }

  /** Random weights. The backend must be ready. */
  static initialise(config: PolicyConfig, rng: Rng): Promise<TfPolicy> {
    return TfPolicy.from({ config, weights: initialWeights(config, rng) });
  }

  /** @throws RangeError naming the tensor that does not fit. */
  static async from(snapshot: PolicySnapshot): Promise<TfPolicy> {
    const flat = flatten(paramSpecs(snapshot.config), snapshot.weights, 'weights');
    const policy = new TfPolicy(snapshot.config, flat);
    await policy.load(snapshot);
    return policy;
  }

  async sample(request: SampleRequest): Promise<Samples> {
    const { tokens, logprobs } = tf.tidy(() => {
      const model = bindWeights(this.config, this.weights(this.parameters.tensors));
      const sampled = sampleTokens(model, request);
      return { tokens: sampled.tokens, logprobs: sampled.logprobs };
    });
    const [ids, logs] = await Promise.all([tokens.data(), logprobs.data()]);
    tf.dispose([tokens, logprobs]);
    return this.finish(Int32Array.from(ids), Float32Array.from(logs), request.maxTokens);
  }

  /** What the decoder reads, in the order of `paramSpecs`. Call inside `tf.tidy`. */
  private weights(trained: readonly tf.Tensor[]): Weights {
    return this.base ? mergeAdapters(this.config, this.base.tensors, trained) : trained;
  }

  private finish(tokens: Int32Array, logprobs: Float32Array, maxTokens: number): Samples {
    const rows = tokens.length / maxTokens;
    const lengths = new Int32Array(rows);
    const truncated = new Uint8Array(rows);
    for (let row = 0; row < rows; row++) {
      const end = tokens
        .subarray(row * maxTokens, (row + 1) * maxTokens)
        .indexOf(this.config.eosId);
      truncated[row] = end < 0 ? 1 : 0;
      lengths[row] = end < 0 ? maxTokens : end + 1;
    }
    return { tokens, logprobs, lengths, truncated };
  }

  async update(batch: UpdateBatch, options: UpdateOptions): Promise<UpdateStats> {
    const results: { loss: tf.Scalar; sums: tf.Tensor1D; norm: tf.Scalar }[] = [];
    for (const order of options.epochs) {
      for (const rows of chunks(order, options.minibatches)) {
        const { loss, gradients, sums } = this.gradients(pickMinibatch(batch, rows), options);
        const norm = adamWStep(this.parameters, this.moments, gradients, options);
        tf.dispose([...gradients]);
        results.push({ loss, sums, norm });
      }
    }
    return readStats(results);
  }

  /** The loss of a batch taken whole and its gradients, read back: for checks against references. */
  async readGradients(
    batch: UpdateBatch,
    options: GrpoOptions,
  ): Promise<{ readonly loss: number; readonly gradients: readonly NamedTensor[] }> {
    const { loss, gradients, sums } = this.gradients(batch, options);
    const flat = tf.tidy(() => tf.concat(gradients.map((g) => tf.reshape(g, [-1]))));
    const [lossValue, values] = await Promise.all([loss.data(), flat.data()]);
    tf.dispose([loss, sums, flat, ...gradients]);
    return { loss: lossValue[0]!, gradients: named(this.parameters.specs, values as Float32Array) };
  }

  /** log π(token) of every completion token at `temperature`, padded to [batch, longest completion]. */
  async logprobs(batch: SftBatch, temperature: number): Promise<Float32Array> {
    const logprobs = tf.tidy(() => {
      const layout = layOut(batch.prompts, batch.completions, this.config.padId);
      const scoring = prepareScoring(this.config, layout, temperature);
      return tf.unstack(score(this.weights(this.parameters.tensors), scoring))[0]!;
    });
    const values = Float32Array.from(await logprobs.data());
    logprobs.dispose();
    return values;
  }

  /** Loss, sums and gradients of one minibatch, without a step. */
  private gradients(batch: UpdateBatch, options: GrpoOptions): Gradients {
    return tidied(() => {
      const layout = layOut(batch.prompts, batch.completions, this.config.padId);
      const shape: [number, number] = [layout.rows, layout.completionTime];
      const scoring = prepareScoring(this.config, layout, options.temperature);
      const constants = {
        old: tf.tensor2d(padRows(batch.oldLogprobs, layout.completionTime), shape),
        mask: tf.tensor2d(lossMask(batch, layout, options.maskTruncated), shape),
        advantages: tf.tensor2d(Float32Array.from(batch.advantages), [layout.rows, 1]),
        ...(options.klBeta > 0 && { reference: this.referenceLogprobs(batch, scoring, shape) }),
      };
      return this.differentiate((weights) =>
        grpoLoss({ ...constants, logprobEntropy: score(this.weights(weights), scoring) }, options),
      );
    });
  }

  private referenceLogprobs(
    { referenceLogprobs: given }: UpdateBatch,
    scoring: Scoring,
    shape: [number, number],
  ): tf.Tensor2D {
    if (given) return tf.tensor2d(padRows(given, shape[1]), shape);
    return tf.tidy(() => {
      const { base, isBaseReference, reference } = this;
      const weights = base && isBaseReference ? base.tensors : this.weights(reference.tensors);
      const [logprobs] = tf.unstack(score(weights, scoring));
      return tf.reshape<tf.Rank.R2>(logprobs!, shape);
    });
  }

  private differentiate(
    lossOf: (weights: Weights) => { loss: tf.Scalar; sums: tf.Tensor1D },
  ): Gradients {
    let sums: tf.Tensor1D | undefined;
    const { value, grads } = tf.valueAndGrads((...weights: tf.Tensor[]) => {
      const result = lossOf(weights);
      sums = result.sums;
      return result.loss;
    })([...this.parameters.tensors]);
    return { loss: value, gradients: grads, sums: sums! };
  }

  async updateReference(mix: number): Promise<void> {
    const blended = tf.tidy(() =>
      tf.add<tf.Tensor1D>(
        tf.mul(this.reference.vector, mix),
        tf.mul(this.parameters.vector, 1 - mix),
      ),
    );
    this.reference.replace(blended);
    this.isBaseReference = false;
    return Promise.resolve();
  }

  async sftStep(batch: SftBatch, options: AdamWOptions): Promise<SftStats> {
    const { loss, gradients, sums } = tidied(() => {
      const layout = layOut(batch.prompts, batch.completions, this.config.padId);
      const scoring = prepareScoring(this.config, layout, 1);
      const mask = tf.tensor1d(layout.mask);
      return this.differentiate((weights) => {
        const [logprob] = tf.unstack(score(this.weights(weights), scoring)) as [tf.Tensor1D];
        const loss = tf.neg<tf.Scalar>(tf.div(tf.sum(tf.mul(logprob, mask)), tf.sum(mask)));
        return { loss, sums: tf.keep(tf.zeros([GRPO_SUMS.length])) };
      });
    });
    const norm = adamWStep(this.parameters, this.moments, gradients, options);
    const [lossValue, normValue] = await Promise.all([loss.data(), norm.data()]);
    tf.dispose([loss, norm, sums, ...gradients]);
    return { loss: lossValue[0]!, gradNorm: normValue[0]! };
  }

  async logits(sequences: readonly TokenIds[]): Promise<Logits> {
    const { padId } = this.config;
    const batch = sequences.length;
    const time = Math.max(...sequences.map(({ length }) => length));
    const padded = sequences.map((row) => [
      ...row,
      ...Array<number>(time - row.length).fill(padId),
    ]);
    const layout = layOutPrompts(padded, padId);
    const logits = tf.tidy(() => {
      const model = bindWeights(this.config, this.weights(this.parameters.tensors));
      const { hidden } = decode(model, promptInputs(this.config, layout));
      return headLogits(model, hidden);
    });
    const values = Float32Array.from(await logits.data());
    logits.dispose();
    return { values, batch, time };
  }

  async save(): Promise<PolicySnapshot> {
    const { step, m, v } = this.moments;
    const [trained, reference, first, second] = await Promise.all([
      this.parameters.read(),
      this.reference.read(),
      m.data(),
      v.data(),
    ]);
    const optimizer = {
      step,
      m: named(this.parameters.specs, first as Float32Array),
      v: named(this.parameters.specs, second as Float32Array),
    };
    const { config } = this;
    if (!this.base) return { config, weights: trained, optimizer, reference };
    const kept = { config, weights: await this.base.read(), adapters: trained, optimizer };
    return this.isBaseReference ? kept : { ...kept, reference };
  }

  async load(snapshot: PolicySnapshot): Promise<void> {
    const { base, config } = this;
    const { specs } = this.parameters;
    const weights = flatten(paramSpecs(config), snapshot.weights, 'weights');
    const flat = base ? flatten(specs, firstAdapters(snapshot, config), 'adapters') : weights;
    const empty = (): Float32Array => new Float32Array(flat.length);
    const { optimizer, reference: given } = snapshot;
    const start = base ? empty() : flat;
    const reference = given ? flatten(specs, given, 'reference') : start;
    const m = optimizer ? flatten(specs, optimizer.m, 'optimizer m') : empty();
    const v = optimizer ? flatten(specs, optimizer.v, 'optimizer v') : empty();
    base?.replace(tf.tensor1d(weights));
    this.isBaseReference = base !== null && given === undefined;
    this.parameters.replace(tf.tensor1d(flat));
    this.reference.replace(tf.tensor1d(reference));
    tf.dispose([this.moments.m, this.moments.v]);
    Object.assign(this.moments, {
      step: optimizer?.step ?? 0,
      m: tf.tensor1d(m),
      v: tf.tensor1d(v),
    });
    return Promise.resolve();
  }

  dispose(): void {
    this.parameters.dispose();
    this.reference.dispose();
    this.base?.dispose();
    tf.dispose([this.moments.m, this.moments.v]);
  }
}

/** `tf.tidy` for a result whose type is an interface, which its own type does not admit. */
function tidied(body: () => Gradients): Gradients {
  let result: Gradients | undefined;
  tf.tidy(() => {
    result = body();
    return [result.loss, ...result.gradients];
  });
  return result!;
}

/** Cuts a permutation into `count` near-equal runs, none empty. */
function chunks(order: readonly number[], count: number): number[][] {
  const parts = Math.min(count, order.length);
  return Array.from({ length: parts }, (_, i) =>
    order.slice(
      Math.floor((i * order.length) / parts),
      Math.floor(((i + 1) * order.length) / parts),
    ),
  );
}

function pickMinibatch(batch: UpdateBatch, rows: readonly number[]): UpdateBatch {
  const pick = <T>(list: ArrayLike<T>): T[] => rows.map((row) => list[row]!);
  const { referenceLogprobs } = batch;
  return {
    prompts: pick(batch.prompts),
    completions: pick(batch.completions),
    oldLogprobs: pick(batch.oldLogprobs),
    advantages: pick(batch.advantages),
    truncated: pick(batch.truncated),
    ...(referenceLogprobs && { referenceLogprobs: pick(referenceLogprobs) }),
  };
}

function padRows(rows: readonly ArrayLike<number>[], time: number): Float32Array {
  const flat = new Float32Array(rows.length * time);
  rows.forEach((row, i) => flat.set(row, i * time));
  return flat;
}

function lossMask(batch: UpdateBatch, layout: Layout, maskTruncated: boolean): Float32Array {
  if (!maskTruncated) return layout.mask;
  const { completionTime } = layout;
  return layout.mask.map((m, i) => (batch.truncated[Math.floor(i / completionTime)] ? 0 : m));
}

/** The one readback of an update. */
async function readStats(
  results: readonly { loss: tf.Scalar; sums: tf.Tensor1D; norm: tf.Scalar }[],
): Promise<UpdateStats> {
  const all = tf.tidy(() =>
    tf.stack(
      results.map(({ loss, sums, norm }) =>
        tf.concat([tf.reshape(loss, [1]), tf.reshape(norm, [1]), sums]),
      ),
    ),
  );
  const width = 2 + GRPO_SUMS.length;
  const values = await all.data();
  tf.dispose([all, ...results.flatMap(({ loss, sums, norm }) => [loss, sums, norm])]);
  const total = (column: number): number =>
    results.reduce((sum, _, row) => sum + values[row * width + column]!, 0);
  const tokens = Math.max(total(6), 1);
  const [low, high] = [total(4) / tokens, total(5) / tokens];
  return {
    loss: total(0) / results.length,
    gradNorm: total(1) / results.length,
    kl: total(2) / tokens,
    entropy: total(3) / tokens,
    clipRatioLow: low,
    clipRatioHigh: high,
    clipRatioRegion: low + high,
  };
}
