/** What a policy offers to be trained and sampled in shares. */
import type { MinibatchSize } from '../fused/minibatch.ts';
import type {
  AdamWOptions,
  FitBatch,
  GrpoOptions,
  PolicySnapshot,
  SampleRequest,
  Samples,
  UpdateBatch,
} from '../policy.ts';

export interface ShareGradient {
  /** Flat, in canonical order: those of the shares add up to that of the whole. */
  readonly gradient: Float32Array;
  /** `GRPO_SUMS` of kernels.ts; for a fit, the cross-entropy times its weight alone. */
  readonly sums: readonly number[];
}

/**
 * One holder of the weights. Replicas that are given the same gradients stay the same to the last bit,
 * since their arithmetic is.
 */
export interface Replica {
  load(snapshot: PolicySnapshot): Promise<void>;
  sample(request: SampleRequest): Promise<Samples>;
  shareGradient(
    share: UpdateBatch,
    options: GrpoOptions,
    whole: MinibatchSize,
  ): Promise<ShareGradient>;
  /** Of the cross-entropy summed over the share and divided by `wholeTokens`. */
  shareFit(share: FitBatch, wholeTokens: number): Promise<ShareGradient>;
  /** One AdamW step. Returns the gradient's norm before clipping. */
  applyGradient(gradient: Float32Array, options: AdamWOptions): Promise<number>;
  updateReference(mix: number): Promise<void>;
}
