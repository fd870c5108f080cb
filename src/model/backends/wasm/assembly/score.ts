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
/** Words whose part of the head is packed at once: a vocabulary of tens of thousands takes several turns. */
const CHUNK: i32 = 2048;
const weighted = memory.data(16, 16);

/** Numbers of work space that both need. */
export function scoreSpace(rows: i32, width: i32, vocab: i32): i32 {
  const words = min(CHUNK, vocab);
  return (
    packedSize(width, words) +
    packedSize(words, width) +
    BLOCK * words +
    transposedSpace(words, width) +
    rows +
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
  const words = min(CHUNK, vocab);
  const logits = work + (packedSize(width, words) << 2);
  const sums = logits + ((BLOCK * words) << 2);
  for (let from = 0; from < vocab; from += CHUNK) {
    const count = min(CHUNK, vocab - from);
    packColumns(head + ((from * width) << 2), width, width, count, work);
    for (let first = 0; first < rows; first += BLOCK) {
      const block = min(BLOCK, rows - first);
      const x = hidden + ((first * width) << 2);
      multiply(x, width, work, logits, count, block, count, width, 0, FULL);
      for (let r = 0; r < block; r++) {
        const at = (first + r) << 2;
        const row = logits + ((r * count) << 2);
        const target = load<i32>(targets + at) - from;
        if (target >= 0 && target < count) {
          store<f32>(logprob + at, load<f32>(row + (target << 2)) * scale);
        }
        addWords(row, count, scale, from == 0, logSum + at, sums + at, entropy + at);
      }
    }
  }
  for (let r = 0; r < rows; r++) {
    const at = r << 2;
    const total = load<f32>(sums + at);
    const log = Math.log(total) as f32;
    const all = load<f32>(logSum + at) + log;
    store<f32>(logSum + at, all);
    store<f32>(logprob + at, load<f32>(logprob + at) - all);
    // H = log Σ − Σ p · z
    store<f32>(entropy + at, log - load<f32>(entropy + at) / total);
  }
}

/**
 * Adds words to what stands of a row: its largest logit, Σ exp of the distances from it, and the same
 * weighted by them.
 */
function addWords(
  row: usize,
  count: i32,
  scale: f32,
  first: bool,
  largestAt: usize,
  sumAt: usize,
  weightedAt: usize,
): void {
  const top = largest(row, count) * scale;
  const total = expSums(row, count, scale, top, weighted);
  const product = load<f32>(weighted);
  if (first) {
    store<f32>(largestAt, top);
    store<f32>(sumAt, total);
    store<f32>(weightedAt, product);
    return;
  }
  const before = load<f32>(largestAt);
  const most = max(before, top);
  // Distances from another number: z − shift, and exp of it.
  const old = exp1(before - most);
  const own = exp1(top - most);
  const sum = load<f32>(sumAt);
  store<f32>(largestAt, most);
  store<f32>(sumAt, sum * old + total * own);
  const shifted = (load<f32>(weightedAt) + sum * (before - most)) * old;
  store<f32>(weightedAt, shifted + (product + total * (top - most)) * own);
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
  const words = min(CHUNK, vocab);
  const headRows = work + (packedSize(width, words) << 2);
  const logits = headRows + (packedSize(words, width) << 2);
  const transposed = logits + ((BLOCK * words) << 2);
  for (let from = 0; from < vocab; from += CHUNK) {
    const count = min(CHUNK, vocab - from);
    const part = head + ((from * width) << 2);
    packColumns(part, width, width, count, work);
    packRows(part, width, count, width, headRows);
    for (let first = 0; first < rows; first += BLOCK) {
      const block = min(BLOCK, rows - first);
      const x = hidden + ((first * width) << 2);
      multiply(x, width, work, logits, count, block, count, width, 0, FULL);
      for (let r = 0; r < block; r++) {
        const row = logits + ((r * count) << 2);
        const at = (first + r) << 2;
        slopes(
          row,
          count,
          scale,
          load<f32>(logSum + at),
          load<f32>(entropy + at),
          load<f32>(dLogprob + at),
          load<f32>(dEntropy + at),
        );
        const target = load<i32>(targets + at) - from;
        if (target < 0 || target >= count) continue;
        const hit = row + (target << 2);
        store<f32>(hit, load<f32>(hit) + load<f32>(dLogprob + at) * scale);
      }
      const to = dHidden + ((first * width) << 2);
      multiply(logits, count, headRows, to, width, block, width, count, from == 0 ? 0 : to, FULL);
      if (dHead) {
        const dPart = dHead + ((from * width) << 2);
        multiplyTransposed(logits, count, x, width, dPart, width, count, width, block, transposed);
      }
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
