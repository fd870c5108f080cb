/** From a batch of completions to the arrays that the loss is computed from. */
import type { GrpoOptions, UpdateBatch, UpdateStats } from '../policy.ts';
import { GRPO_SUMS } from './kernels.ts';

/**
 * Size of the whole minibatch, of which a batch may be a shard: what means are taken over. Shards of one
 * minibatch then have gradients that add up to the whole one's.
 */
export interface MinibatchSize {
  readonly sequences: number;
  /** Tokens that count. */
  readonly tokens: number;
}

export function minibatchSize(batch: UpdateBatch, options: GrpoOptions): MinibatchSize {
  const tokens = batch.completions.reduce(
    (sum, { length }, i) => sum + (isMasked(batch, i, options) ? 0 : length),
    0,
  );
  return { sequences: batch.completions.length, tokens };
}

function isMasked({ truncated }: UpdateBatch, index: number, options: GrpoOptions): boolean {
  return options.maskTruncated && Boolean(truncated[index]);
}

/** [tokens] 1 on completion tokens that count. */
export function tokenMask(batch: UpdateBatch, options: GrpoOptions): Float32Array {
  return concatenated(
    batch.completions.map(({ length }, i) =>
      new Float32Array(length).fill(isMasked(batch, i, options) ? 0 : 1),
    ),
  );
}

/** [sequences] w such that the loss is Σ w · mask · (per-token loss). */
export function tokenWeights(
  batch: UpdateBatch,
  options: GrpoOptions,
  whole: MinibatchSize,
): Float32Array {
  const { lossType, maxCompletionLength } = options;
  return Float32Array.from(batch.completions, ({ length }, i) => {
    switch (lossType) {
      case 'grpo':
        return 1 / (Math.max(isMasked(batch, i, options) ? 0 : length, 1) * whole.sequences);
      case 'dapo':
        return 1 / Math.max(whole.tokens, 1);
      case 'dr_grpo':
        return 1 / (whole.sequences * maxCompletionLength);
      default:
        return lossType satisfies never;
    }
  });
}

export function concatenated(rows: readonly ArrayLike<number>[]): Float32Array {
  const flat = new Float32Array(rows.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const row of rows) {
    flat.set(row, at);
    at += row.length;
  }
  return flat;
}

/** Cuts a permutation into `count` near-equal runs, none empty. */
export function chunks(order: readonly number[], count: number): number[][] {
  const parts = Math.min(count, order.length);
  return Array.from({ length: parts }, (_, i) =>
    order.slice(
      Math.floor((i * order.length) / parts),
      Math.floor(((i + 1) * order.length) / parts),
    ),
  );
}

export function pickRows(batch: UpdateBatch, rows: readonly number[]): UpdateBatch {
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

/** What one optimizer step measured: `GRPO_SUMS` columns summed over its sequences, and the norm. */
export interface StepResult {
  readonly sums: readonly number[];
  readonly gradNorm: number;
}

/** Column sums of [sequences, GRPO_SUMS]. */
export function sumColumns(sums: Float32Array): number[] {
  const totals = Array<number>(GRPO_SUMS).fill(0);
  sums.forEach((value, i) => {
    totals[i % GRPO_SUMS]! += value;
  });
  return totals;
}

export function updateStats(steps: readonly StepResult[]): UpdateStats {
  const total = (column: number): number => steps.reduce((sum, { sums }) => sum + sums[column]!, 0);
  const tokens = Math.max(total(5), 1);
  const [low, high] = [total(3) / tokens, total(4) / tokens];
  return {
    loss: total(0) / steps.length,
    gradNorm: steps.reduce((sum, { gradNorm }) => sum + gradNorm, 0) / steps.length,
    kl: total(1) / tokens,
    entropy: total(2) / tokens,
    clipRatioLow: low,
    clipRatioHigh: high,
    clipRatioRegion: low + high,
  };
}
