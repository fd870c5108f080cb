/** Kernels that go through rows: gathering, norms, rotation, the gate. */
import type { GpuDevice } from './device.ts';
import type { Args } from './args.ts';
import {
  BUILTINS,
  foursType,
  getFours,
  gridOf,
  isAligned,
  itemGroups,
  memo,
  perItem,
  program,
  putFours,
  THREADS,
} from './program.ts';
import { total } from './reduce.ts';
import { addParts } from './parts.ts';

const GATHER_ROWS = program({
  name: 'gather rows',
  params: { items: 'u32', width: 'u32' },
  buffers: { source: 'f32', indices: 'i32', result: 'mut f32' },
  code: perItem(`
  let row = u32(indices[p.indices_at + item / p.width]);
  result[p.result_at + item] = source[p.source_at + row * p.width + item % p.width];`),
});

export function gatherRows(
  gpu: GpuDevice,
  { table, indices, rows, width, out }: Args<'gatherRows'>,
): void {
  const items = rows * width;
  gpu.run(GATHER_ROWS, {
    params: { items, width },
    buffers: { source: table, indices, result: out },
    groups: itemGroups(items),
  });
}

const GATHER_SUM = program({
  name: 'gather sum',
  params: { items: 'u32', width: 'u32' },
  buffers: { source: 'f32', starts: 'i32', places: 'i32', result: 'mut f32' },
  code: perItem(`
  let list = item / p.width;
  let column = item % p.width;
  let end = u32(starts[p.starts_at + list + 1u]);
  var sum = 0.0;
  for (var i = u32(starts[p.starts_at + list]); i < end; i++) {
    sum += source[p.source_at + u32(places[p.places_at + i]) * p.width + column];
  }
  result[p.result_at + item] += sum;`),
});

export function gatherSum(gpu: GpuDevice, { from, lists, width, out }: Args<'gatherSum'>): void {
  const items = lists.count * width;
  gpu.run(GATHER_SUM, {
    params: { items, width },
    buffers: { source: from, starts: lists.starts, places: lists.items, result: out },
    groups: itemGroups(items),
  });
}

/** Threads that share a row, and rows of a workgroup. */
const LANES = 16;
const ROWS = THREADS / LANES;

const ROW_OF_THREAD = `
  let lane = lid % ${LANES}u;
  let row = (group.y * groups.x + group.x) * ${ROWS}u + lid / ${LANES}u;
  let at = row * p.width;
  let fours = select(0u, (p.width + 3u) / 4u, row < p.rows);`;

const rmsNormProgram = memo((aligned: boolean) =>
  program({
    name: `rms norm ${aligned}`,
    params: { rows: 'u32', width: 'u32', eps: 'f32' },
    buffers: {
      x: foursType('', aligned),
      weight: foursType('', aligned),
      y: foursType('mut ', aligned),
      scale: 'mut f32',
    },
    reductions: [total(THREADS, LANES)],
    code: `
${getFours('x', aligned)}
${getFours('weight', aligned)}
${putFours('y', aligned)}
@compute @workgroup_size(${THREADS})
fn main(${BUILTINS}) {
  ${ROW_OF_THREAD}
  var squares = 0.0;
  for (var i = lane; i < fours; i += ${LANES}u) {
    let value = get_x(at, i, p.width);
    squares += dot(value, value);
  }
  let s = inverseSqrt(total(lid, lane, squares) / f32(p.width) + p.eps);
  for (var i = lane; i < fours; i += ${LANES}u) {
    put_y(at, i, p.width, get_x(at, i, p.width) * s * get_weight(0u, i, p.width));
  }
  if (lane == 0u && row < p.rows) { scale[p.scale_at + row] = s; }
}`,
  }),
);

export function rmsNorm(
  gpu: GpuDevice,
  { rows, width, eps, x, weight, y, scale }: Args<'rmsNorm'>,
): void {
  gpu.run(rmsNormProgram(isAligned(width, x, weight, y)), {
    params: { rows, width, eps },
    buffers: { x, weight, y, scale },
    groups: gridOf(Math.ceil(rows / ROWS)),
  });
}

/** Rows whose part of the weight's gradient one workgroup adds up. */
const NORM_CHUNK = 64;

const rmsNormBackwardProgram = memo((aligned: boolean) =>
  program({
    name: `rms norm backward ${aligned}`,
    params: { rows: 'u32', width: 'u32' },
    buffers: {
      x: foursType('', aligned),
      weight: foursType('', aligned),
      scale: 'f32',
      dy: foursType('', aligned),
      dx: foursType('mut ', aligned),
      parts: foursType('mut ', aligned),
    },
    reductions: [total(THREADS, LANES)],
    code: `
${getFours('x', aligned)}
${getFours('weight', aligned)}
${getFours('dy', aligned)}
${getFours('dx', aligned)}
${putFours('dx', aligned)}
${putFours('parts', aligned)}
@compute @workgroup_size(${THREADS})
fn main(${BUILTINS}) {
  let lane = lid % ${LANES}u;
  let chunk = group.y * groups.x + group.x;
  let fours = (p.width + 3u) / 4u;
  for (var block = 0u; block < ${NORM_CHUNK / ROWS}u; block++) {
    let row = chunk * ${NORM_CHUNK}u + block * ${ROWS}u + lid / ${LANES}u;
    let at = row * p.width;
    let count = select(0u, fours, row < p.rows);
    let s = scale[p.scale_at + min(row, p.rows - 1u)];
    var mean = 0.0;
    for (var i = lane; i < count; i += ${LANES}u) {
      mean += dot(get_dy(at, i, p.width) * get_weight(0u, i, p.width), get_x(at, i, p.width)) * s;
    }
    mean = total(lid, lane, mean) / f32(p.width);
    for (var i = lane; i < count; i += ${LANES}u) {
      let through = get_dy(at, i, p.width) * get_weight(0u, i, p.width);
      let slope = s * (through - get_x(at, i, p.width) * s * mean);
      put_dx(at, i, p.width, get_dx(at, i, p.width) + slope);
    }
  }
  let first = chunk * ${NORM_CHUNK}u;
  let end = min(first + ${NORM_CHUNK}u, p.rows);
  for (var i = lid; i < fours; i += ${THREADS}u) {
    var sum = vec4f();
    for (var row = first; row < end; row++) {
      let at = row * p.width;
      sum += get_dy(at, i, p.width) * get_x(at, i, p.width) * scale[p.scale_at + row];
    }
    if (first < end) { put_parts(chunk * p.width, i, p.width, sum); }
  }
}`,
  }),
);

export function rmsNormBackward(
  gpu: GpuDevice,
  { rows, width, x, weight, scale, dy, dx, dWeight }: Args<'rmsNormBackward'>,
): void {
  const chunks = Math.ceil(rows / NORM_CHUNK);
  const parts = gpu.scratch(chunks * width);
  gpu.run(rmsNormBackwardProgram(isAligned(width, x, weight, dy, dx)), {
    params: { rows, width },
    buffers: { x, weight, scale, dy, dx, parts },
    groups: gridOf(chunks),
  });
  addParts(gpu, { parts, count: chunks, size: width, to: dWeight });
}

const ROTATE = program({
  name: 'rotate',
  params: { items: 'u32', heads: 'u32', kvHeads: 'u32', headDim: 'u32', sign: 'f32' },
  buffers: { qkv: 'mut f32', positions: 'i32', rotary: 'f32' },
  code: perItem(`
  let half = p.headDim / 2u;
  let i = item % half;
  let turned = p.heads + p.kvHeads;
  let head = (item / half) % turned;
  let row = item / half / turned;
  let at = p.qkv_at + (row * (turned + p.kvHeads) + head) * p.headDim + i;
  let angle = p.rotary_at + u32(positions[p.positions_at + row]) * p.headDim + 2u * i;
  let cosine = rotary[angle];
  let sine = p.sign * rotary[angle + 1u];
  let a = qkv[at];
  let b = qkv[at + half];
  qkv[at] = a * cosine - b * sine;
  qkv[at + half] = b * cosine + a * sine;`),
});

export function rotate(
  gpu: GpuDevice,
  { rows, heads, kvHeads, headDim, qkv, positions, rotary, inverse }: Args<'rotate'>,
): void {
  const items = (rows * (heads + kvHeads) * headDim) / 2;
  gpu.run(ROTATE, {
    params: { items, heads, kvHeads, headDim, sign: inverse ? -1 : 1 },
    buffers: { qkv, positions, rotary },
    groups: itemGroups(items),
  });
}

/** exp of a large number is infinite, and 1 / ∞ is 0, where WGSL keeps to IEEE; not all devices do. */
export const SIGMOID = `
fn sigmoid(x: f32) -> f32 { return 1.0 / (1.0 + exp(-clamp(x, -80.0, 80.0))); }`;

const SWIGLU = program({
  name: 'swiglu',
  params: { items: 'u32', inner: 'u32' },
  buffers: { gateUp: 'f32', result: 'mut f32' },
  code: `${SIGMOID}${perItem(`
  let at = p.gateUp_at + item + item / p.inner * p.inner;
  let gate = gateUp[at];
  result[p.result_at + item] = gate * sigmoid(gate) * gateUp[at + p.inner];`)}`,
});

export function swiglu(gpu: GpuDevice, { rows, inner, gateUp, out }: Args<'swiglu'>): void {
  const items = rows * inner;
  gpu.run(SWIGLU, {
    params: { items, inner },
    buffers: { gateUp, result: out },
    groups: itemGroups(items),
  });
}

const SWIGLU_BACKWARD = program({
  name: 'swiglu backward',
  params: { items: 'u32', inner: 'u32' },
  buffers: { gateUp: 'f32', dOut: 'f32', dGateUp: 'mut f32' },
  code: `${SIGMOID}${perItem(`
  let at = item + item / p.inner * p.inner;
  let gate = gateUp[p.gateUp_at + at];
  let up = gateUp[p.gateUp_at + at + p.inner];
  let s = sigmoid(gate);
  let silu = gate * s;
  let d = dOut[p.dOut_at + item];
  dGateUp[p.dGateUp_at + at] = d * up * (s + silu * (1.0 - s));
  dGateUp[p.dGateUp_at + at + p.inner] = d * silu;`)}`,
});

export function swigluBackward(
  gpu: GpuDevice,
  { rows, inner, gateUp, dOut, dGateUp }: Args<'swigluBackward'>,
): void {
  const items = rows * inner;
  gpu.run(SWIGLU_BACKWARD, {
    params: { items, inner },
    buffers: { gateUp, dOut, dGateUp },
    groups: itemGroups(items),
  });
}
