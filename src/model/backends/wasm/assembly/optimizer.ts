// AdamW over all parameters at once. Source: arXiv 1711.05101, in the order of `torch.optim.AdamW`.

import { addScaled, madd } from './simd';

/** Σ x², summed in float64 by blocks. */
export function sumOfSquares(x: usize, count: i32): f64 {
  let total: f64 = 0;
  let i = 0;
  while (i + 4 <= count) {
    const end = min(count, i + 4096);
    let sums = f32x4.splat(0);
    for (; i + 4 <= end; i += 4) {
      const v = v128.load(x + (i << 2));
      sums = madd(v, v, sums);
    }
    total += f32x4.extract_lane(sums, 0) as f64;
    total += f32x4.extract_lane(sums, 1) as f64;
    total += f32x4.extract_lane(sums, 2) as f64;
    total += f32x4.extract_lane(sums, 3) as f64;
  }
  for (; i < count; i++) {
    const v = load<f32>(x + (i << 2)) as f64;
    total += v * v;
  }
  return total;
}

/** `rate` is corrected for the first moment, `correction` divides the root of the second. */
export function adamW(
  count: i32,
  theta: usize,
  gradient: usize,
  m: usize,
  v: usize,
  clip: f32,
  beta1: f32,
  beta2: f32,
  rate: f32,
  correction: f32,
  epsilon: f32,
  keep: f32,
): void {
  const inverse: f32 = 1.0 / correction;
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const at = i << 2;
    const g = f32x4.mul(v128.load(gradient + at), f32x4.splat(clip));
    const first = madd(
      v128.load(m + at),
      f32x4.splat(beta1),
      f32x4.mul(g, f32x4.splat((1.0 as f32) - beta1)),
    );
    const second = madd(
      v128.load(v + at),
      f32x4.splat(beta2),
      f32x4.mul(f32x4.mul(g, g), f32x4.splat((1.0 as f32) - beta2)),
    );
    v128.store(m + at, first);
    v128.store(v + at, second);
    const root = madd(f32x4.sqrt(second), f32x4.splat(inverse), f32x4.splat(epsilon));
    const update = f32x4.div(f32x4.mul(first, f32x4.splat(rate)), root);
    const decayed = f32x4.mul(v128.load(theta + at), f32x4.splat(keep));
    v128.store(theta + at, f32x4.sub(decayed, update));
  }
  for (; i < count; i++) {
    const at = i << 2;
    const g = load<f32>(gradient + at) * clip;
    const first = beta1 * load<f32>(m + at) + ((1.0 as f32) - beta1) * g;
    const second = beta2 * load<f32>(v + at) + ((1.0 as f32) - beta2) * g * g;
    store<f32>(m + at, first);
    store<f32>(v + at, second);
    const update = (rate * first) / (Mathf.sqrt(second) * inverse + epsilon);
    store<f32>(theta + at, load<f32>(theta + at) * keep - update);
  }
}

/** to += scale · from. */
export function addVector(count: i32, from: usize, to: usize, scale: f32): void {
  addScaled(to, from, scale, count);
}

/** to = mix · to + (1 − mix) · from. */
export function blend(count: i32, from: usize, to: usize, mix: f32): void {
  for (let i = 0; i < count; i++) {
    const at = i << 2;
    const value = mix * load<f32>(to + at) + ((1.0 as f32) - mix) * load<f32>(from + at);
    store<f32>(to + at, value);
  }
}

export function fill(count: i32, to: usize, value: f32): void {
  for (let i = 0; i < count; i++) store<f32>(to + (i << 2), value);
}
