/**
 * The GRPO loss with its gradient written out: everything here is [batch, time] of the completions, so
 * that the gradient of the clipped surrogate, which TensorFlow.js cannot derive, is a few products.
 * Sources: GRPO arXiv 2402.03300, DAPO 2503.14476, Dr. GRPO 2503.20783, GSPO 2507.18071.
 */
import * as tf from '@tensorflow/tfjs';
import type { GrpoOptions } from '../../policy.ts';

export interface GrpoInputs {
  /** [2, batch · time]: log π_θ and entropy, from `logprobAndEntropy`. */
  readonly logprobEntropy: tf.Tensor2D;
  /** Constants, [batch, time]. `reference` is absent when β = 0. */
  readonly old: tf.Tensor2D;
  readonly reference?: tf.Tensor2D;
  readonly mask: tf.Tensor2D;
  /** [batch, 1]. */
  readonly advantages: tf.Tensor2D;
}

/** Sums over completion tokens that become means when divided by `tokens`. */
export const GRPO_SUMS = ['kl', 'entropy', 'low', 'high', 'tokens'] as const;

export interface GrpoLoss {
  readonly loss: tf.Scalar;
  /** [5] in the order of `GRPO_SUMS`; kept out of the gradient. */
  readonly sums: tf.Tensor1D;
}

/** Call inside `tf.tidy`; `loss` carries a gradient to `logprobEntropy` only. */
export function grpoLoss(inputs: GrpoInputs, options: GrpoOptions): GrpoLoss {
  const { old, mask } = inputs;
  const [batch, time] = mask.shape;
  const weights = tokenWeights(mask, options); // [batch, time]
  const tokens = tf.maximum(tf.sum(mask), 1);
  let sums: tf.Tensor1D | undefined;
  const op = tf.customGrad((logprobEntropy, save) => {
    const [logprob, entropy] = tf
      .unstack(logprobEntropy as tf.Tensor2D)
      .map((row) => tf.reshape(row, [batch, time])) as [tf.Tensor2D, tf.Tensor2D];
    const term = surrogate(tf.sub(logprob, old), inputs, options);
    const kl = divergence(logprob, inputs.reference);
    const bonus = options.entropyCoefficient;
    const perToken = kl ? tf.add(term.value, tf.mul(kl.value, options.klBeta)) : term.value;
    const meanEntropy = tf.div(tf.sum(tf.mul(entropy, mask)), tokens);
    const value = tf.sub(tf.sum(tf.mul(weights, perToken)), tf.mul(meanEntropy, bonus));
    sums = tf.keep(
      tf.stack([
        kl ? tf.sum(tf.mul(kl.value, mask)) : tf.scalar(0),
        tf.sum(tf.mul(entropy, mask)),
        tf.sum(tf.mul(term.low, mask)),
        tf.sum(tf.mul(term.high, mask)),
        tf.sum(mask),
      ]) as tf.Tensor1D,
    );
    const slope = term.slope(weights);
    const klSlope = kl ? tf.mul(tf.mul(weights, kl.slope), options.klBeta) : undefined;
    const dLogprob = klSlope ? tf.add(slope, klSlope) : slope;
    const dEntropy = tf.neg(tf.div(tf.mul(mask, bonus), tokens));
    const gradient = tf.stack([tf.reshape(dLogprob, [-1]), tf.reshape(dEntropy, [-1])]);
    (save as tf.GradSaveFunc)([gradient]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(saved[0]!, dy),
    };
  });
  const loss = op(inputs.logprobEntropy) as tf.Scalar;
  return { loss, sums: sums! };
}

/** w such that the loss is Σ w · (per-token loss). */
function tokenWeights(
  mask: tf.Tensor2D,
  { lossType, maxCompletionLength }: GrpoOptions,
): tf.Tensor2D {
  const batch = mask.shape[0];
  switch (lossType) {
    case 'grpo': {
      const lengths = tf.maximum(tf.sum(mask, 1, true), 1); // [batch, 1]
      return tf.div(mask, tf.mul(lengths, batch));
    }
    case 'dapo':
      return tf.div(mask, tf.maximum(tf.sum(mask), 1));
    case 'dr_grpo':
      return tf.div(mask, batch * maxCompletionLength);
    default:
      return lossType satisfies never;
  }
}

interface Surrogate {
  /** −min(ratio · A, clip(ratio) · A), [batch, time]. */
  readonly value: tf.Tensor2D;
  /** 1 where the clip took the gradient away, below and above. */
  readonly low: tf.Tensor2D;
  readonly high: tf.Tensor2D;
  /** d Σ weights · value / d logprob, [batch, time]. */
  readonly slope: (weights: tf.Tensor2D) => tf.Tensor2D;
}

function surrogate(
  logRatio: tf.Tensor2D,
  { mask, advantages }: GrpoInputs,
  options: GrpoOptions,
): Surrogate {
  const perSequence = options.importanceSampling === 'sequence';
  const lengths = tf.maximum(tf.sum(mask, 1, true), 1);
  const spread = (x: tf.Tensor2D): tf.Tensor2D => tf.mul(x, tf.onesLike(mask));
  const exponent = perSequence
    ? spread(tf.div(tf.sum(tf.mul(logRatio, mask), 1, true), lengths))
    : tf.mul(logRatio, mask);
  const ratio = tf.exp(exponent);
  const clipped = tf.clipByValue(ratio, 1 - options.clipLow, 1 + options.clipHigh);
  const value = tf.neg(tf.minimum(tf.mul(ratio, advantages), tf.mul(clipped, advantages)));
  const flag = (condition: tf.Tensor): tf.Tensor2D => tf.cast(condition, 'float32') as tf.Tensor2D;
  const below = flag(tf.less(ratio, 1 - options.clipLow));
  const above = flag(tf.greater(ratio, 1 + options.clipHigh));
  const low = tf.mul<tf.Tensor2D>(below, flag(tf.less(advantages, 0)));
  const high = tf.mul<tf.Tensor2D>(above, flag(tf.greater(advantages, 0)));
  const open = tf.sub(1, tf.add(low, high)); // where the gradient still flows
  const slope = (weights: tf.Tensor2D): tf.Tensor2D => {
    const direct = tf.mul(weights, tf.neg(tf.mul(tf.mul(ratio, advantages), open)));
    if (!perSequence) return direct as tf.Tensor2D;
    // The one ratio of a sequence depends on each of its tokens by 1 / length.
    return tf.mul<tf.Tensor2D>(tf.div(tf.sum(direct, 1, true), lengths), mask);
  };
  return { value: value as tf.Tensor2D, low, high, slope };
}

/** k3 estimate exp(ref − θ) − (ref − θ) − 1 and its slope 1 − exp(ref − θ). */
function divergence(
  logprob: tf.Tensor2D,
  reference: tf.Tensor2D | undefined,
): { value: tf.Tensor2D; slope: tf.Tensor2D } | undefined {
  if (!reference) return undefined;
  const gap = tf.sub(reference, logprob);
  const ratio = tf.exp(gap);
  return { value: tf.sub(tf.sub(ratio, gap), 1), slope: tf.sub(1, ratio) };
}
