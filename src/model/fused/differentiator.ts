/** From a batch of completions to the gradient of its loss, on the device. */
import type { SftBatch, GrpoOptions, UpdateBatch } from '../policy.ts';
import type { DeviceBuffer, Kernels } from './kernels.ts';
import { concatenated, tokenMask, tokenWeights, type MinibatchSize } from './minibatch.ts';
import { packCompletions } from './packing.ts';
import type { PolicyState } from './policy-state.ts';
import type { Decoded, Scoring, Transformer } from './transformer.ts';

export interface ScoredCompletions<B extends DeviceBuffer> extends Scoring<B> {
  readonly decoded: Decoded<B>;
}

export class Differentiator<B extends DeviceBuffer> {
  /** The state's gradient is overwritten by every call that differentiates. */
  constructor(
    private readonly kernels: Kernels<B>,
    private readonly transformer: Transformer<B>,
    private readonly state: PolicyState<B>,
  ) {}

  /** Leaves the gradient of a shard of a minibatch, and its sums in `sums` [sequences, GRPO_SUMS]. */
  grpo(batch: UpdateBatch, options: GrpoOptions, whole: MinibatchSize, sums: B): void {
    const { kernels } = this;
    const scoring = this.score(this.state.weights, batch, options.temperature);
    const tokens = scoring.scored.tokens;
    const slopes = { dLogprob: kernels.scratch(tokens), dEntropy: kernels.scratch(tokens) };
    kernels.grpo({
      ...slopes,
      tokens,
      sequences: batch.completions.length,
      starts: kernels.upload(scoring.scored.starts),
      logprob: scoring.args.logprob,
      entropy: scoring.args.entropy,
      old: kernels.upload(concatenated(batch.oldLogprobs)),
      reference: options.klBeta > 0 ? this.referenceLogprobs(batch, options) : null,
      mask: kernels.upload(tokenMask(batch, options)),
      advantages: kernels.upload(Float32Array.from(batch.advantages)),
      weights: kernels.upload(tokenWeights(batch, options, whole)),
      counted: Math.max(whole.tokens, 1),
      options,
      sums,
    });
    this.backward(scoring, slopes);
  }

  /**
   * Leaves the gradient of the cross-entropy summed over the shard and divided by `wholeTokens`.
   * @returns the log-probabilities [tokens].
   */
  crossEntropy(shard: SftBatch, wholeTokens: number): B {
    const { kernels } = this;
    const scoring = this.score(this.state.weights, shard, 1);
    const { tokens } = scoring.scored;
    const slopes = { dLogprob: kernels.scratch(tokens), dEntropy: kernels.scratch(tokens) };
    kernels.fill(slopes.dLogprob, -1 / wholeTokens);
    kernels.fill(slopes.dEntropy, 0);
    this.backward(scoring, slopes);
    return scoring.args.logprob;
  }

  /** Without a gradient to come, `keep` needs no more than the queries, keys and values. */
  score(
    theta: B,
    { prompts, completions }: SftBatch,
    temperature: number,
    keep: 'all' | 'qkv' = 'all',
  ): ScoredCompletions<B> {
    const { packing, scored } = packCompletions(prompts, completions);
    const decoded = this.transformer.decode(theta, packing, keep);
    return { decoded, ...this.transformer.score(theta, decoded, scored, temperature) };
  }

  private referenceLogprobs(batch: UpdateBatch, { temperature }: GrpoOptions): B {
    const { referenceLogprobs: given } = batch;
    if (given) return this.kernels.upload(concatenated(given));
    return this.score(this.state.referenceWeights, batch, temperature, 'qkv').args.logprob;
  }

  private backward(
    scoring: ScoredCompletions<B>,
    slopes: { readonly dLogprob: B; readonly dEntropy: B },
  ): void {
    const { weights: theta, gradient, adapters } = this.state;
    this.kernels.fill(gradient, 0);
    this.transformer.backward({ theta, gradient, adapters }, scoring.decoded, scoring, slopes);
    this.state.finishGradient();
  }
}
