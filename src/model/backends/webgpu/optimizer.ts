/** AdamW over all parameters in two dispatches, and the moving average of the reference. */
import type { Args } from './args.ts';
import type { GpuDevice } from './device.ts';
import { total } from './reduce.ts';
import { BUILTINS, itemGroups, perItem, program, THREADS } from './program.ts';

/** Workgroups that share the sum of squares. */
const PARTS = 64;

const SQUARES = program({
  name: 'squares',
  params: { size: 'u32' },
  buffers: { gradient: 'f32', parts: 'mut f32' },
  reductions: [total(THREADS, THREADS)],
  code: `
@compute @workgroup_size(${THREADS})
fn main(${BUILTINS}) {
  var sum = 0.0;
  for (var i = group.x * ${THREADS}u + lid; i < p.size; i += ${PARTS * THREADS}u) {
    let g = gradient[p.gradient_at + i];
    sum += g * g;
  }
  let whole = total(lid, lid, sum);
  if (lid == 0u) { parts[p.parts_at + group.x] = whole; }
}`,
});

const ADAM = program({
  name: 'adamw',
  params: {
    items: 'u32',
    rate: 'f32',
    correction: 'f32',
    keep: 'f32',
    beta1: 'f32',
    beta2: 'f32',
    rest1: 'f32',
    rest2: 'f32',
    epsilon: 'f32',
    maxGradNorm: 'f32',
  },
  buffers: {
    parts: 'f32',
    gradient: 'f32',
    theta: 'mut f32',
    m: 'mut f32',
    v: 'mut f32',
    norm: 'mut f32',
  },
  code: perItem(`
  var squares = 0.0;
  for (var i = 0u; i < ${PARTS}u; i++) { squares += parts[p.parts_at + i]; }
  let length = sqrt(squares);
  if (item == 0u) { norm[p.norm_at] = length; }
  let scale = select(1.0, min(1.0, p.maxGradNorm / (length + 1e-6)), p.maxGradNorm > 0.0);
  let g = gradient[p.gradient_at + item] * scale;
  let first = p.beta1 * m[p.m_at + item] + p.rest1 * g;
  let second = p.beta2 * v[p.v_at + item] + p.rest2 * g * g;
  m[p.m_at + item] = first;
  v[p.v_at + item] = second;
  let step = p.rate * first / (sqrt(second) / p.correction + p.epsilon);
  theta[p.theta_at + item] = theta[p.theta_at + item] * p.keep - step;`),
});

/** Source: arXiv 1711.05101. */
export function adamW(
  gpu: GpuDevice,
  { size, theta, gradient, m, v, step, options, norm }: Args<'adamW'>,
): void {
  const { learningRate, beta1, beta2, epsilon, weightDecay, maxGradNorm } = options;
  const parts = gpu.scratch(PARTS);
  gpu.run(SQUARES, { params: { size }, buffers: { gradient, parts }, groups: [PARTS] });
  gpu.run(ADAM, {
    params: {
      items: size,
      rate: learningRate / (1 - beta1 ** step),
      correction: Math.sqrt(1 - beta2 ** step),
      keep: 1 - learningRate * weightDecay,
      beta1,
      beta2,
      // In float64: 1 − 0.999 has few digits in float32.
      rest1: 1 - beta1,
      rest2: 1 - beta2,
      epsilon,
      maxGradNorm,
    },
    buffers: { parts, gradient, theta, m, v, norm },
    groups: itemGroups(size),
  });
}

const ADD_SCALED = program({
  name: 'add scaled',
  params: { items: 'u32', scale: 'f32' },
  buffers: { source: 'f32', result: 'mut f32' },
  code: perItem('result[p.result_at + item] += p.scale * source[p.source_at + item];'),
});

export function addScaled(gpu: GpuDevice, { size, from, to, scale }: Args<'addScaled'>): void {
  gpu.run(ADD_SCALED, {
    params: { items: size, scale },
    buffers: { source: from, result: to },
    groups: itemGroups(size),
  });
}

const BLEND = program({
  name: 'blend',
  params: { items: 'u32', mix: 'f32' },
  buffers: { source: 'f32', result: 'mut f32' },
  code: perItem(`
  let old = result[p.result_at + item];
  let new_value = source[p.source_at + item];
  result[p.result_at + item] = p.mix * old + (1.0 - p.mix) * new_value;`),
});

export function blend(gpu: GpuDevice, { size, from, to, mix }: Args<'blend'>): void {
  gpu.run(BLEND, {
    params: { items: size, mix },
    buffers: { source: from, result: to },
    groups: itemGroups(size),
  });
}

const FILL = program({
  name: 'fill',
  params: { items: 'u32', value: 'f32' },
  buffers: { result: 'mut f32' },
  code: perItem('result[p.result_at + item] = p.value;'),
});

export function fill(gpu: GpuDevice, result: Args<'blend'>['to'], value: number): void {
  gpu.run(FILL, {
    params: { items: result.length, value },
    buffers: { result },
    groups: itemGroups(result.length),
  });
}
