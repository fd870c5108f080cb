/** The arithmetic of `reference.ts`, on plain arrays. */
import {
  qkvWidth,
  SEQUENCE_FIELDS,
  type AttentionShape,
  type DeviceBuffer,
  type HeadShape,
  type ScoreArgs,
  type Sequences,
} from './kernels.ts';

/** A view of its own buffer, as floats or as integers. */
export interface HeapBuffer {
  readonly length: number;
  readonly floats: Float32Array;
  readonly ints: Int32Array;
}

export function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}

export function dot(
  a: Float32Array,
  aAt: number,
  b: Float32Array,
  bAt: number,
  count: number,
): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += a[aAt + i]! * b[bAt + i]!;
  return sum;
}

/** to[toAt + i] += scale · from[at + i]. */
export function addScaled(
  to: Float32Array,
  toAt: number,
  { scale, from, at, count }: { scale: number; from: Float32Array; at: number; count: number },
): void {
  for (let i = 0; i < count; i++) to[toAt + i]! += scale * from[at + i]!;
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

export function logSumExp(logits: readonly number[]): number {
  const most = Math.max(...logits);
  return most + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0));
}

export function firstAndRows(
  { table }: Sequences<HeapBuffer>,
  sequence: number,
): readonly [number, number] {
  const at = sequence * SEQUENCE_FIELDS;
  return [table.ints[at]!, table.ints[at + 1]!];
}

/** The rows that row `row` sees: its prefix, then its own sequence up to itself. */
export function keysOf({ table, sequenceOf }: Sequences<HeapBuffer>, row: number): number[] {
  const at = sequenceOf.ints[row]! * SEQUENCE_FIELDS;
  const [first, , prefix, prefixRows] = table.ints.subarray(at, at + 4);
  return [...range(prefix!, prefixRows!), ...range(first!, row - first! + 1)];
}

/** A place in an array. */
interface ArrayOffset {
  readonly from: Float32Array;
  readonly at: number;
}

/** Where in a row of `qkv` the key that query `head` meets stands. */
export function keyColumn({ heads, kvHeads, headDim }: HeadShape, head: number): number {
  return (heads + Math.floor((head * kvHeads) / heads)) * headDim;
}

/** Each query and key of `rows` rows: its place, that of its weight, and its number among all. */
export function normedHeads(
  rows: number,
  shape: HeadShape,
): { readonly at: number; readonly norm: number; readonly index: number }[] {
  const { heads, kvHeads, headDim } = shape;
  const each = heads + kvHeads;
  return range(0, rows * each).map((index) => {
    const [row, head] = [Math.floor(index / each), index % each];
    const at = row * qkvWidth(shape) + head * headDim;
    return { at, norm: head < heads ? 0 : headDim, index };
  });
}

interface Attend {
  readonly query: ArrayOffset;
  /** Keys; each one's value stands `toValue` later. */
  readonly keys: readonly ArrayOffset[];
  readonly headDim: number;
  readonly toValue: number;
  /** [headDim] */
  readonly out: Float32Array;
}

/** One query of one head. Returns log Σ exp of the scaled scores. */
export function attend({ query, keys, headDim, toValue, out }: Attend): number {
  const scores = keys.map(
    (key) => dot(query.from, query.at, key.from, key.at, headDim) / Math.sqrt(headDim),
  );
  const total = logSumExp(scores);
  out.fill(0);
  keys.forEach(({ from, at }, i) => {
    const scale = Math.exp(scores[i]! - total);
    addScaled(out, 0, { scale, from, at: at + toValue, count: headDim });
  });
  return total;
}

interface AttentionGradient extends AttentionShape<HeapBuffer> {
  readonly qkv: HeapBuffer;
  readonly out: HeapBuffer;
  readonly logSum: HeapBuffer;
  readonly dOut: HeapBuffer;
  readonly dQkv: HeapBuffer;
}

/** Adds one query's part to the gradients of itself, its keys and their values. */
export function attentionRowBackward(
  { heads, kvHeads, headDim, ...buffers }: AttentionGradient,
  { row, head, keys }: { row: number; head: number; keys: readonly number[] },
): void {
  const [qkv, dQkv, dOut] = [buffers.qkv.floats, buffers.dQkv.floats, buffers.dOut.floats];
  const width = heads * headDim;
  const stride = qkvWidth({ heads, kvHeads, headDim });
  const toValue = kvHeads * headDim;
  const scale = 1 / Math.sqrt(headDim);
  const query = row * stride + head * headDim;
  const at = row * width + head * headDim;
  const mean = dot(buffers.out.floats, at, dOut, at, headDim); // Σ p · dp
  for (const other of keys) {
    const key = other * stride + keyColumn({ heads, kvHeads, headDim }, head);
    const score = dot(qkv, query, qkv, key, headDim) * scale;
    const p = Math.exp(score - buffers.logSum.floats[row * heads + head]!);
    const dScore = p * (dot(dOut, at, qkv, key + toValue, headDim) - mean) * scale;
    addScaled(dQkv, key + toValue, { scale: p, from: dOut, at, count: headDim });
    addScaled(dQkv, query, { scale: dScore, from: qkv, at: key, count: headDim });
    addScaled(dQkv, key, { scale: dScore, from: qkv, at: query, count: headDim });
  }
}

/** Logits of a row divided by the temperature. */
export function scaledLogits(args: ScoreArgs<HeapBuffer>, row: number): number[] {
  const { hiddenSize: d, hidden, head, temperature } = args;
  return range(0, args.vocabSize).map(
    (token) => dot(hidden.floats, row * d, head.floats, token * d, d) / temperature,
  );
}

type Slopes<B extends DeviceBuffer> = ScoreArgs<B> & { readonly dLogprob: B; readonly dEntropy: B };

/** dloss / dlogit, through the log-probability of the target and through the entropy. */
export function logitSlope(
  args: Slopes<HeapBuffer>,
  { row, token, logit }: { row: number; token: number; logit: number },
): number {
  const logp = logit - args.logSum.floats[row]!;
  const p = Math.exp(logp);
  const isTarget = args.targets.ints[row] === token ? 1 : 0;
  const viaLogprob = args.dLogprob.floats[row]! * (isTarget - p);
  const viaEntropy = args.dEntropy.floats[row]! * p * (logp + args.entropy.floats[row]!);
  return (viaLogprob - viaEntropy) / args.temperature;
}
