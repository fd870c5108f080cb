/** Attention of one new token a sequence, in the middle of decoding. */
import { SEQUENCE_FIELDS, type HeadShape, type Sequences } from '../../fused/kernels.ts';
import type { GpuDevice, GpuSlice } from './device.ts';
import { BUILTINS, gridOf, LOWEST, memo, program } from './program.ts';
import { most, total } from './reduce.ts';

/** Of a workgroup: keys that are met at once, and columns that are added up side by side. */
const KEYS = 64;

/** Where a position's key and value are read. */
function placesCode(headDim: number): string {
  return `
var<workgroup> uniform_number: u32;
fn workgroupUniform(number: u32, lid: u32) -> u32 {
  if (lid == 0u) { uniform_number = number; }
  return workgroupUniformLoad(&uniform_number);
}
fn width() -> u32 { return (p.heads + 2u * p.kvHeads) * ${headDim}u; }
/** Where key and value \`time\` of \`row\` are kept. */
fn kept_at(row: u32, time: u32) -> u32 {
  return p.cache_at + (row * p.capacity + time) * 2u * p.kvHeads * ${headDim}u;
}
/** Number \`i\` of what position \`k\` shows: \`slot\` counts the heads of keys, then those of values. */
fn seen(row: u32, first: u32, length: u32, k: u32, slot: u32, i: u32) -> f32 {
  let column = slot * ${headDim}u + i;
  let queries = p.heads * ${headDim}u;
  if (k < length) { return promptQkv[p.promptQkv_at + (first + k) * width() + queries + column]; }
  if (k < length + p.time) { return cache[kept_at(row, k - length) + column]; }
  return qkv[p.qkv_at + row * width() + queries + column];
}`;
}

/** `body` once for each column that this thread has, `$j` its place among them. */
function eachColumn(headDim: number, body: string): string {
  return Array.from({ length: columnsOf(headDim) }, (_, j) => {
    const column = `let column = lid + ${j * KEYS}u;`;
    return `{ ${column} if (column < ${headDim}u) { ${body.replaceAll('$j', String(j))} } }`;
  }).join('\n    ');
}

function columnsOf(headDim: number): number {
  return Math.ceil(headDim / KEYS);
}

function attendCode(headDim: number): string {
  const each = (body: string): string => eachColumn(headDim, body);
  return `
var<workgroup> weights: array<f32, ${KEYS}>;
@compute @workgroup_size(${KEYS})
fn main(${BUILTINS}) {
  let item = group.y * groups.x + group.x;
  if (item >= p.items) { return; }
  let row = item / p.heads;
  let head = item % p.heads;
  let shared_by = p.heads / p.kvHeads;
  let key = head / shared_by;
  let value = p.kvHeads + key;
  let entry = p.sequences_at + u32(promptOf[p.promptOf_at + row]) * ${SEQUENCE_FIELDS}u;
  let first = u32(sequences[entry]);
  let length = u32(sequences[entry + 1u]);
  if (head % shared_by == 0u) {
    let to = kept_at(row, p.time);
    let last = length + p.time;
    ${each(`
      cache[to + key * ${headDim}u + column] = seen(row, first, length, last, key, column);
      cache[to + value * ${headDim}u + column] = seen(row, first, length, last, value, column);`)}
  }
  let query = p.qkv_at + row * width() + head * ${headDim}u;
  // The same in every thread, which the compiler cannot know of what memory says.
  let keys = workgroupUniform(length + p.time + 1u, lid);
  var highest = ${LOWEST};
  var sum = 0.0;
  var out: array<f32, ${columnsOf(headDim)}>;
  for (var begin = 0u; begin < keys; begin += ${KEYS}u) {
    let k = begin + lid;
    var score = ${LOWEST};
    if (k < keys) {
      score = 0.0;
      for (var i = 0u; i < ${headDim}u; i++) {
        score += qkv[query + i] * seen(row, first, length, k, key, i);
      }
      score *= p.scale;
    }
    let higher = max(highest, most(lid, lid, score));
    let weight = select(0.0, exp(score - higher), k < keys);
    let shrink = exp(highest - higher);
    weights[lid] = weight;
    sum = sum * shrink + total(lid, lid, weight);
    workgroupBarrier();
    let count = min(${KEYS}u, keys - begin);
    ${each(`
      out[$j] *= shrink;
      for (var t = 0u; t < count; t++) {
        out[$j] += weights[t] * seen(row, first, length, begin + t, value, column);
      }`)}
    highest = higher;
    workgroupBarrier();
  }
  ${each(`result[p.result_at + item * ${headDim}u + column] = out[$j] / sum;`)}
}`;
}

/**
 * A workgroup per row and query head. Keys are met `KEYS` at a time with a running maximum; the new key and
 * value go to the cache, and are read from where they were made.
 */
const attendStepProgram = memo((headDim: number) => {
  return program({
    name: `attend step ${headDim}`,
    params: {
      items: 'u32',
      heads: 'u32',
      kvHeads: 'u32',
      capacity: 'u32',
      time: 'u32',
      scale: 'f32',
    },
    buffers: {
      qkv: 'f32',
      promptQkv: 'f32',
      sequences: 'i32',
      promptOf: 'i32',
      cache: 'mut f32',
      result: 'mut f32',
    },
    reductions: [most(KEYS, KEYS), total(KEYS, KEYS)],
    code: placesCode(headDim) + attendCode(headDim),
  });
});

interface AttendStepArgs extends HeadShape {
  readonly rows: number;
  /** [rows, Q], rotated. */
  readonly qkv: GpuSlice;
  readonly prompts: Sequences<GpuSlice>;
  /** [R, Q] of the prompts. */
  readonly promptQkv: GpuSlice;
  /** [rows] */
  readonly promptOf: GpuSlice;
  /** [rows, capacity, 2 · kvHeads · headDim] */
  readonly cache: GpuSlice;
  readonly capacity: number;
  /** New tokens in the cache before this one. */
  readonly time: number;
  /** [rows, W] */
  readonly out: GpuSlice;
}

/** As `CpuKernels.attendStep` says; every row keeps its place in the cache. */
export function attendStep(gpu: GpuDevice, args: AttendStepArgs): void {
  const { rows, heads, kvHeads, headDim, capacity, time, qkv, promptQkv, cache, out } = args;
  const items = rows * heads;
  gpu.run(attendStepProgram(headDim), {
    params: { items, heads, kvHeads, capacity, time, scale: 1 / Math.sqrt(headDim) },
    buffers: {
      ...{ qkv, promptQkv, sequences: args.prompts.table, promptOf: args.promptOf },
      ...{ cache, result: out },
    },
    groups: gridOf(items),
  });
}
