/** Samples a token of each row from logits in memory: for vocabularies that no workgroup holds. */
import type { GpuDevice, GpuSlice } from './device.ts';
import { BUILTINS, LOWEST, program, THREADS } from './program.ts';
import { most, total } from './reduce.ts';

/**
 * A workgroup a row. Kept are the words whose logit is at least a threshold, which 32 halvings of the
 * numbers' own order find to the bit; each thread then adds up a run of words, in their order.
 */
const SAMPLE = program({
  name: 'sample',
  params: {
    rows: 'u32',
    vocab: 'u32',
    maxTokens: 'u32',
    time: 'u32',
    temperature: 'f32',
    topP: 'f32',
    topK: 'u32',
    eos: 'u32',
    pad: 'u32',
  },
  buffers: { logits: 'f32', uniforms: 'f32', tokens: 'mut i32', result: 'mut f32' },
  reductions: [most(THREADS, THREADS), total(THREADS, THREADS)],
  code: `
var<workgroup> runs: array<f32, ${THREADS}>;
var<workgroup> found: atomic<u32>;
fn divisor() -> f32 { return select(p.temperature, 1.0, p.temperature == 0.0); }
fn logit(row: u32, i: u32) -> f32 { return logits[p.logits_at + row * p.vocab + i] / divisor(); }
/** Rises with the number. */
fn order(x: f32) -> u32 {
  let bits = bitcast<u32>(x);
  return select(bits | 0x80000000u, ~bits, bits >> 31u == 1u);
}
/** How many words stand above \`place\`, and their mass. */
fn above(lid: u32, row: u32, place: u32, whole: f32) -> vec2f {
  var count = 0.0;
  var mass = 0.0;
  for (var i = lid; i < p.vocab; i += ${THREADS}u) {
    let x = logit(row, i);
    if (order(x) > place) { count += 1.0; mass += exp(x - whole); }
  }
  return vec2f(total(lid, lid, count), total(lid, lid, mass));
}
/** The lowest place above which there are fewer than \`count\` words, and less than \`mass\` of them. */
fn lowest(lid: u32, row: u32, whole: f32, count: f32, mass: f32) -> u32 {
  var low = 0u;
  var high = 0xffffffffu;
  for (var i = 0u; i < 32u; i++) {
    let middle = low + (high - low) / 2u;
    let higher = above(lid, row, middle, whole);
    let holds = higher.x < count && higher.y < mass;
    high = select(high, middle, holds);
    low = select(middle + 1u, low, holds);
  }
  return high;
}
/** The place of the last word that the top-k and the top-p leave. */
fn threshold(lid: u32, row: u32, whole: f32, mass: f32) -> u32 {
  var place = 0u;
  var kept = mass;
  if (p.topK > 0u && p.topK < p.vocab) {
    place = lowest(lid, row, whole, f32(p.topK), 2.0 * mass);
    let higher = above(lid, row, place, whole);
    let bits = select(~place, place & 0x7fffffffu, place >> 31u == 1u);
    kept = higher.y + (f32(p.topK) - higher.x) * exp(bitcast<f32>(bits) - whole);
  }
  if (p.topP < 1.0) {
    place = max(place, lowest(lid, row, whole, f32(p.vocab) + 1.0, kept * p.topP));
  }
  return place;
}
@compute @workgroup_size(${THREADS})
fn main(${BUILTINS}) {
  let row = group.x;
  let flag = p.result_at + 2u * p.rows * p.maxTokens + row;
  let ended = p.time > 0u && result[flag] > 0.0;
  if (lid == 0u) { atomicStore(&found, p.vocab - 1u); }
  var own = ${LOWEST};
  for (var i = lid; i < p.vocab; i += ${THREADS}u) { own = max(own, logit(row, i)); }
  let highest = most(lid, lid, own);
  var sum = 0.0;
  for (var i = lid; i < p.vocab; i += ${THREADS}u) { sum += exp(logit(row, i) - highest); }
  let whole = highest + log(total(lid, lid, sum));
  workgroupBarrier();
  if (p.temperature == 0.0) {
    for (var i = lid; i < p.vocab; i += ${THREADS}u) {
      if (logit(row, i) == highest) { atomicMin(&found, i); }
    }
  } else {
    var mass = 0.0;
    for (var i = lid; i < p.vocab; i += ${THREADS}u) { mass += exp(logit(row, i) - whole); }
    let place = threshold(lid, row, whole, total(lid, lid, mass));
    let length = (p.vocab + ${THREADS - 1}u) / ${THREADS}u;
    let first = min(lid * length, p.vocab);
    let end = min(first + length, p.vocab);
    var run = 0.0;
    for (var i = first; i < end; i++) {
      let x = logit(row, i);
      run += select(0.0, exp(x - whole), order(x) >= place);
    }
    runs[lid] = run;
    workgroupBarrier();
    var before = 0.0;
    var all = 0.0;
    for (var i = 0u; i < ${THREADS}u; i++) {
      before = select(before, all, i == lid);
      all += runs[i];
    }
    let bound = uniforms[p.uniforms_at + row * p.maxTokens + p.time] * all;
    run = 0.0;
    for (var i = first; i < end; i++) {
      let x = logit(row, i);
      run += select(0.0, exp(x - whole), order(x) >= place);
      if (before + run > bound) { atomicMin(&found, i); break; }
    }
  }
  workgroupBarrier();
  if (lid == 0u) {
    let drawn = atomicLoad(&found);
    let at = p.result_at + row * p.maxTokens + p.time;
    result[at] = f32(select(drawn, p.pad, ended));
    result[at + p.rows * p.maxTokens] = select(logit(row, drawn) - whole, 0.0, ended);
    result[flag] = select(0.0, 1.0, ended || drawn == p.eos);
    tokens[p.tokens_at + row] = i32(select(drawn, p.pad, ended));
  }
}`,
});

interface SampleArgs {
  readonly rows: number;
  readonly vocabSize: number;
  readonly maxTokens: number;
  /** Which token of each row. */
  readonly time: number;
  readonly temperature: number;
  readonly topP: number;
  readonly topK: number;
  readonly eosId: number;
  readonly padId: number;
  /** [rows, V] */
  readonly logits: GpuSlice;
  /** [rows, maxTokens] in [0, 1). */
  readonly uniforms: GpuSlice;
  /** [rows] ids, for the next step. */
  readonly tokens: GpuSlice;
  /** [2, rows, maxTokens] as `Kernels.generate` says, then [rows] whether each has ended. */
  readonly result: GpuSlice;
}

/** Writes token `time` of every row: as `CpuKernels.sampleTokens` says, and `padId` of those that ended. */
export function sample(gpu: GpuDevice, args: SampleArgs): void {
  const { rows, vocabSize, maxTokens, time, temperature, topP, topK, eosId, padId } = args;
  const { logits, uniforms, tokens, result } = args;
  gpu.run(SAMPLE, {
    params: {
      ...{ rows, vocab: vocabSize, maxTokens, time },
      ...{ temperature, topP, topK, eos: eosId, pad: padId },
    },
    buffers: { logits, uniforms, tokens, result },
    groups: [rows],
  });
}
