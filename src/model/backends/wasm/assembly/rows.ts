// Kernels that go through matrices row by row.

import { addScaled, dot, exp1, exp4, madd, sigmoid1, sigmoid4, sum4 } from './simd';

export function gatherRows(table: usize, indices: usize, rows: i32, width: i32, out: usize): void {
  const bytes = width << 2;
  for (let r = 0; r < rows; r++) {
    memory.copy(out + r * bytes, table + load<i32>(indices + (r << 2)) * bytes, bytes);
  }
}

export function gatherSum(
  from: usize,
  lists: i32,
  starts: usize,
  items: usize,
  width: i32,
  out: usize,
): void {
  const bytes = width << 2;
  for (let list = 0; list < lists; list++) {
    const to = out + list * bytes;
    const end = load<i32>(starts + ((list + 1) << 2));
    for (let i = load<i32>(starts + (list << 2)); i < end; i++) {
      addScaled(to, from + load<i32>(items + (i << 2)) * bytes, 1.0, width);
    }
  }
}

/** x += bias, row by row. */
export function addBias(rows: i32, width: i32, x: usize, bias: usize): void {
  for (let r = 0; r < rows; r++) addScaled(x + ((r * width) << 2), bias, 1.0, width);
}

/** y = x with `heads` queries and `kvHeads` keys of each row normalised; values as they are. */
export function normHeads(
  rows: i32,
  heads: i32,
  kvHeads: i32,
  headDim: i32,
  eps: f32,
  x: usize,
  weight: usize,
  y: usize,
  scale: usize,
): void {
  const ld = ((heads + 2 * kvHeads) * headDim) << 2;
  const values = ((heads + kvHeads) * headDim) << 2;
  const keys = (heads * headDim) << 2;
  const keyWeight = weight + (headDim << 2);
  for (let r = 0; r < rows; r++) {
    rmsNorm(heads, headDim, eps, x, weight, y, scale);
    rmsNorm(kvHeads, headDim, eps, x + keys, keyWeight, y + keys, scale + (heads << 2));
    memory.copy(y + values, x + values, ld - values);
    x += ld;
    y += ld;
    scale += (heads + kvHeads) << 2;
  }
}

/** dx = and dWeight +=. */
export function normHeadsBackward(
  rows: i32,
  heads: i32,
  kvHeads: i32,
  headDim: i32,
  x: usize,
  weight: usize,
  scale: usize,
  dy: usize,
  dx: usize,
  dWeight: usize,
): void {
  const ld = ((heads + 2 * kvHeads) * headDim) << 2;
  const values = ((heads + kvHeads) * headDim) << 2;
  const keys = (heads * headDim) << 2;
  const one = headDim << 2;
  for (let r = 0; r < rows; r++) {
    memory.fill(dx, 0, values);
    memory.copy(dx + values, dy + values, ld - values);
    rmsNormBackward(heads, headDim, x, weight, scale, dy, dx, dWeight);
    rmsNormBackward(kvHeads, headDim, x + keys, weight + one, scale + (heads << 2), dy + keys, dx + keys, dWeight + one);
    x += ld;
    dy += ld;
    dx += ld;
    scale += (heads + kvHeads) << 2;
  }
}

export function rmsNorm(
  rows: i32,
  width: i32,
  eps: f32,
  x: usize,
  weight: usize,
  y: usize,
  scale: usize,
): void {
  for (let r = 0; r < rows; r++) {
    const at = (r * width) << 2;
    const s: f32 = 1.0 / (Mathf.sqrt(dot(x + at, x + at, width) / (width as f32) + eps) as f32);
    store<f32>(scale + (r << 2), s);
    const factor = f32x4.splat(s);
    let i = 0;
    for (; i + 4 <= width; i += 4) {
      const offset = i << 2;
      const n = f32x4.mul(v128.load(x + at + offset), factor);
      v128.store(y + at + offset, f32x4.mul(n, v128.load(weight + offset)));
    }
    for (; i < width; i++) {
      const offset = i << 2;
      store<f32>(y + at + offset, load<f32>(x + at + offset) * s * load<f32>(weight + offset));
    }
  }
}

/** dx += and dWeight +=. */
export function rmsNormBackward(
  rows: i32,
  width: i32,
  x: usize,
  weight: usize,
  scale: usize,
  dy: usize,
  dx: usize,
  dWeight: usize,
): void {
  for (let r = 0; r < rows; r++) {
    const at = (r * width) << 2;
    const s = load<f32>(scale + (r << 2));
    const factor = f32x4.splat(s);
    let sums = f32x4.splat(0);
    let i = 0;
    for (; i + 4 <= width; i += 4) {
      const offset = at + (i << 2);
      const dyn = f32x4.mul(v128.load(dy + offset), f32x4.mul(v128.load(x + offset), factor));
      const w = dWeight + (i << 2);
      v128.store(w, f32x4.add(v128.load(w), dyn));
      sums = madd(dyn, v128.load(weight + (i << 2)), sums);
    }
    let mean = sum4(sums);
    for (; i < width; i++) {
      const offset = at + (i << 2);
      const dyn = load<f32>(dy + offset) * load<f32>(x + offset) * s;
      const w = dWeight + (i << 2);
      store<f32>(w, load<f32>(w) + dyn);
      mean += dyn * load<f32>(weight + (i << 2));
    }
    mean /= width as f32;
    // dx += s · (dy · w − n · mean)
    const pull = f32x4.splat(-mean * s);
    i = 0;
    for (; i + 4 <= width; i += 4) {
      const offset = at + (i << 2);
      const dn = f32x4.mul(v128.load(dy + offset), v128.load(weight + (i << 2)));
      const slope = madd(v128.load(x + offset), pull, dn);
      v128.store(dx + offset, madd(slope, factor, v128.load(dx + offset)));
    }
    for (; i < width; i++) {
      const offset = at + (i << 2);
      const dn = load<f32>(dy + offset) * load<f32>(weight + (i << 2));
      const slope = dn - load<f32>(x + offset) * s * mean;
      store<f32>(dx + offset, load<f32>(dx + offset) + s * slope);
    }
  }
}

/** Queries and keys in place; `sign` −1 rotates back. `rotary` is [positions, headDim / 2, 2]. */
export function rotate(
  rows: i32,
  heads: i32,
  kvHeads: i32,
  headDim: i32,
  qkv: usize,
  positions: usize,
  rotary: usize,
  sign: f32,
): void {
  const half = headDim >> 1;
  const turn = f32x4.splat(sign);
  for (let r = 0; r < rows; r++) {
    const angles = rotary + ((load<i32>(positions + (r << 2)) * headDim) << 2);
    for (let head = 0; head < heads + kvHeads; head++) {
      const at = qkv + (((r * (heads + 2 * kvHeads) + head) * headDim) << 2);
      let i = 0;
      for (; i + 4 <= half; i += 4) {
        // Pairs (cos, sin) of four angles to four cosines and four sines.
        const low = v128.load(angles + (i << 3));
        const high = v128.load(angles + (i << 3), 16);
        const cos = v128.shuffle<f32>(low, high, 0, 2, 4, 6);
        const sin = f32x4.mul(v128.shuffle<f32>(low, high, 1, 3, 5, 7), turn);
        const first = at + (i << 2);
        const second = first + (half << 2);
        const a = v128.load(first);
        const b = v128.load(second);
        v128.store(first, f32x4.sub(f32x4.mul(a, cos), f32x4.mul(b, sin)));
        v128.store(second, f32x4.add(f32x4.mul(b, cos), f32x4.mul(a, sin)));
      }
      for (; i < half; i++) {
        const cos = load<f32>(angles + (i << 3));
        const sin = load<f32>(angles + (i << 3), 4) * sign;
        const first = at + (i << 2);
        const second = first + (half << 2);
        const a = load<f32>(first);
        const b = load<f32>(second);
        store<f32>(first, a * cos - b * sin);
        store<f32>(second, b * cos + a * sin);
      }
    }
  }
}

export function swiglu(rows: i32, inner: i32, gateUp: usize, out: usize): void {
  for (let r = 0; r < rows; r++) {
    const gate = gateUp + ((r * 2 * inner) << 2);
    const up = gate + (inner << 2);
    const to = out + ((r * inner) << 2);
    let i = 0;
    for (; i + 4 <= inner; i += 4) {
      const at = i << 2;
      const g = v128.load(gate + at);
      v128.store(to + at, f32x4.mul(f32x4.mul(g, sigmoid4(g)), v128.load(up + at)));
    }
    for (; i < inner; i++) {
      const at = i << 2;
      const g = load<f32>(gate + at);
      store<f32>(to + at, g * sigmoid1(g) * load<f32>(up + at));
    }
  }
}

export function swigluBackward(
  rows: i32,
  inner: i32,
  gateUp: usize,
  dOut: usize,
  dGateUp: usize,
): void {
  const one = f32x4.splat(1.0);
  for (let r = 0; r < rows; r++) {
    const gate = gateUp + ((r * 2 * inner) << 2);
    const up = gate + (inner << 2);
    const dGate = dGateUp + ((r * 2 * inner) << 2);
    const dUp = dGate + (inner << 2);
    const from = dOut + ((r * inner) << 2);
    let i = 0;
    for (; i + 4 <= inner; i += 4) {
      const at = i << 2;
      const g = v128.load(gate + at);
      const s = sigmoid4(g);
      const silu = f32x4.mul(g, s);
      const d = v128.load(from + at);
      // silu′ = σ + silu · (1 − σ)
      const slope = madd(silu, f32x4.sub(one, s), s);
      v128.store(dGate + at, f32x4.mul(f32x4.mul(d, v128.load(up + at)), slope));
      v128.store(dUp + at, f32x4.mul(d, silu));
    }
    for (; i < inner; i++) {
      const at = i << 2;
      const g = load<f32>(gate + at);
      const s = sigmoid1(g);
      const silu = g * s;
      const d = load<f32>(from + at);
      store<f32>(dGate + at, d * load<f32>(up + at) * (s + silu * (1.0 - s)));
      store<f32>(dUp + at, d * silu);
    }
  }
}

/** Largest of a run of numbers. */
export function largest(at: usize, count: i32): f32 {
  let most = load<f32>(at);
  for (let i = 1; i < count; i++) most = max(most, load<f32>(at + (i << 2)));
  return most;
}

/** Σ exp(scale · x − shift), and the same weighted by scale · x − shift, in `weighted`. */
export function expSums(at: usize, count: i32, scale: f32, shift: f32, weighted: usize): f32 {
  const factor = f32x4.splat(scale);
  const minus = f32x4.splat(-shift);
  let sums = f32x4.splat(0);
  let products = f32x4.splat(0);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const z = madd(v128.load(at + (i << 2)), factor, minus);
    const e = exp4(z);
    sums = f32x4.add(sums, e);
    products = madd(e, z, products);
  }
  let total = sum4(sums);
  let product = sum4(products);
  for (; i < count; i++) {
    const z = load<f32>(at + (i << 2)) * scale - shift;
    const e = exp1(z);
    total += e;
    product += e * z;
  }
  store<f32>(weighted, product);
  return total;
}
