/**
 * A workgroup per sequence carries its hidden state through all layers in its own memory, keeps keys
 * and values in a cache where they are, draws the next token and goes on with it.
 */
import { qkvWidth } from '../../fused/kernels.ts';
import { most, total } from './reduce.ts';
import { SEQUENCE_PLAN, BLOCK_PLAN, HEAD_PLAN } from './decode-plan.ts';
import { BUILTINS, foursType, getFours, LOWEST, program, type Program } from './program.ts';
import { SIGMOID } from './rows.ts';

/** Sizes that are written into the shader. */
export interface DecoderSizes {
  readonly d: number;
  readonly inner: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly vocab: number;
  readonly layers: number;
  /** Whether queries, keys and values have biases, and queries and keys norms. */
  readonly bias: boolean;
  readonly headNorm: boolean;
}

const PARAMS = {
  rows: 'u32',
  maxTokens: 'u32',
  first: 'u32',
  end: 'u32',
  promptRows: 'u32',
  eps: 'f32',
  temperature: 'f32',
  topP: 'f32',
  topK: 'u32',
  eos: 'u32',
  pad: 'u32',
} as const;

const buffersFor = (aligned: boolean) =>
  ({
    theta: foursType('', aligned),
    /** See decode-plan.ts. */
    plan: 'i32',
    /** Per layer the prompts' [R, Q]; then their last hidden states. */
    prompt: 'f32',
    /** [rows, maxTokens] uniforms, then the rotary table. */
    tables: 'f32',
    /** [layers, rows, maxTokens, 2 · kvHeads · headDim] keys and values. */
    cache: 'mut f32',
    /** [rows, maxTokens] tokens, as many log-probabilities, then whether each row has ended. */
    result: 'mut f32',
  }) as const;

type Decode = Program<keyof typeof PARAMS, keyof ReturnType<typeof buffersFor>>;

/** Keys whose scores are kept at once. */
const KEYS = 32;

/** Stands for a token where a row has ended. */
const ENDED = '0xffffffffu';

export function decodeProgram(sizes: DecoderSizes, aligned: boolean): Decode {
  const threads = sizes.d >= 128 ? 256 : 128;
  const each = (count: number, body: string): string =>
    `for (var i = lid; i < ${count}u; i += ${threads}u) { ${body} }`;
  return program({
    name: `decode ${Object.values(sizes).join(' ')} ${aligned}`,
    params: PARAMS,
    buffers: buffersFor(aligned),
    reductions: [total(threads, threads), most(threads, threads)],
    code: [
      SIGMOID,
      getFours('theta', aligned),
      sharedMemory(sizes),
      normCode(sizes, each),
      attentionCode(sizes, threads, each),
      blockCode(sizes, each),
      sampleTokenCode(sizes, each),
      mainCode(sizes, threads, each),
    ].join('\n'),
  });
}

type Each = (count: number, body: string) => string;
/** Padded with zeros to a multiple of four: read in fours against the weights. */
function sharedMemory(sizes: DecoderSizes): string {
  const { d, inner, heads, headDim, vocab } = sizes;
  const width = heads * headDim;
  const vector = (name: string, count: number): string =>
    `var<workgroup> ${name}: array<f32, ${Math.ceil(count / 4) * 4}>;`;
  const dotWith = (name: string): string => `
/** The dot product of \`count\` weights from number \`at\` with \`${name}\`. */
fn dot_${name}(at: u32, count: u32) -> f32 {
  var sum = 0.0;
  for (var i = 0u; 4u * i < count; i++) {
    let j = 4u * i;
    let four = vec4f(${name}[j], ${name}[j + 1u], ${name}[j + 2u], ${name}[j + 3u]);
    sum += dot(get_theta(at, i, count), four);
  }
  return sum;
}`;
  return `
${vector('x', d)}
${vector('normal', d)}
${vector('qkv', qkvWidth(sizes))}
${vector('attentionOut', width)}
${vector('gated', inner)}
${vector('scores', heads * KEYS)}
${vector('logits', vocab)}
${vector('chances', vocab)}
var<workgroup> token: u32;
${['normal', 'attentionOut', 'gated'].map(dotWith).join('\n')}
/** The offset of a weight of a block. */
fn weight_at(block: u32, field: u32) -> u32 {
  return u32(plan[p.plan_at + ${HEAD_PLAN}u + block * ${BLOCK_PLAN}u + field]);
}`;
}

/** \`normal\` of \`x\`. Source: arXiv 1910.07467. */
function normCode({ d }: DecoderSizes, each: Each): string {
  return `
fn norm(lid: u32, at: u32) {
  var squares = 0.0;
  ${each(d, 'squares += x[i] * x[i];')}
  let scale = inverseSqrt(total(lid, lid, squares) / ${d}.0 + p.eps);
  ${each(d, 'normal[i] = x[i] * scale * get_theta(at, i / 4u, ' + `${d}u)[i % 4u];`)}
  workgroupBarrier();
}`;
}

/** Norms queries and keys of `qkv`, a thread for each. */
function headNormCode({ heads, kvHeads, headDim }: DecoderSizes, each: Each): string {
  return `
fn norm_heads(lid: u32, weight_at: u32) {
  ${each(
    heads + kvHeads,
    `let begin = i * ${headDim}u;
    var squares = 0.0;
    for (var c = begin; c < begin + ${headDim}u; c++) { squares += qkv[c] * qkv[c]; }
    let scale = inverseSqrt(squares / ${headDim}.0 + p.eps);
    let at = weight_at + select(0u, ${headDim}u, i >= ${heads}u);
    for (var c = 0u; c < ${headDim}u; c++) {
      qkv[begin + c] *= scale * get_theta(at, c / 4u, ${headDim}u)[c % 4u];
    }`,
  )}
  workgroupBarrier();
}`;
}

/** Turns queries and keys of `qkv` to their position. */
function rotateCode({ heads, kvHeads, headDim }: DecoderSizes, each: Each): string {
  const half = headDim / 2;
  return `
fn rotate(lid: u32, position: u32) {
  ${each(
    (heads + kvHeads) * half,
    `let at = i / ${half}u * ${headDim}u + i % ${half}u;
    let angle = p.tables_at + p.rows * p.maxTokens + position * ${headDim}u + i % ${half}u * 2u;
    let a = qkv[at];
    let b = qkv[at + ${half}u];
    qkv[at] = a * tables[angle] - b * tables[angle + 1u];
    qkv[at + ${half}u] = b * tables[angle] + a * tables[angle + 1u];`,
  )}
  workgroupBarrier();
}`;
}

/** Keys and values of the prompt and of the cache as one list. */
function seenCode(sizes: DecoderSizes): string {
  const { heads, kvHeads, headDim } = sizes;
  const [width, kvWidth] = [heads * headDim, kvHeads * headDim];
  return `
/** Number \`i\` of the key (part 0) or value (part 1) of the \`k\`th token that \`row\` sees. */
fn seen(layer: u32, row: u32, k: u32, place: vec2u, part: u32, i: u32) -> f32 {
  if (k < place.y) {
    let at = (layer * p.promptRows + place.x + k) * ${qkvWidth(sizes)}u + ${width}u;
    return prompt[p.prompt_at + at + part * ${kvWidth}u + i];
  }
  let at = (((layer * p.rows + row) * p.maxTokens + k - place.y) * 2u + part) * ${kvWidth}u;
  return cache[p.cache_at + at + i];
}`;
}

/** Reads `qkv`, rotates it, adds to the cache, leaves `attentionOut`. */
function attentionCode(sizes: DecoderSizes, threads: number, each: Each): string {
  const { heads, kvHeads, headDim } = sizes;
  const [width, kvWidth, group] = [heads * headDim, kvHeads * headDim, heads / kvHeads];
  const own = Math.ceil(width / threads);
  const eachOwn = (body: string): string => `for (var j = 0u; j < ${own}u; j++) {
    let column = lid + j * ${threads}u;
    if (column < ${width}u) { ${body} }
  }`;
  return `
${rotateCode(sizes, each)}
${seenCode(sizes)}
fn attend(lid: u32, layer: u32, row: u32, place: vec2u, time: u32) {
  rotate(lid, place.y + time);
  let slot = ((layer * p.rows + row) * p.maxTokens + time) * ${2 * kvWidth}u;
  ${each(2 * kvWidth, `cache[p.cache_at + slot + i] = qkv[${width}u + i];`)}
  storageBarrier();
  workgroupBarrier();
  let keys = place.y + time + 1u;
  var highest: array<f32, ${own}>;
  var sums: array<f32, ${own}>;
  var values: array<f32, ${own}>;
  for (var j = 0u; j < ${own}u; j++) { highest[j] = ${LOWEST}; }
  for (var begin = 0u; begin < keys; begin += ${KEYS}u) {
    let count = min(${KEYS}u, keys - begin);
    for (var i = lid; i < ${heads}u * count; i += ${threads}u) {
      let head = i / count;
      let own = head * ${headDim}u;
      let key = head / ${group}u * ${headDim}u;
      var score = 0.0;
      for (var c = 0u; c < ${headDim}u; c++) {
        score += qkv[own + c] * seen(layer, row, begin + i % count, place, 0u, key + c);
      }
      scores[head * ${KEYS}u + i % count] = score * inverseSqrt(${headDim}.0);
    }
    workgroupBarrier();
    ${eachOwn(`
      let head = column / ${headDim}u * ${KEYS}u;
      let valueColumn = column / ${group * headDim}u * ${headDim}u + column % ${headDim}u;
      var higher = highest[j];
      for (var k = 0u; k < count; k++) { higher = max(higher, scores[head + k]); }
      let shrink = exp(highest[j] - higher);
      sums[j] *= shrink;
      values[j] *= shrink;
      for (var k = 0u; k < count; k++) {
        let weight = exp(scores[head + k] - higher);
        sums[j] += weight;
        values[j] += weight * seen(layer, row, begin + k, place, 1u, valueColumn);
      }
      highest[j] = higher;`)}
    workgroupBarrier();
  }
  ${eachOwn('attentionOut[column] = values[j] / sums[j];')}
  workgroupBarrier();
}`;
}

/** One layer: \`x\` in, \`x\` out. */
function blockCode(sizes: DecoderSizes, each: Each): string {
  const { d, inner, heads, headDim } = sizes;
  const width = heads * headDim;
  const qkv = qkvWidth(sizes);
  const bias = sizes.bias ? `+ get_theta(bias_at, i / 4u, ${qkv}u)[i % 4u]` : '';
  return `
${sizes.headNorm ? headNormCode(sizes, each) : ''}
fn block(lid: u32, layer: u32, row: u32, place: vec2u, time: u32) {
  norm(lid, weight_at(layer, 0u));
  let qkv_at = weight_at(layer, 1u);
  ${sizes.bias ? 'let bias_at = weight_at(layer, 6u);' : ''}
  ${each(qkv, `qkv[i] = dot_normal(qkv_at + i * ${d}u, ${d}u)${bias};`)}
  workgroupBarrier();
  ${sizes.headNorm ? 'norm_heads(lid, weight_at(layer, 7u));' : ''}
  attend(lid, layer, row, place, time);
  let output_at = weight_at(layer, 2u);
  ${each(d, `x[i] += dot_attentionOut(output_at + i * ${width}u, ${width}u);`)}
  workgroupBarrier();
  norm(lid, weight_at(layer, 3u));
  let gate_at = weight_at(layer, 4u);
  ${each(
    inner,
    `let gate = dot_normal(gate_at + i * ${d}u, ${d}u);
    gated[i] = gate * sigmoid(gate) * dot_normal(gate_at + (${inner}u + i) * ${d}u, ${d}u);`,
  )}
  workgroupBarrier();
  let down_at = weight_at(layer, 5u);
  ${each(d, `x[i] += dot_gated(down_at + i * ${inner}u, ${inner}u);`)}
  workgroupBarrier();
}`;
}

/** Leaves the chances of the top-k and the top-p. */
function narrowCode(vocab: number, each: Each): string {
  return `
/** How many chances are higher than that of word \`i\`, how many equal, and the mass of the higher. */
fn standing(i: u32) -> vec3f {
  var result = vec3f();
  for (var j = 0u; j < ${vocab}u; j++) {
    if (chances[j] > chances[i]) { result += vec3f(1.0, 0.0, chances[j]); }
    if (chances[j] == chances[i]) { result.y += 1.0; }
  }
  return result;
}
/** Sets all \`chances\` to 0 but the top-k's, then all but the top-p's. Uses up \`logits\`. */
fn narrow(lid: u32) {
  let limit = select(${vocab}u, min(p.topK, ${vocab}u), p.topK > 0u);
  if (limit == ${vocab}u && p.topP >= 1.0) { return; }
  var mass = 0.0;
  ${each(
    vocab,
    `let place = standing(i);
    mass += chances[i] * clamp((f32(limit) - place.x) / place.y, 0.0, 1.0);`,
  )}
  let bound = total(lid, lid, mass) * min(p.topP, 1.0);
  ${each(
    vocab,
    `let place = standing(i);
    logits[i] = select(0.0, chances[i], place.x < f32(limit) && place.z < bound);`,
  )}
  workgroupBarrier();
  ${each(vocab, 'chances[i] = logits[i];')}
  workgroupBarrier();
}`;
}

/** Samples \`token\` from \`x\` and writes it: see \`CpuKernels.sampleTokens\`. */
function sampleTokenCode({ d, vocab }: DecoderSizes, each: Each): string {
  return `
${narrowCode(vocab, each)}
/** The number of words whose cumulative chance is at most \`uniform\` times the whole. */
fn inverted(uniform: f32) -> u32 {
  var whole = 0.0;
  for (var i = 0u; i < ${vocab}u; i++) { whole += chances[i]; }
  var passed = 0.0;
  for (var i = 0u; i < ${vocab - 1}u; i++) {
    passed += chances[i];
    if (passed > uniform * whole) { return i; }
  }
  return ${vocab - 1}u;
}
fn first_with(logit: f32) -> u32 {
  var i = 0u;
  while (i < ${vocab - 1}u && logits[i] < logit) { i++; }
  return i;
}
fn sample_token(lid: u32, row: u32, time: u32) {
  norm(lid, u32(plan[p.plan_at + 1u]));
  let head = u32(plan[p.plan_at + 2u]);
  let isGreedy = p.temperature == 0.0;
  let divisor = select(p.temperature, 1.0, isGreedy);
  var own = ${LOWEST};
  ${each(
    vocab,
    `logits[i] = dot_normal(head + i * ${d}u, ${d}u) / divisor;
    own = max(own, logits[i]);`,
  )}
  let highest = most(lid, lid, own);
  var sum = 0.0;
  ${each(vocab, 'sum += exp(logits[i] - highest);')}
  let whole = highest + log(total(lid, lid, sum));
  ${each(vocab, 'chances[i] = exp(logits[i] - whole);')}
  workgroupBarrier();
  if (!isGreedy) { narrow(lid); }
  if (lid == 0u) {
    var drawn = 0u;
    if (isGreedy) { drawn = first_with(highest); }
    else { drawn = inverted(tables[p.tables_at + row * p.maxTokens + time]); }
    let logit = dot_normal(head + drawn * ${d}u, ${d}u) / divisor;
    write(row, time, drawn, logit - whole);
    token = select(drawn, ${ENDED}, drawn == p.eos);
  }
}
fn write(row: u32, time: u32, word: u32, logprob: f32) {
  let at = p.result_at + row * p.maxTokens + time;
  result[at] = f32(word);
  result[at + p.rows * p.maxTokens] = logprob;
}`;
}

/** The tokens from \`p.first\` to \`p.end\`. */
function mainCode(sizes: DecoderSizes, threads: number, each: Each): string {
  const { d, layers } = sizes;
  const plans = HEAD_PLAN + layers * BLOCK_PLAN;
  return `
@compute @workgroup_size(${threads})
fn main(${BUILTINS}) {
  let row = group.x;
  let own = p.plan_at + ${plans}u + row * ${SEQUENCE_PLAN}u;
  let place = vec2u(u32(plan[own + 1u]), u32(plan[own + 2u]));
  let flag = p.result_at + 2u * p.rows * p.maxTokens + row;
  if (lid == 0u && p.first > 0u) {
    let last = u32(result[p.result_at + row * p.maxTokens + p.first - 1u]);
    token = select(last, ${ENDED}, result[flag] > 0.0);
  }
  for (var time = p.first; time < p.end; time++) {
    let last = workgroupUniformLoad(&token);
    if (last == ${ENDED}) {
      if (lid == 0u) { write(row, time, p.pad, 0.0); }
      continue;
    }
    if (time == 0u) {
      let at = p.prompt_at + ${layers * qkvWidth(sizes)}u * p.promptRows + u32(plan[own]) * ${d}u;
      ${each(d, 'x[i] = prompt[at + i];')}
      workgroupBarrier();
    } else {
      let at = u32(plan[p.plan_at]) + last * ${d}u;
      ${each(d, `x[i] = get_theta(at, i / 4u, ${d}u)[i % 4u];`)}
      workgroupBarrier();
      for (var layer = 0u; layer < ${layers}u; layer++) {
        block(lid, layer, row, place, time - 1u);
      }
    }
    sample_token(lid, row, time);
  }
  let last = workgroupUniformLoad(&token);
  if (lid == 0u) { result[flag] = select(0.0, 1.0, last == ${ENDED}); }
}`;
}
