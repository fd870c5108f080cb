/**
 * Causal attention over packed sequences: a thread per row and head goes through the keys that the row
 * sees with a running maximum, so that no score is kept; backward it goes through the keys for its
 * query and through the queries for its key. Neighbouring threads read the same keys together.
 */
import { SEQUENCE_FIELDS } from '../../fused/kernels.ts';
import type { Args } from './args.ts';
import type { GpuDevice } from './device.ts';
import {
  foursType,
  getFours,
  isAligned,
  itemGroups,
  LOWEST,
  memo,
  perItem,
  program,
  putFours,
} from './program.ts';

/** The sequence of row `row`, and where the rows that it sees are. */
const SEQUENCE = `
  let entry = p.sequences_at + u32(sequenceOf[p.sequenceOf_at + row]) * ${SEQUENCE_FIELDS}u;
  let first = u32(sequences[entry]);
  let prefix = u32(sequences[entry + 2u]);
  let prefixRows = u32(sequences[entry + 3u]);`;

/** Where a query, key or value of row `row` begins. */
const PLACES = `
fn place(row: u32, slot: u32) -> u32 {
  return (row * (p.heads + 2u * p.kvHeads) + slot) * p.headDim;
}
fn query_at(row: u32, head: u32) -> u32 { return place(row, head); }
fn key_at(row: u32, kvHead: u32) -> u32 { return place(row, p.heads + kvHead); }
fn value_at(row: u32, kvHead: u32) -> u32 { return place(row, p.heads + p.kvHeads + kvHead); }`;

const PARAMS = {
  items: 'u32',
  heads: 'u32',
  kvHeads: 'u32',
  headDim: 'u32',
  scale: 'f32',
} as const;

/** @param group queries that meet one key. */
const forwardProgram = memo((headDim: number, group: number, aligned: boolean) => {
  const fours = Math.ceil(headDim / 4);
  return program({
    name: `attention ${headDim} ${group} ${aligned}`,
    params: PARAMS,
    buffers: {
      qkv: foursType('', aligned),
      sequences: 'i32',
      sequenceOf: 'i32',
      result: foursType('mut ', aligned),
      logSum: 'mut f32',
    },
    code: `${PLACES}
${getFours('qkv', aligned)}
${putFours('result', aligned)}
${perItem(`
  let row = item / p.heads;
  let head = item % p.heads;
  let kvHead = head / ${group}u;
  ${SEQUENCE}
  var query: array<vec4f, ${fours}>;
  var attentionOut: array<vec4f, ${fours}>;
  for (var i = 0u; i < ${fours}u; i++) {
    query[i] = get_qkv(query_at(row, head), i, p.headDim) * p.scale;
    attentionOut[i] = vec4f();
  }
  var most = ${LOWEST};
  var sum = 0.0;
  let keys = prefixRows + row - first + 1u;
  for (var k = 0u; k < keys; k++) {
    let other = select(first + k - prefixRows, prefix + k, k < prefixRows);
    var score = 0.0;
    for (var i = 0u; i < ${fours}u; i++) {
      score += dot(query[i], get_qkv(key_at(other, kvHead), i, p.headDim));
    }
    let higher = max(most, score);
    let shrink = exp(most - higher);
    let weight = exp(score - higher);
    sum = sum * shrink + weight;
    for (var i = 0u; i < ${fours}u; i++) {
      attentionOut[i] = attentionOut[i] * shrink + weight * get_qkv(value_at(other, kvHead), i, p.headDim);
    }
    most = higher;
  }
  for (var i = 0u; i < ${fours}u; i++) {
    put_result(item * p.headDim, i, p.headDim, attentionOut[i] / sum);
  }
  logSum[p.logSum_at + item] = most + log(sum);`)}`,
  });
});

export function attention(
  gpu: GpuDevice,
  { sequences, heads, kvHeads, headDim, qkv, out, logSum }: Args<'attention'>,
): void {
  const { rows, table, sequenceOf } = sequences;
  const items = rows * heads;
  gpu.run(forwardProgram(headDim, heads / kvHeads, isAligned(headDim, qkv, out)), {
    params: { items, heads, kvHeads, headDim, scale: 1 / Math.sqrt(headDim) },
    buffers: { qkv, sequences: table, sequenceOf, result: out, logSum },
    groups: itemGroups(items),
  });
}

const addQueryCode = (fours: number, eachFour: (body: string) => string): string => `
alias Vector = array<vec4f, ${fours}>;
var<private> query: Vector;
var<private> key: Vector;
var<private> value: Vector;
var<private> dQuery: Vector;
var<private> dKey: Vector;
var<private> dValue: Vector;
/** What the query at item \`at\` adds to the gradients of the key and the value. */
fn add_query(row: u32, head: u32) {
  let at = row * p.heads + head;
  var score = 0.0;
  var through = 0.0;
  ${eachFour(`
    let d = get_dOut(at * p.headDim, i, p.headDim);
    score += dot(key[i], get_qkv(query_at(row, head), i, p.headDim));
    through += dot(d, value[i] - get_attentionOut(at * p.headDim, i, p.headDim));`)}
  let weight = exp(score * p.scale - logSum[p.logSum_at + at]);
  let slope = weight * through * p.scale;
  ${eachFour(`
    dValue[i] += weight * get_dOut(at * p.headDim, i, p.headDim);
    dKey[i] += slope * get_qkv(query_at(row, head), i, p.headDim);`)}
}`;

/** Of the threads of a row, the first few take a key and a value each, and all queries that meet them. */
const keyGradientCode = (group: number, eachFour: (body: string) => string): string => `
  if (head >= p.kvHeads) { return; }
  ${eachFour(`
    key[i] = get_qkv(key_at(row, head), i, p.headDim);
    value[i] = get_qkv(value_at(row, head), i, p.headDim);
    dKey[i] = vec4f();
    dValue[i] = vec4f();`)}
  let end = first + u32(sequences[entry + 1u]);
  let follow = u32(sequences[entry + 4u]);
  let followEnd = follow + u32(sequences[entry + 5u]);
  for (var other = head * ${group}u; other < (head + 1u) * ${group}u; other++) {
    for (var later = row; later < end; later++) { add_query(later, other); }
    for (var later = follow; later < followEnd; later++) { add_query(later, other); }
  }
  ${eachFour(`
    put_dQkv(key_at(row, head), i, p.headDim, dKey[i]);
    put_dQkv(value_at(row, head), i, p.headDim, dValue[i]);`)}`;

const backwardProgram = memo((headDim: number, group: number, aligned: boolean) => {
  const fours = Math.ceil(headDim / 4);
  const eachFour = (body: string): string => `for (var i = 0u; i < ${fours}u; i++) { ${body} }`;
  return program({
    name: `attention backward ${headDim} ${group} ${aligned}`,
    params: PARAMS,
    buffers: {
      qkv: foursType('', aligned),
      sequences: 'i32',
      sequenceOf: 'i32',
      attentionOut: foursType('', aligned),
      logSum: 'f32',
      dOut: foursType('', aligned),
      dQkv: foursType('mut ', aligned),
    },
    code: `${PLACES}
${getFours('qkv', aligned)}
${getFours('attentionOut', aligned)}
${getFours('dOut', aligned)}
${putFours('dQkv', aligned)}
${addQueryCode(fours, eachFour)}
${perItem(`
  let row = item / p.heads;
  let head = item % p.heads;
  let kvHead = head / ${group}u;
  ${SEQUENCE}
  var out: Vector;
  var mean = 0.0;
  ${eachFour(`
    query[i] = get_qkv(query_at(row, head), i, p.headDim);
    out[i] = get_dOut(item * p.headDim, i, p.headDim);
    mean += dot(out[i], get_attentionOut(item * p.headDim, i, p.headDim));
    dQuery[i] = vec4f();`)}
  let total = logSum[p.logSum_at + item];
  let keys = prefixRows + row - first + 1u;
  for (var k = 0u; k < keys; k++) {
    let other = select(first + k - prefixRows, prefix + k, k < prefixRows);
    var score = 0.0;
    var through = 0.0;
    ${eachFour(`
      score += dot(query[i], get_qkv(key_at(other, kvHead), i, p.headDim));
      through += dot(out[i], get_qkv(value_at(other, kvHead), i, p.headDim));`)}
    let slope = exp(score * p.scale - total) * (through - mean) * p.scale;
    ${eachFour(`dQuery[i] += slope * get_qkv(key_at(other, kvHead), i, p.headDim);`)}
  }
  ${eachFour('put_dQkv(query_at(row, head), i, p.headDim, dQuery[i]);')}
  ${keyGradientCode(group, eachFour)}`)}`,
  });
});

export function attentionBackward(
  gpu: GpuDevice,
  { sequences, heads, kvHeads, headDim, qkv, out, logSum, dOut, dQkv }: Args<'attentionBackward'>,
): void {
  const { rows, table, sequenceOf } = sequences;
  const items = rows * heads;
  gpu.run(backwardProgram(headDim, heads / kvHeads, isAligned(headDim, qkv, out, dOut, dQkv)), {
    params: { items, heads, kvHeads, headDim, scale: 1 / Math.sqrt(headDim) },
    buffers: { qkv, sequences: table, sequenceOf, attentionOut: out, logSum, dOut, dQkv },
    groups: itemGroups(items),
  });
}
