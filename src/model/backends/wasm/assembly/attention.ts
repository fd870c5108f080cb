// Causal attention over packed sequences, head by head. A prompt and the completions that continue it
// are one group: the keys and values of the prompt are packed once, and all completions meet them in
// one product.
//
// Scores of a row stand as [prefix keys, padded][own keys, padded]; beyond what a row sees they are 0.

import {
  FULL,
  LOWER_COLUMNS,
  LOWER_DEPTH,
  multiply,
  multiplyTransposed,
  packColumns,
  packedSize,
  packRows,
  transposedSpace,
} from './matmul';
import { addScaled, dot, exp1, exp4, madd, max4, sum4 } from './simd';

/** Fields of a sequence: see `Sequences` of kernels.ts. */
const FIELDS: i32 = 6;

// @ts-ignore: decorator
@inline
function field(table: usize, sequence: i32, index: i32): i32 {
  return load<i32>(table + ((sequence * FIELDS + index) << 2));
}

// @ts-ignore: decorator
@inline
function padded(n: i32): i32 {
  return (n + 7) & ~7;
}

/** Longest run of rows from `sequence` on that share a prefix, itself excluded: its followers. */
function mostOwnRows(table: usize, first: i32, last: i32): i32 {
  let most = 0;
  for (let s = first; s < last; s++) most = max(most, field(table, s, 1));
  return most;
}

/** First sequence after the group that begins at `sequence`. */
function groupEnd(table: usize, sequence: i32, count: i32): i32 {
  let end = sequence + 1;
  while (end < count && field(table, end, 3) > 0) end++;
  return end;
}

/** Numbers of work space that `attention` needs. */
export function attentionSpace(table: usize, count: i32, headDim: i32): i32 {
  return space(table, count, headDim, 1);
}

/** The same for `attentionBackward`. */
export function attentionBackwardSpace(table: usize, count: i32, headDim: i32): i32 {
  return space(table, count, headDim, 2);
}

function space(table: usize, count: i32, headDim: i32, matrices: i32): i32 {
  let most = 0;
  for (let s = 0; s < count; ) {
    const end = groupEnd(table, s, count);
    const prompt = field(table, s, 1);
    const own = mostOwnRows(table, s + 1, end);
    const longest = max(prompt, own);
    const rows = max(prompt, field(table, s, 5));
    const scores = rows * max(padded(prompt), padded(prompt) + padded(own));
    const packs = 4 * max(packedSize(headDim, longest), packedSize(longest, headDim));
    const transposed = transposedSpace(padded(longest), headDim);
    most = max(most, matrices * scores + packs + transposed);
    s = end;
  }
  return most + 64;
}

/** Softmax in place of `before` scores at `row`, and `own` scores `offset` numbers later. */
function softmaxRow(row: usize, before: i32, offset: i32, own: i32, scale: f32): f32 {
  const tail = row + (offset << 2);
  let top = -Infinity as f32;
  top = max(runMax(row, before), runMax(tail, own)) * scale;
  const total = runExp(row, before, scale, top) + runExp(tail, own, scale, top);
  const factor: f32 = 1.0 / total;
  runScale(row, before, factor);
  runScale(tail, own, factor);
  return top + (Math.log(total) as f32);
}

function runMax(at: usize, count: i32): f32 {
  let most = -Infinity as f32;
  let i = 0;
  if (count >= 4) {
    let v = v128.load(at);
    for (i = 4; i + 4 <= count; i += 4) v = f32x4.max(v, v128.load(at + (i << 2)));
    most = max4(v);
  }
  for (; i < count; i++) most = max(most, load<f32>(at + (i << 2)));
  return most;
}

/** x → exp(scale · x − shift); returns the sum. */
function runExp(at: usize, count: i32, scale: f32, shift: f32): f32 {
  const factor = f32x4.splat(scale);
  const minus = f32x4.splat(-shift);
  let sums = f32x4.splat(0);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const to = at + (i << 2);
    const e = exp4(madd(v128.load(to), factor, minus));
    v128.store(to, e);
    sums = f32x4.add(sums, e);
  }
  let total = sum4(sums);
  for (; i < count; i++) {
    const to = at + (i << 2);
    const e = exp1(load<f32>(to) * scale - shift);
    store<f32>(to, e);
    total += e;
  }
  return total;
}

function runScale(at: usize, count: i32, factor: f32): void {
  const by = f32x4.splat(factor);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const to = at + (i << 2);
    v128.store(to, f32x4.mul(v128.load(to), by));
  }
  for (; i < count; i++) {
    const to = at + (i << 2);
    store<f32>(to, load<f32>(to) * factor);
  }
}

/** Own scores of a causal square beyond the diagonal: up to the next multiple of eight, set to 0. */
function clearBeyond(row: usize, seen: i32, width: i32): void {
  memory.fill(row + (seen << 2), 0, (width - seen) << 2);
}

/** Numbers of a row of queries, keys and values. */
// @ts-ignore: decorator
@inline
function rowSize(heads: i32, kvHeads: i32, headDim: i32): i32 {
  return (heads + 2 * kvHeads) * headDim;
}

export function attention(
  table: usize,
  count: i32,
  heads: i32,
  kvHeads: i32,
  headDim: i32,
  qkv: usize,
  out: usize,
  logSum: usize,
  work: usize,
): void {
  for (let s = 0; s < count; ) {
    const end = groupEnd(table, s, count);
    for (let kvHead = 0; kvHead < kvHeads; kvHead++) {
      attendGroup(table, s, end, kvHead, heads, kvHeads, headDim, qkv, out, logSum, work);
    }
    s = end;
  }
}

/** All queries that meet one head of keys and values, whose packed copies they share. */
function attendGroup(
  table: usize,
  first: i32,
  end: i32,
  kvHead: i32,
  heads: i32,
  kvHeads: i32,
  headDim: i32,
  qkv: usize,
  out: usize,
  logSum: usize,
  work: usize,
): void {
  const ld = rowSize(heads, kvHeads, headDim);
  const start = field(table, first, 0);
  const prompt = field(table, first, 1);
  const longest = max(prompt, mostOwnRows(table, first + 1, end));
  const promptKeys = work;
  const promptValues = promptKeys + (packedSize(headDim, longest) << 2);
  const ownPack = promptValues + (packedSize(longest, headDim) << 2);
  const scores =
    ownPack + (max(packedSize(headDim, longest), packedSize(longest, headDim)) << 2);
  const keys = qkv + ((start * ld + (heads + kvHead) * headDim) << 2);
  packColumns(keys, ld, headDim, prompt, promptKeys);
  packRows(keys + ((kvHeads * headDim) << 2), ld, prompt, headDim, promptValues);
  const group = heads / kvHeads;
  for (let head = kvHead * group; head < (kvHead + 1) * group; head++) {
    attendHead(table, first, end, head, kvHead, heads, kvHeads, headDim, qkv, out, logSum, promptKeys, promptValues, ownPack, scores);
  }
}

function attendHead(
  table: usize,
  first: i32,
  end: i32,
  head: i32,
  kvHead: i32,
  heads: i32,
  kvHeads: i32,
  headDim: i32,
  qkv: usize,
  out: usize,
  logSum: usize,
  promptKeys: usize,
  promptValues: usize,
  ownPack: usize,
  scores: usize,
): void {
  const width = heads * headDim;
  const ld = rowSize(heads, kvHeads, headDim);
  // From a query to the keys that it meets, and to their values.
  const toKeys = ((heads + kvHead - head) * headDim) << 2;
  const toValues = toKeys + ((kvHeads * headDim) << 2);
  const scale: f32 = 1.0 / (Mathf.sqrt(headDim as f32) as f32);
  const start = field(table, first, 0);
  const prompt = field(table, first, 1);
  const own = mostOwnRows(table, first + 1, end);
  const offset = padded(prompt);
  const follow = field(table, first, 5);
  const stride = offset + padded(own);
  const at = qkv + ((start * ld + head * headDim) << 2);

  // The prompt attends to itself.
  multiply(at, ld, promptKeys, scores, offset, prompt, prompt, headDim, 0, LOWER_COLUMNS);
  for (let r = 0; r < prompt; r++) {
    const row = scores + ((r * offset) << 2);
    const lse = softmaxRow(row, 0, 0, r + 1, scale);
    clearBeyond(row, r + 1, offset);
    store<f32>(logSum + (((start + r) * heads + head) << 2), lse);
  }
  const to = out + ((start * width + head * headDim) << 2);
  multiply(scores, offset, promptValues, to, width, prompt, headDim, prompt, 0, LOWER_DEPTH);
  if (follow == 0) return;

  // All that continue it attend to the prompt, then each to itself.
  const next = field(table, first, 4);
  const query = qkv + ((next * ld + head * headDim) << 2);
  const result = out + ((next * width + head * headDim) << 2);
  multiply(query, ld, promptKeys, scores, stride, follow, prompt, headDim, 0, FULL);
  for (let s = first + 1; s < end; s++) {
    const rows = field(table, s, 1);
    if (rows == 0) continue;
    const before = field(table, s, 0) - next;
    const q = query + ((before * ld) << 2);
    const square = scores + ((before * stride + offset) << 2);
    packColumns(q + toKeys, ld, headDim, rows, ownPack);
    multiply(q, ld, ownPack, square, stride, rows, rows, headDim, 0, LOWER_COLUMNS);
    for (let r = 0; r < rows; r++) {
      const row = scores + (((before + r) * stride) << 2);
      const lse = softmaxRow(row, prompt, offset, r + 1, scale);
      clearBeyond(row + (offset << 2), r + 1, padded(rows));
      store<f32>(logSum + (((next + before + r) * heads + head) << 2), lse);
    }
  }
  multiply(scores, stride, promptValues, result, width, follow, headDim, prompt, 0, FULL);
  for (let s = first + 1; s < end; s++) {
    const rows = field(table, s, 1);
    if (rows == 0) continue;
    const before = field(table, s, 0) - next;
    const square = scores + ((before * stride + offset) << 2);
    const v = query + ((before * ld) << 2) + toValues;
    const o = result + ((before * width) << 2);
    packRows(v, ld, rows, headDim, ownPack);
    multiply(square, stride, ownPack, o, width, rows, headDim, rows, o, LOWER_DEPTH);
  }
}

/** dQkv must be zero: gradients of keys and values are added. */
export function attentionBackward(
  table: usize,
  count: i32,
  heads: i32,
  kvHeads: i32,
  headDim: i32,
  qkv: usize,
  out: usize,
  logSum: usize,
  dOut: usize,
  dQkv: usize,
  work: usize,
): void {
  for (let s = 0; s < count; ) {
    const end = groupEnd(table, s, count);
    for (let head = 0; head < heads; head++) {
      groupBackward(table, s, end, head, heads, kvHeads, headDim, qkv, out, logSum, dOut, dQkv, work);
    }
    s = end;
  }
}

/**
 * From scores to probabilities P in place, and from dP to dS = P · (dP − mean) · scale in place, for
 * `count` columns of one row.
 */
function rowBackward(p: usize, ds: usize, count: i32, scale: f32, lse: f32, mean: f32): void {
  const factor = f32x4.splat(scale);
  const shift = f32x4.splat(-lse);
  const centre = f32x4.splat(mean);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const at = i << 2;
    const probability = exp4(madd(v128.load(p + at), factor, shift));
    v128.store(p + at, probability);
    const slope = f32x4.mul(probability, f32x4.sub(v128.load(ds + at), centre));
    v128.store(ds + at, f32x4.mul(slope, factor));
  }
  for (; i < count; i++) {
    const at = i << 2;
    const probability = exp1(load<f32>(p + at) * scale - lse);
    store<f32>(p + at, probability);
    store<f32>(ds + at, probability * (load<f32>(ds + at) - mean) * scale);
  }
}

function groupBackward(
  table: usize,
  first: i32,
  end: i32,
  head: i32,
  heads: i32,
  kvHeads: i32,
  headDim: i32,
  qkv: usize,
  out: usize,
  logSum: usize,
  dOut: usize,
  dQkv: usize,
  work: usize,
): void {
  const width = heads * headDim;
  const ld = rowSize(heads, kvHeads, headDim);
  const kvHead = (head * kvHeads) / heads;
  const toKeys = ((heads + kvHead - head) * headDim) << 2;
  const toValues = toKeys + ((kvHeads * headDim) << 2);
  const scale: f32 = 1.0 / (Mathf.sqrt(headDim as f32) as f32);
  const start = field(table, first, 0);
  const prompt = field(table, first, 1);
  const own = mostOwnRows(table, first + 1, end);
  const offset = padded(prompt);
  const follow = field(table, first, 5);
  const stride = offset + padded(own);
  const longest = max(prompt, own);
  const pack = max(packedSize(headDim, longest), packedSize(longest, headDim)) << 2;
  const keys = work;
  const values = keys + pack;
  const keyRows = values + pack;
  const transposed = keyRows + pack;
  const p = transposed + (transposedSpace(padded(longest), headDim) << 2);
  const ds = p + ((max(prompt, follow) * stride) << 2);
  const column = head * headDim;
  const at = qkv + ((start * ld + column) << 2);
  const k = at + toKeys;
  const v = at + toValues;
  const dAt = dQkv + ((start * ld + column) << 2);
  const dK = dAt + toKeys;
  const dV = dAt + toValues;
  packColumns(k, ld, headDim, prompt, keys);
  packColumns(v, ld, headDim, prompt, values);
  packRows(k, ld, prompt, headDim, keyRows);

  square(start, prompt, heads, head, kvHeads, headDim, qkv, out, logSum, dOut, dQkv, keys, values, keyRows, p, ds, offset, transposed);
  if (follow == 0) return;

  const next = field(table, first, 4);
  const query = qkv + ((next * ld + column) << 2);
  const dResult = dOut + ((next * width + column) << 2);
  multiply(query, ld, keys, p, stride, follow, prompt, headDim, 0, FULL);
  multiply(dResult, width, values, ds, stride, follow, prompt, headDim, 0, FULL);
  for (let r = 0; r < follow; r++) {
    const row = next + r;
    const lse = load<f32>(logSum + ((row * heads + head) << 2));
    const o = (row * width + column) << 2;
    const mean = dot(out + o, dOut + o, headDim);
    rowBackward(p + ((r * stride) << 2), ds + ((r * stride) << 2), prompt, scale, lse, mean);
  }
  const dQuery = dQkv + ((next * ld + column) << 2);
  multiply(ds, stride, keyRows, dQuery, ld, follow, headDim, prompt, dQuery, FULL);
  multiplyTransposed(ds, stride, query, ld, dK, ld, prompt, headDim, follow, transposed);
  multiplyTransposed(p, stride, dResult, width, dV, ld, prompt, headDim, follow, transposed);
  for (let s = first + 1; s < end; s++) {
    const rows = field(table, s, 1);
    if (rows == 0) continue;
    const from = field(table, s, 0);
    const ownAt = qkv + ((from * ld + column) << 2);
    packColumns(ownAt + toKeys, ld, headDim, rows, keys);
    packColumns(ownAt + toValues, ld, headDim, rows, values);
    packRows(ownAt + toKeys, ld, rows, headDim, keyRows);
    square(from, rows, heads, head, kvHeads, headDim, qkv, out, logSum, dOut, dQkv, keys, values, keyRows, p, ds, padded(rows), transposed);
  }
}

/** The part of a sequence's rows that comes from its own keys; their packed copies are given. */
function square(
  start: i32,
  rows: i32,
  heads: i32,
  head: i32,
  kvHeads: i32,
  headDim: i32,
  qkv: usize,
  out: usize,
  logSum: usize,
  dOut: usize,
  dQkv: usize,
  keys: usize,
  values: usize,
  keyRows: usize,
  p: usize,
  ds: usize,
  stride: i32,
  transposed: usize,
): void {
  const width = heads * headDim;
  const ld = rowSize(heads, kvHeads, headDim);
  const scale: f32 = 1.0 / (Mathf.sqrt(headDim as f32) as f32);
  const column = head * headDim;
  const query = qkv + ((start * ld + column) << 2);
  const dResult = dOut + ((start * width + column) << 2);
  const dQuery = dQkv + ((start * ld + column) << 2);
  const dK = dQuery + (((heads + (head * kvHeads) / heads - head) * headDim) << 2);
  const dV = dK + ((kvHeads * headDim) << 2);
  multiply(query, ld, keys, p, stride, rows, rows, headDim, 0, LOWER_COLUMNS);
  multiply(dResult, width, values, ds, stride, rows, rows, headDim, 0, LOWER_COLUMNS);
  for (let r = 0; r < rows; r++) {
    const row = start + r;
    const lse = load<f32>(logSum + ((row * heads + head) << 2));
    const o = (row * width + column) << 2;
    const mean = dot(out + o, dOut + o, headDim);
    const pRow = p + ((r * stride) << 2);
    const dsRow = ds + ((r * stride) << 2);
    rowBackward(pRow, dsRow, r + 1, scale, lse, mean);
    clearBeyond(pRow, r + 1, stride);
    clearBeyond(dsRow, r + 1, stride);
  }
  multiply(ds, stride, keyRows, dQuery, ld, rows, headDim, rows, dQuery, LOWER_DEPTH);
  multiplyTransposed(ds, stride, query, ld, dK, ld, rows, headDim, rows, transposed);
  multiplyTransposed(p, stride, dResult, width, dV, ld, rows, headDim, rows, transposed);
}

/** See `CpuKernels.attendStep`. `work` holds packed keys and values of a prompt, and scores. */
export function attendStep(
  rows: i32,
  heads: i32,
  kvHeads: i32,
  headDim: i32,
  qkv: usize,
  table: usize,
  promptQkv: usize,
  promptOf: usize,
  slots: usize,
  cache: usize,
  capacity: i32,
  time: i32,
  out: usize,
  work: usize,
): void {
  const pair = 2 * kvHeads * headDim;
  const ld = rowSize(heads, kvHeads, headDim);
  for (let r = 0; r < rows; r++) {
    const slot = load<i32>(slots + (r << 2));
    const to = cache + (((slot * capacity + time) * pair) << 2);
    memory.copy(to, qkv + ((r * ld + heads * headDim) << 2), pair << 2);
  }
  for (let r = 0; r < rows; ) {
    const prompt = load<i32>(promptOf + (r << 2));
    let end = r + 1;
    while (end < rows && load<i32>(promptOf + (end << 2)) == prompt) end++;
    for (let kvHead = 0; kvHead < kvHeads; kvHead++) {
      stepGroup(r, end, prompt, kvHead, heads, kvHeads, headDim, qkv, table, promptQkv, slots, cache, capacity, time, out, work);
    }
    r = end;
  }
}

/** Numbers of work space that `attendStep` needs. */
export function attendStepSpace(rows: i32, headDim: i32, longest: i32, time: i32): i32 {
  const packs = packedSize(headDim, longest) + packedSize(longest, headDim);
  return packs + rows * (padded(longest) + padded(time + 1)) + 64;
}

/** All queries that meet one head of keys and values, whose packed copies they share. */
function stepGroup(
  first: i32,
  end: i32,
  prompt: i32,
  kvHead: i32,
  heads: i32,
  kvHeads: i32,
  headDim: i32,
  qkv: usize,
  table: usize,
  promptQkv: usize,
  slots: usize,
  cache: usize,
  capacity: i32,
  time: i32,
  out: usize,
  work: usize,
): void {
  const ld = rowSize(heads, kvHeads, headDim);
  const start = field(table, prompt, 0);
  const length = field(table, prompt, 1);
  const keys = work;
  const values = keys + (packedSize(headDim, length) << 2);
  const scores = values + (packedSize(length, headDim) << 2);
  const at = promptQkv + ((start * ld + (heads + kvHead) * headDim) << 2);
  packColumns(at, ld, headDim, length, keys);
  packRows(at + ((kvHeads * headDim) << 2), ld, length, headDim, values);
  const group = heads / kvHeads;
  for (let head = kvHead * group; head < (kvHead + 1) * group; head++) {
    stepHead(first, end, length, head, kvHead, heads, kvHeads, headDim, qkv, slots, cache, capacity, time, out, keys, values, scores);
  }
}

function stepHead(
  first: i32,
  end: i32,
  length: i32,
  head: i32,
  kvHead: i32,
  heads: i32,
  kvHeads: i32,
  headDim: i32,
  qkv: usize,
  slots: usize,
  cache: usize,
  capacity: i32,
  time: i32,
  out: usize,
  keys: usize,
  values: usize,
  scores: usize,
): void {
  const width = heads * headDim;
  const ld = rowSize(heads, kvHeads, headDim);
  const kvWidth = kvHeads * headDim;
  const column = kvHead * headDim;
  const scale: f32 = 1.0 / (Mathf.sqrt(headDim as f32) as f32);
  const offset = padded(length);
  const stride = offset + padded(time + 1);
  const query = qkv + ((first * ld + head * headDim) << 2);
  const result = out + ((first * width + head * headDim) << 2);
  multiply(query, ld, keys, scores, stride, end - first, length, headDim, 0, FULL);
  for (let r = first; r < end; r++) {
    const row = scores + (((r - first) * stride) << 2);
    const own = cache + (((load<i32>(slots + (r << 2)) * capacity * 2) * kvWidth + column) << 2);
    const q = query + (((r - first) * ld) << 2);
    for (let t = 0; t <= time; t++) {
      const score = dot(q, own + ((t * 2 * kvWidth) << 2), headDim);
      store<f32>(row + ((offset + t) << 2), score);
    }
    softmaxRow(row, length, offset, time + 1, scale);
  }
  multiply(scores, stride, values, result, width, end - first, headDim, length, 0, FULL);
  for (let r = first; r < end; r++) {
    const row = scores + (((r - first) * stride + offset) << 2);
    const slot = load<i32>(slots + (r << 2));
    const own = cache + (((slot * capacity * 2 + 1) * kvWidth + column) << 2);
    const to = result + (((r - first) * width) << 2);
    for (let t = 0; t <= time; t++) {
      addScaled(to, own + ((t * 2 * kvWidth) << 2), load<f32>(row + (t << 2)), headDim);
    }
  }
}
