/**
 * The GRPO loss and its slopes, token by token, on plain arrays.
 * Sources: GRPO arXiv 2402.03300, DAPO 2503.14476, Dr. GRPO 2503.20783, GSPO 2507.18071.
 */
import type { GrpoOptions } from '../policy.ts';
import { GRPO_SUMS } from './kernels.ts';

/** `GrpoArgs` of kernels.ts with arrays for buffers. */
export interface GrpoArrays {
  readonly starts: Int32Array;
  readonly logprob: Float32Array;
  readonly entropy: Float32Array;
  readonly old: Float32Array;
  readonly reference: Float32Array | null;
  readonly mask: Float32Array;
  readonly advantages: Float32Array;
  readonly weights: Float32Array;
  readonly counted: number;
  readonly options: GrpoOptions;
  readonly dLogprob: Float32Array;
  readonly dEntropy: Float32Array;
  readonly sums: Float32Array;
}

/** Fills `dLogprob`, `dEntropy` and `sums`. */
export function grpoSlopes(arrays: GrpoArrays): void {
  const sequences = arrays.starts.length - 1;
  for (let sequence = 0; sequence < sequences; sequence++) {
    if (arrays.options.importanceSampling === 'sequence') sequenceSlopes(arrays, sequence);
    else tokenSlopes(arrays, sequence);
    addCommonTerms(arrays, sequence);
  }
}

interface Surrogate {
  /** −min(ratio · A, clip(ratio) · A). */
  readonly value: number;
  /** d value / d log ratio. */
  readonly slope: number;
  /** 1 where the clip took the gradient away. */
  readonly low: number;
  readonly high: number;
}

function surrogate(logRatio: number, advantage: number, options: GrpoOptions): Surrogate {
  const [least, most] = [1 - options.clipLow, 1 + options.clipHigh];
  const ratio = Math.exp(logRatio);
  const clipped = Math.min(Math.max(ratio, least), most);
  const low = ratio < least && advantage < 0 ? 1 : 0;
  const high = ratio > most && advantage > 0 ? 1 : 0;
  return {
    value: -Math.min(ratio * advantage, clipped * advantage),
    slope: low || high ? 0 : -ratio * advantage,
    low,
    high,
  };
}

function tokenSlopes(arrays: GrpoArrays, sequence: number): void {
  const { starts, logprob, old, mask, dLogprob, options } = arrays;
  const [advantage, weight] = [arrays.advantages[sequence]!, arrays.weights[sequence]!];
  for (let i = starts[sequence]!; i < starts[sequence + 1]!; i++) {
    const term = surrogate((logprob[i]! - old[i]!) * mask[i]!, advantage, options);
    dLogprob[i] = weight * mask[i]! * term.slope;
    record(arrays, sequence, term, mask[i]!);
  }
}

/** One ratio for the whole sequence; it depends on each of its tokens by 1 / length. */
function sequenceSlopes(arrays: GrpoArrays, sequence: number): void {
  const { starts, logprob, old, mask, dLogprob, options } = arrays;
  const [from, to] = [starts[sequence]!, starts[sequence + 1]!];
  let length = 0;
  let sum = 0;
  for (let i = from; i < to; i++) {
    length += mask[i]!;
    sum += (logprob[i]! - old[i]!) * mask[i]!;
  }
  const term = surrogate(sum / Math.max(length, 1), arrays.advantages[sequence]!, options);
  const slope = (arrays.weights[sequence]! * term.slope * length) / Math.max(length, 1);
  for (let i = from; i < to; i++) {
    dLogprob[i] = slope * mask[i]!;
    record(arrays, sequence, term, mask[i]!);
  }
}

function record({ sums, weights }: GrpoArrays, sequence: number, term: Surrogate, m: number): void {
  const at = sequence * GRPO_SUMS;
  sums[at]! += weights[sequence]! * m * term.value;
  sums[at + 3]! += m * term.low;
  sums[at + 4]! += m * term.high;
}

/** The k3 penalty exp(ref − θ) − (ref − θ) − 1, and the entropy bonus. */
function addCommonTerms(arrays: GrpoArrays, sequence: number): void {
  const { starts, logprob, entropy, reference, mask, sums, counted, options } = arrays;
  const weight = arrays.weights[sequence]! * options.klBeta;
  const bonus = options.entropyCoefficient / counted;
  const at = sequence * GRPO_SUMS;
  for (let i = starts[sequence]!; i < starts[sequence + 1]!; i++) {
    const m = mask[i]!;
    if (reference) {
      const gap = reference[i]! - logprob[i]!;
      const kl = Math.exp(gap) - gap - 1;
      sums[at]! += weight * m * kl;
      sums[at + 1]! += m * kl;
      arrays.dLogprob[i]! += weight * m * (1 - Math.exp(gap));
    }
    sums[at]! -= bonus * m * entropy[i]!;
    sums[at + 2]! += m * entropy[i]!;
    sums[at + 5]! += m;
    arrays.dEntropy[i] = -bonus * m;
  }
}
