/** Biases of queries, keys and values, and norms of queries and keys: rows of heads. */
import { qkvWidth } from '../../fused/kernels.ts';
import type { Args } from './args.ts';
import type { GpuDevice } from './device.ts';
import { addParts } from './parts.ts';
import { itemGroups, perItem, program } from './program.ts';

const ADD_BIAS = program({
  name: 'add bias',
  params: { items: 'u32', width: 'u32' },
  buffers: { bias: 'f32', x: 'mut f32' },
  code: perItem('x[p.x_at + item] += bias[p.bias_at + item % p.width];'),
});

export function addBias(gpu: GpuDevice, { rows, width, x, bias }: Args<'addBias'>): void {
  const items = rows * width;
  gpu.run(ADD_BIAS, { params: { items, width }, buffers: { bias, x }, groups: itemGroups(items) });
}

/** The head of a thread, where it begins, and which scale and weight are its own. Values come last. */
const HEAD = `
  let normed = p.heads + p.kvHeads;
  let slots = normed + p.kvHeads;
  let row = item / slots;
  let slot = item % slots;
  let at = item * p.headDim;
  let own = row * normed + slot;
  let norm = select(0u, p.headDim, slot >= p.heads);`;

const SHAPE = { items: 'u32', heads: 'u32', kvHeads: 'u32', headDim: 'u32' } as const;

const NORM_HEADS = program({
  name: 'norm heads',
  params: { ...SHAPE, eps: 'f32' },
  buffers: { x: 'f32', weight: 'f32', y: 'mut f32', scale: 'mut f32' },
  code: perItem(`${HEAD}
  if (slot >= normed) {
    for (var i = at; i < at + p.headDim; i++) { y[p.y_at + i] = x[p.x_at + i]; }
    return;
  }
  var squares = 0.0;
  for (var i = at; i < at + p.headDim; i++) { squares += x[p.x_at + i] * x[p.x_at + i]; }
  let s = inverseSqrt(squares / f32(p.headDim) + p.eps);
  for (var i = 0u; i < p.headDim; i++) {
    y[p.y_at + at + i] = x[p.x_at + at + i] * s * weight[p.weight_at + norm + i];
  }
  scale[p.scale_at + own] = s;`),
});

export function normHeads(
  gpu: GpuDevice,
  { rows, eps, x, weight, y, scale, ...shape }: Args<'normHeads'>,
): void {
  const { heads, kvHeads, headDim } = shape;
  const items = (rows * qkvWidth(shape)) / headDim;
  gpu.run(NORM_HEADS, {
    params: { items, heads, kvHeads, headDim, eps },
    buffers: { x, weight, y, scale },
    groups: itemGroups(items),
  });
}

const NORM_HEADS_BACKWARD = program({
  name: 'norm heads backward',
  params: SHAPE,
  buffers: { x: 'f32', weight: 'f32', scale: 'f32', dy: 'f32', dx: 'mut f32' },
  code: perItem(`${HEAD}
  if (slot >= normed) {
    for (var i = at; i < at + p.headDim; i++) { dx[p.dx_at + i] = dy[p.dy_at + i]; }
    return;
  }
  let s = scale[p.scale_at + own];
  var mean = 0.0;
  for (var i = 0u; i < p.headDim; i++) {
    mean += dy[p.dy_at + at + i] * weight[p.weight_at + norm + i] * x[p.x_at + at + i] * s;
  }
  mean /= f32(p.headDim);
  for (var i = 0u; i < p.headDim; i++) {
    let through = dy[p.dy_at + at + i] * weight[p.weight_at + norm + i];
    dx[p.dx_at + at + i] = s * (through - x[p.x_at + at + i] * s * mean);
  }`),
});

/** Rows whose part of the weights' gradient one thread adds up. */
const CHUNK = 32;

const NORM_WEIGHTS = program({
  name: 'norm heads backward, weights',
  params: { ...SHAPE, rows: 'u32' },
  buffers: { x: 'f32', scale: 'f32', dy: 'f32', parts: 'mut f32' },
  code: perItem(`
  let normed = p.heads + p.kvHeads;
  let slots = normed + p.kvHeads;
  let chunk = item / (2u * p.headDim);
  let isKey = item / p.headDim % 2u == 1u;
  let column = item % p.headDim;
  let firstHead = select(0u, p.heads, isKey);
  let endHead = select(p.heads, normed, isKey);
  var sum = 0.0;
  for (var row = chunk * ${CHUNK}u; row < min((chunk + 1u) * ${CHUNK}u, p.rows); row++) {
    for (var head = firstHead; head < endHead; head++) {
      let at = (row * slots + head) * p.headDim + column;
      sum += dy[p.dy_at + at] * x[p.x_at + at] * scale[p.scale_at + row * normed + head];
    }
  }
  parts[p.parts_at + item] = sum;`),
});

export function normHeadsBackward(
  gpu: GpuDevice,
  { rows, x, weight, scale, dy, dx, dWeight, ...shape }: Args<'normHeadsBackward'>,
): void {
  const { heads, kvHeads, headDim } = shape;
  const items = (rows * qkvWidth(shape)) / headDim;
  gpu.run(NORM_HEADS_BACKWARD, {
    params: { items, heads, kvHeads, headDim },
    buffers: { x, weight, scale, dy, dx },
    groups: itemGroups(items),
  });
  const [count, size] = [Math.ceil(rows / CHUNK), 2 * headDim];
  const parts = gpu.scratch(count * size);
  gpu.run(NORM_WEIGHTS, {
    params: { items: count * size, heads, kvHeads, headDim, rows },
    buffers: { x, scale, dy, parts },
    groups: itemGroups(count * size),
  });
  addParts(gpu, { parts, count, size, to: dWeight });
}
