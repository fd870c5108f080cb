/** What a policy offers to be trained and sampled in shards. */
import type { MinibatchSize } from '../fused/minibatch.ts';
import type {
  AdamWOptions,
  SftBatch,
  GrpoOptions,
  PolicySnapshot,
  SampleRequest,
  Samples,
  UpdateBatch,
} from '../policy.ts';

export interface ShardGradient {
  /** Flat, in canonical order: those of the shards add up to that of the whole. */
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
  shardGradient(
    shard: UpdateBatch,
    options: GrpoOptions,
    whole: MinibatchSize,
  ): Promise<ShardGradient>;
  /** Of the cross-entropy summed over the shard and divided by `wholeTokens`. */
  shardSftGradient(shard: SftBatch, wholeTokens: number): Promise<ShardGradient>;
  /** One AdamW step. Returns the gradient's norm before clipping. */
  applyGradient(gradient: Float32Array, options: AdamWOptions): Promise<number>;
  updateReference(mix: number): Promise<void>;
}
