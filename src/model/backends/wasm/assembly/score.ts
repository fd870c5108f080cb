// The head: logits in blocks of rows that are never kept, log-softmax, and their gradient.

import {
  FULL,
  multiply,
  multiplyTransposed,
  packColumns,
  packedSize,
  packRows,
  transposedSpace,
} from './matmul';
import { expSums, largest } from './rows';
import { exp1, exp4, madd } from './simd';

const BLOCK: i32 = 64;
const weighted = memory.data(16, 16);

/** Numbers of work space that both need. */
export function scoreSpace(width: i32, vocab: i32): i32 {
  return (
    packedSize(width, vocab) +
    packedSize(vocab, width) +
    BLOCK * vocab +
    transposedSpace(vocab, width) +
    64
  );
}

/** Leaves log-probability of the target, entropy and log Σ exp of each row. */
export function score(
  rows: i32,
  width: i32,
  vocab: i32,
  hidden: usize,
  head: usize,
  targets: usize,
  scale: f32,
  logprob: usize,
  entropy: usize,
  logSum: usize,
  work: usize,
): void {
  const logits = work + (packedSize(width, vocab) << 2);
  packColumns(head, width, width, vocab, work);
  for (let first = 0; first < rows; first += BLOCK) {
    const count = min(BLOCK, rows - first);
    multiply(
      hidden + ((first * width) << 2),
      width,
      work,
      logits,
      vocab,
      count,
      vocab,
      width,
      0,
      FULL,
    );
    for (let r = 0; r < count; r++) {
      const row = logits + ((r * vocab) << 2);
      const at = (first + r) << 2;
      const top = largest(row, vocab) * scale;
      const total = expSums(row, vocab, scale, top, weighted);
      const log = Math.log(total) as f32;
      store<f32>(logSum + at, top + log);
      const target = load<i32>(targets + at);
      store<f32>(logprob + at, load<f32>(row + (target << 2)) * scale - (top + log));
      // H = log Σ − Σ p · z
      store<f32>(entropy + at, log - load<f32>(weighted) / total);
    }
  }
}

/** dHidden =, and dHead += unless it is 0. */
export function scoreBackward(
  rows: i32,
  width: i32,
  vocab: i32,
  hidden: usize,
  head: usize,
  targets: usize,
  scale: f32,
  entropy: usize,
  logSum: usize,
  dLogprob: usize,
  dEntropy: usize,
  dHidden: usize,
  dHead: usize,
  work: usize,
): void {
  const headRows = work + (packedSize(width, vocab) << 2);
  const logits = headRows + (packedSize(vocab, width) << 2);
  const transposed = logits + ((BLOCK * vocab) << 2);
  packColumns(head, width, width, vocab, work);
  packRows(head, width, vocab, width, headRows);
  for (let first = 0; first < rows; first += BLOCK) {
    const count = min(BLOCK, rows - first);
    const x = hidden + ((first * width) << 2);
    multiply(x, width, work, logits, vocab, count, vocab, width, 0, FULL);
    for (let r = 0; r < count; r++) {
      const row = logits + ((r * vocab) << 2);
      const at = (first + r) << 2;
      slopes(
        row,
        vocab,
        scale,
        load<f32>(logSum + at),
        load<f32>(entropy + at),
        load<f32>(dLogprob + at),
        load<f32>(dEntropy + at),
      );
      const target = row + (load<i32>(targets + at) << 2);
      store<f32>(target, load<f32>(target) + load<f32>(dLogprob + at) * scale);
    }
    const to = dHidden + ((first * width) << 2);
    multiply(logits, vocab, headRows, to, width, count, width, vocab, 0, FULL);
    if (dHead) {
      multiplyTransposed(logits, vocab, x, width, dHead, width, vocab, width, count, transposed);
    }
  }
}

/** Logits → −p · (dLogprob + dEntropy · (log p + H)) · scale, in place. */
function slopes(
  row: usize,
  vocab: i32,
  scale: f32,
  logSum: f32,
  entropy: f32,
  dLogprob: f32,
  dEntropy: f32,
): void {
  const factor = f32x4.splat(scale);
  const shift = f32x4.splat(-logSum);
  const slope = f32x4.splat(dEntropy);
  const offset = f32x4.splat(dLogprob + dEntropy * entropy);
  const minus = f32x4.splat(-scale);
  let i = 0;
  for (; i + 4 <= vocab; i += 4) {
    const at = row + (i << 2);
    const logp = madd(v128.load(at), factor, shift);
    const inner = madd(slope, logp, offset);
    v128.store(at, f32x4.mul(f32x4.mul(exp4(logp), inner), minus));
  }
  for (; i < vocab; i++) {
    const at = row + (i << 2);
    const logp = load<f32>(at) * scale - logSum;
    store<f32>(at, -scale * exp1(logp) * (dLogprob + dEntropy * (logp + entropy)));
  }
}

/** One token per row by inversion of the cumulative distribution, or the likeliest if `greedy`. */
export function sampleTokens(
  rows: i32,
  vocab: i32,
  logits: usize,
  uniforms: usize,
  scale: f32,
  greedy: bool,
  tokens: usize,
  logprobs: usize,
): void {
  for (let r = 0; r < rows; r++) {
    const row = logits + ((r * vocab) << 2);
    const top = largest(row, vocab);
    const total = expSums(row, vocab, scale, top * scale, weighted);
    const token = greedy
      ? indexOf(row, vocab, top)
      : invert(row, vocab, scale, top * scale, load<f32>(uniforms + (r << 2)) * total);
    store<i32>(tokens + (r << 2), token);
    const logit = load<f32>(row + (token << 2));
    store<f32>(logprobs + (r << 2), (logit - top) * scale - (Math.log(total) as f32));
  }
}

function indexOf(row: usize, count: i32, value: f32): i32 {
  for (let i = 0; i < count; i++) if (load<f32>(row + (i << 2)) == value) return i;
  return 0;
}

/** First index at which the cumulative sum is greater than `bound`; the last if rounding hides it. */
function invert(row: usize, count: i32, scale: f32, shift: f32, bound: f32): i32 {
  const factor = f32x4.splat(scale);
  const minus = f32x4.splat(-shift);
  let sum: f32 = 0;
  for (let i = 0; i < count; i += 4) {
    // Reads up to three numbers beyond the row, which are not counted.
    const e = exp4(madd(v128.load(row + (i << 2)), factor, minus));
    sum += f32x4.extract_lane(e, 0);
    if (sum > bound) return i;
    if (i + 1 == count) break;
    sum += f32x4.extract_lane(e, 1);
    if (sum > bound) return i + 1;
    if (i + 2 == count) break;
    sum += f32x4.extract_lane(e, 2);
    if (sum > bound) return i + 2;
    if (i + 3 == count) break;
    sum += f32x4.extract_lane(e, 3);
    if (sum > bound) return i + 3;
  }
  return count - 1;
}
