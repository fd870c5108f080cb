/** Where a decoding shader finds what it needs: integers in one buffer. */
import type { GenerateArgs } from '../../fused/kernels.ts';
import type { GpuSlice } from './device.ts';

/** Embedding, final norm, head. */
export const HEAD_PLAN = 3;
/**
 * Input norm, query-key-value, output, second norm, gate and up, down; biases of queries, keys and values,
 * norms of queries and keys: 0 where there are none.
 */
export const BLOCK_PLAN = 8;
/** Prompt, its first row, its length. */
export const SEQUENCE_PLAN = 3;

/** Offsets of the weights, of each block's, and the prompt of each sequence. */
export function decodePlan({ offsets, promptOf, lengths }: GenerateArgs<GpuSlice>): Int32Array {
  const starts = new Int32Array(lengths.length + 1);
  lengths.forEach((length, i) => (starts[i + 1] = starts[i]! + length));
  return Int32Array.from([
    ...[offsets.embedding, offsets.norm, offsets.head],
    ...offsets.blocks.flatMap((at) => [
      ...[at.inputNorm, at.qkv, at.output],
      ...[at.postNorm, at.gateUp, at.down],
      ...[at.qkvBias ?? 0, at.headNorm ?? 0],
    ]),
    ...Array.from(promptOf, (prompt) => [prompt, starts[prompt]!, lengths[prompt]!]).flat(),
  ]);
}
