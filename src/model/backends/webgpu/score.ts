/**
 * The head with log-softmax, entropy and their gradient: logits live in a workgroup's memory for a few
 * rows at a time and are computed again backward, so that no [rows, vocabulary] array is kept.
 */
import type { ScoreArgs } from '../../fused/kernels.ts';
import type { Args } from './args.ts';
import type { GpuSlice, GpuDevice } from './device.ts';
import { most, total } from './reduce.ts';
import {
  chunkedHiddenGradient,
  chunkedScore,
  chunkSizes,
  SCORE_MEMORY,
  SCORE_PARAMS,
  SCORE_THREADS,
  SLOPE,
} from './score-chunks.ts';
import { addParts } from './parts.ts';
import {
  BUILTINS,
  foursType,
  getFours,
  gridOf,
  isAligned,
  LOWEST,
  memo,
  program,
  putFours,
} from './program.ts';

const THREADS = SCORE_THREADS;

/** Rows that a workgroup scores together: a power of two, or 0 where the words do not fit beside one. */
function rowsTogether(vocabSize: number, hiddenSize: number): number {
  const fits = SCORE_MEMORY / (vocabSize + hiddenSize);
  return fits < 1 ? 0 : Math.min(8, 2 ** Math.floor(Math.log2(fits)));
}

/** Fills `logits` [rows together, V] from `hidden`, whose rows it keeps beside them. */
function logitsCode(together: number, vocabSize: number, fours: number): string {
  return `
var<workgroup> states: array<vec4f, ${together * fours}>;
var<workgroup> logits: array<f32, ${together * vocabSize}>;
fn fill_logits(lid: u32, first: u32) {
  for (var i = lid; i < ${together * fours}u; i += ${THREADS}u) {
    let row = first + i / ${fours}u;
    if (row < p.rows) {
      states[i] = get_hidden(row * p.hiddenSize, i % ${fours}u, p.hiddenSize);
    }
  }
  workgroupBarrier();
  for (var token = lid; token < ${vocabSize}u; token += ${THREADS}u) {
    var sums = array<f32, ${together}>();
    for (var i = 0u; i < ${fours}u; i++) {
      let four = get_head(token * p.hiddenSize, i, p.hiddenSize);
      for (var r = 0u; r < ${together}u; r++) { sums[r] += dot(four, states[r * ${fours}u + i]); }
    }
    for (var r = 0u; r < ${together}u; r++) {
      logits[r * ${vocabSize}u + token] = sums[r] / p.temperature;
    }
  }
  workgroupBarrier();
}`;
}

const scoreProgram = memo((vocabSize: number, hiddenSize: number, aligned: boolean) => {
  const together = rowsTogether(vocabSize, hiddenSize);
  const lanes = THREADS / together;
  return program({
    name: `score ${vocabSize} ${hiddenSize} ${aligned}`,
    params: SCORE_PARAMS,
    buffers: {
      hidden: foursType('', aligned),
      head: foursType('', aligned),
      targets: 'i32',
      logprob: 'mut f32',
      entropy: 'mut f32',
      logSum: 'mut f32',
    },
    reductions: [total(THREADS, lanes), most(THREADS, lanes)],
    code: `${getFours('hidden', aligned)}
${getFours('head', aligned)}
${logitsCode(together, vocabSize, Math.ceil(hiddenSize / 4))}
@compute @workgroup_size(${THREADS})
fn main(${BUILTINS}) {
  let first = (group.y * groups.x + group.x) * ${together}u;
  fill_logits(lid, first);
  let lane = lid % ${lanes}u;
  let start = lid / ${lanes}u * ${vocabSize}u;
  let row = first + lid / ${lanes}u;
  var own = ${LOWEST};
  for (var i = lane; i < ${vocabSize}u; i += ${lanes}u) { own = max(own, logits[start + i]); }
  let highest = most(lid, lane, own);
  var sum = 0.0;
  for (var i = lane; i < ${vocabSize}u; i += ${lanes}u) { sum += exp(logits[start + i] - highest); }
  let whole = highest + log(total(lid, lane, sum));
  var expected = 0.0;
  for (var i = lane; i < ${vocabSize}u; i += ${lanes}u) {
    let logp = logits[start + i] - whole;
    expected -= exp(logp) * logp;
  }
  let uncertainty = total(lid, lane, expected);
  if (lane == 0u && row < p.rows) {
    logprob[p.logprob_at + row] = logits[start + u32(targets[p.targets_at + row])] - whole;
    entropy[p.entropy_at + row] = uncertainty;
    logSum[p.logSum_at + row] = whole;
  }
}`,
  });
});

export function score(gpu: GpuDevice, args: Args<'score'>): void {
  const { rows, hiddenSize, vocabSize, temperature, hidden, head } = args;
  const { targets, logprob, entropy, logSum } = args;
  const aligned = isAligned(hiddenSize, hidden, head);
  const params = { rows, hiddenSize, temperature };
  const buffers = { hidden, head, targets, logprob, entropy, logSum };
  const together = rowsTogether(vocabSize, hiddenSize);
  if (together > 0) {
    const groups = gridOf(Math.ceil(rows / together));
    gpu.run(scoreProgram(vocabSize, hiddenSize, aligned), { params, buffers, groups });
  } else {
    const groups = gridOf(Math.ceil(rows / chunkSizes(hiddenSize).together));
    const chunked = { params: { ...params, vocabSize }, buffers, groups };
    gpu.run(chunkedScore(hiddenSize, aligned), chunked);
  }
}

const hiddenProgram = memo((vocabSize: number, hiddenSize: number, aligned: boolean) => {
  const together = rowsTogether(vocabSize, hiddenSize);
  const fours = Math.ceil(hiddenSize / 4);
  return program({
    name: `score backward, hidden ${vocabSize} ${hiddenSize} ${aligned}`,
    params: SCORE_PARAMS,
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
${putFours('dHidden', aligned)}
${logitsCode(together, vocabSize, fours)}
${SLOPE}
@compute @workgroup_size(${THREADS})
fn main(${BUILTINS}) {
  let first = (group.y * groups.x + group.x) * ${together}u;
  fill_logits(lid, first);
  for (var i = lid; i < ${together * vocabSize}u; i += ${THREADS}u) {
    let row = min(first + i / ${vocabSize}u, p.rows - 1u);
    let facts = vec4f(logSum[p.logSum_at + row], entropy[p.entropy_at + row],
      dLogprob[p.dLogprob_at + row], dEntropy[p.dEntropy_at + row]);
    logits[i] = slope_of(logits[i], i % ${vocabSize}u, row, facts);
  }
  workgroupBarrier();
  for (var i = lid; i < ${together * fours}u; i += ${THREADS}u) {
    let row = first + i / ${fours}u;
    let column = i % ${fours}u;
    var sum = vec4f();
    for (var token = 0u; token < ${vocabSize}u; token++) {
      let four = get_head(token * p.hiddenSize, column, p.hiddenSize);
      sum += logits[i / ${fours}u * ${vocabSize}u + token] * four;
    }
    if (row < p.rows) { put_dHidden(row * p.hiddenSize, column, p.hiddenSize, sum); }
  }
}`,
  });
});

/** Words and rows of a tile of slopes, and rows whose part of the head's gradient is added up. */
const WORDS = 8;
const TILE_ROWS = THREADS / WORDS;
const ROW_CHUNK = 256;

/** A tile of slopes at a time; each thread adds up its `own` columns of the words. */
const headCode = (fours: number, own: number): string => `
var<workgroup> slopes: array<f32, ${THREADS}>;
@compute @workgroup_size(${THREADS})
fn main(${BUILTINS}) {
  let token = group.x * ${WORDS}u + lid % ${WORDS}u;
  let end = min((group.y + 1u) * ${ROW_CHUNK}u, p.rows);
  var sums: array<array<vec4f, ${WORDS}>, ${own}>;
  for (var first = group.y * ${ROW_CHUNK}u; first < end; first += ${TILE_ROWS}u) {
    let row = first + lid / ${WORDS}u;
    var slope = 0.0;
    if (row < end && token < p.vocabSize) {
      var logit = 0.0;
      for (var i = 0u; i < ${fours}u; i++) {
        logit += dot(get_hidden(row * p.hiddenSize, i, p.hiddenSize),
          get_head(token * p.hiddenSize, i, p.hiddenSize));
      }
      let facts = vec4f(logSum[p.logSum_at + row], entropy[p.entropy_at + row],
        dLogprob[p.dLogprob_at + row], dEntropy[p.dEntropy_at + row]);
      slope = slope_of(logit / p.temperature, token, row, facts);
    }
    slopes[lid] = slope;
    workgroupBarrier();
    for (var j = 0u; j < ${own}u; j++) {
      let column = lid + j * ${THREADS}u;
      if (column < ${fours}u) {
        for (var r = 0u; r < min(${TILE_ROWS}u, end - first); r++) {
          let four = get_hidden((first + r) * p.hiddenSize, column, p.hiddenSize);
          for (var w = 0u; w < ${WORDS}u; w++) { sums[j][w] += slopes[r * ${WORDS}u + w] * four; }
        }
      }
    }
    workgroupBarrier();
  }
  for (var j = 0u; j < ${own}u; j++) {
    let column = lid + j * ${THREADS}u;
    for (var w = 0u; w < ${WORDS}u; w++) {
      let word = group.x * ${WORDS}u + w;
      if (column < ${fours}u && word < p.vocabSize) {
        let at = (group.y * p.vocabSize + word) * p.hiddenSize;
        put_parts(at, column, p.hiddenSize, sums[j][w]);
      }
    }
  }
}`;

const headProgram = memo((hiddenSize: number, aligned: boolean) => {
  const fours = Math.ceil(hiddenSize / 4);
  return program({
    name: `score backward, head ${hiddenSize} ${aligned}`,
    params: { ...SCORE_PARAMS, vocabSize: 'u32' },
    buffers: {
      hidden: foursType('', aligned),
      head: foursType('', aligned),
      targets: 'i32',
      logSum: 'f32',
      entropy: 'f32',
      dLogprob: 'f32',
      dEntropy: 'f32',
      parts: foursType('mut ', aligned),
    },
    code: `${getFours('hidden', aligned)}
${getFours('head', aligned)}
${putFours('parts', aligned)}
${SLOPE}
${headCode(fours, Math.ceil(fours / THREADS))}`,
  });
});

export function scoreBackward(gpu: GpuDevice, args: Args<'scoreBackward'>): void {
  const { rows, hiddenSize, vocabSize, temperature, dHidden, dHead } = args;
  const facts = factsOf(args);
  const isAlignedWith = (slice: GpuSlice): boolean =>
    isAligned(hiddenSize, args.hidden, args.head, slice);
  hiddenGradient(gpu, args, isAlignedWith(dHidden));
  if (!dHead) return;
  const count = Math.ceil(rows / ROW_CHUNK);
  const size = vocabSize * hiddenSize;
  const parts = gpu.scratch(count * size);
  gpu.run(headProgram(hiddenSize, isAlignedWith(parts)), {
    params: { rows, hiddenSize, temperature, vocabSize },
    buffers: { ...facts, parts },
    groups: [Math.ceil(vocabSize / WORDS), count],
  });
  addParts(gpu, { parts, count, size, to: dHead });
}

function hiddenGradient(gpu: GpuDevice, args: Args<'scoreBackward'>, aligned: boolean): void {
  const { rows, hiddenSize, vocabSize, temperature, dHidden } = args;
  const params = { rows, hiddenSize, temperature };
  const buffers = { ...factsOf(args), dHidden };
  const together = rowsTogether(vocabSize, hiddenSize);
  if (together > 0) {
    const groups = gridOf(Math.ceil(rows / together));
    gpu.run(hiddenProgram(vocabSize, hiddenSize, aligned), { params, buffers, groups });
  } else {
    const groups = gridOf(Math.ceil(rows / chunkSizes(hiddenSize).together));
    const chunked = { params: { ...params, vocabSize }, buffers, groups };
    gpu.run(chunkedHiddenGradient(hiddenSize, aligned), chunked);
  }
}

type Slopes = ScoreArgs<GpuSlice> & { readonly dLogprob: GpuSlice; readonly dEntropy: GpuSlice };

function factsOf({ hidden, head, targets, logSum, entropy, dLogprob, dEntropy }: Slopes) {
  return { hidden, head, targets, logSum, entropy, dLogprob, dEntropy };
}
