/**
 * The head over a vocabulary that a workgroup's memory does not hold: the logits of a few rows in chunks of
 * words, with a running maximum and sum, and computed again backward.
 */
import { BUILTINS, foursType, getFours, LOWEST, memo, program, putFours } from './program.ts';
import { most, total } from './reduce.ts';

/** Threads of a workgroup. */
export const SCORE_THREADS = 128;

/** Numbers of workgroup memory that every device has: 16 KiB, less what sums take. */
export const SCORE_MEMORY = 3_400;

export const SCORE_PARAMS = { rows: 'u32', hiddenSize: 'u32', temperature: 'f32' } as const;

/** dloss / dlogit before the temperature divides it; `facts` are logSum, entropy, dLogprob, dEntropy. */
export const SLOPE = `
fn slope_of(logit: f32, token: u32, row: u32, facts: vec4f) -> f32 {
  let logp = logit - facts.x;
  let chance = exp(logp);
  let hit = select(0.0, 1.0, u32(targets[p.targets_at + row]) == token);
  return (facts.z * (hit - chance) - facts.w * chance * (logp + facts.y)) / p.temperature;
}`;

/** Rows of a workgroup, and words of a chunk. */
export interface ChunkSizes {
  readonly together: number;
  readonly words: number;
}

const LEAST_WORDS = 256;

/** @throws RangeError if not even one row fits beside a chunk. */
export function chunkSizes(hiddenSize: number): ChunkSizes {
  const width = 4 * Math.ceil(hiddenSize / 4);
  const wordsFor = (together: number): number =>
    32 * Math.floor((SCORE_MEMORY / together - width) / 32);
  const together = [4, 2, 1].find((rows) => wordsFor(rows) >= LEAST_WORDS);
  if (together) return { together, words: wordsFor(together) };
  const expected = `at most ${SCORE_MEMORY - LEAST_WORDS} on WebGPU`;
  throw new RangeError(`hiddenSize: got ${hiddenSize}, expected ${expected}`);
}

const PARAMS = { ...SCORE_PARAMS, vocabSize: 'u32' } as const;

/** Fills `logits` [together, words] of the words from `base` on; those that are none are the lowest. */
function logitsCode({ together, words }: ChunkSizes, fours: number): string {
  return `
var<workgroup> states: array<vec4f, ${together * fours}>;
var<workgroup> logits: array<f32, ${together * words}>;
fn load_states(lid: u32, first: u32) {
  for (var i = lid; i < ${together * fours}u; i += ${SCORE_THREADS}u) {
    let row = first + i / ${fours}u;
    if (row < p.rows) {
      states[i] = get_hidden(row * p.hiddenSize, i % ${fours}u, p.hiddenSize);
    }
  }
}
fn fill_logits(lid: u32, base: u32) {
  workgroupBarrier();
  for (var token = lid; token < ${words}u; token += ${SCORE_THREADS}u) {
    var sums = array<f32, ${together}>();
    if (base + token < p.vocabSize) {
      for (var i = 0u; i < ${fours}u; i++) {
        let four = get_head((base + token) * p.hiddenSize, i, p.hiddenSize);
        for (var r = 0u; r < ${together}u; r++) { sums[r] += dot(four, states[r * ${fours}u + i]); }
      }
    }
    for (var r = 0u; r < ${together}u; r++) {
      let logit = sums[r] / p.temperature;
      logits[r * ${words}u + token] = select(${LOWEST}, logit, base + token < p.vocabSize);
    }
  }
  workgroupBarrier();
}`;
}

export const chunkedScore = memo((hiddenSize: number, aligned: boolean) => {
  const sizes = chunkSizes(hiddenSize);
  const { together, words } = sizes;
  const lanes = SCORE_THREADS / together;
  return program({
    name: `score in chunks ${hiddenSize} ${aligned}`,
    params: PARAMS,
    buffers: {
      hidden: foursType('', aligned),
      head: foursType('', aligned),
      targets: 'i32',
      logprob: 'mut f32',
      entropy: 'mut f32',
      logSum: 'mut f32',
    },
    reductions: [total(SCORE_THREADS, lanes), most(SCORE_THREADS, lanes)],
    code: `${getFours('hidden', aligned)}
${getFours('head', aligned)}
${logitsCode(sizes, Math.ceil(hiddenSize / 4))}
@compute @workgroup_size(${SCORE_THREADS})
fn main(${BUILTINS}) {
  let first = (group.y * groups.x + group.x) * ${together}u;
  let lane = lid % ${lanes}u;
  let start = lid / ${lanes}u * ${words}u;
  let row = first + lid / ${lanes}u;
  let wanted = u32(targets[p.targets_at + min(row, p.rows - 1u)]);
  var top = ${LOWEST};
  var sum = 0.0;
  var weighted = 0.0;
  var hit = 0.0;
  load_states(lid, first);
  for (var base = 0u; base < p.vocabSize; base += ${words}u) {
    fill_logits(lid, base);
    var own = ${LOWEST};
    for (var i = lane; i < ${words}u; i += ${lanes}u) { own = max(own, logits[start + i]); }
    let highest = max(top, most(lid, lane, own));
    let shrink = exp(top - highest);
    weighted = select((weighted + sum * (top - highest)) * shrink, 0.0, base == 0u);
    sum *= shrink;
    top = highest;
    let count = min(${words}u, p.vocabSize - base);
    for (var i = lane; i < count; i += ${lanes}u) {
      let z = logits[start + i] - top;
      let chance = exp(z);
      sum += chance;
      weighted += chance * z;
    }
    if (wanted >= base && wanted < base + ${words}u) { hit = logits[start + wanted - base]; }
  }
  let all = total(lid, lane, sum);
  let mean = total(lid, lane, weighted) / all;
  if (lane == 0u && row < p.rows) {
    let whole = top + log(all);
    logprob[p.logprob_at + row] = hit - whole;
    entropy[p.entropy_at + row] = log(all) - mean;
    logSum[p.logSum_at + row] = whole;
  }
}`,
  });
});

export const chunkedHiddenGradient = memo((hiddenSize: number, aligned: boolean) => {
  const sizes = chunkSizes(hiddenSize);
  const { together, words } = sizes;
  const fours = Math.ceil(hiddenSize / 4);
  return program({
    name: `score in chunks backward, hidden ${hiddenSize} ${aligned}`,
    params: PARAMS,
    buffers: {
      hidden: foursType('', aligned),
      head: foursType('', aligned),
      targets: 'i32',
      logSum: 'f32',
      entropy: 'f32',
      dLogprob: 'f32',
      dEntropy: 'f32',
      dHidden: foursType('mut ', aligned),
    },
    code: `${getFours('hidden', aligned)}
${getFours('head', aligned)}
${getFours('dHidden', aligned)}
${putFours('dHidden', aligned)}
${logitsCode(sizes, fours)}
${SLOPE}
@compute @workgroup_size(${SCORE_THREADS})
fn main(${BUILTINS}) {
  let first = (group.y * groups.x + group.x) * ${together}u;
  load_states(lid, first);
  for (var base = 0u; base < p.vocabSize; base += ${words}u) {
    fill_logits(lid, base);
    let count = min(${words}u, p.vocabSize - base);
    for (var i = lid; i < ${together * words}u; i += ${SCORE_THREADS}u) {
      let row = min(first + i / ${words}u, p.rows - 1u);
      let facts = vec4f(logSum[p.logSum_at + row], entropy[p.entropy_at + row],
        dLogprob[p.dLogprob_at + row], dEntropy[p.dEntropy_at + row]);
      if (i % ${words}u < count) { logits[i] = slope_of(logits[i], base + i % ${words}u, row, facts); }
    }
    workgroupBarrier();
    for (var i = lid; i < ${together * fours}u; i += ${SCORE_THREADS}u) {
      let row = first + i / ${fours}u;
      if (row >= p.rows) { continue; }
      let column = i % ${fours}u;
      var sum = vec4f();
      if (base > 0u) { sum = get_dHidden(row * p.hiddenSize, column, p.hiddenSize); }
      for (var token = 0u; token < count; token++) {
        let four = get_head((base + token) * p.hiddenSize, column, p.hiddenSize);
        sum += logits[i / ${fours}u * ${words}u + token] * four;
      }
      put_dHidden(row * p.hiddenSize, column, p.hiddenSize, sum);
    }
  }
}`,
  });
});
