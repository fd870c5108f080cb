// Matrix products of float32, row-major with row strides `ld` in numbers.
//
// B is packed into panels of eight columns, [panel][depth][8], the last one padded with zeros, so that
// the inner loop reads memory in one direction. A tile of 4 × 8 results stays in registers.

import { madd } from './simd';

export const PANEL: i32 = 8;

/** What a product does with what stands in C. */
export const OVERWRITE: i32 = 0;
export const ACCUMULATE: i32 = 1;

/** Products of a causal mask, where row r belongs to column r. */
export const FULL: i32 = 0;
/** Columns beyond the diagonal are not wanted. */
export const LOWER_COLUMNS: i32 = 1;
/** A is zero beyond the diagonal. */
export const LOWER_DEPTH: i32 = 2;

/** Numbers that a packed matrix takes. */
export function packedSize(depth: i32, columns: i32): i32 {
  return ((columns + PANEL - 1) / PANEL) * PANEL * depth;
}

/** Packs B where b(d, c) stands at source[d · ld + c]: row by row, as the source lies. */
export function packRows(source: usize, ld: i32, depth: i32, columns: i32, to: usize): void {
  const whole = columns & ~(PANEL - 1);
  const rest = columns - whole;
  const step = (depth * PANEL) << 2;
  for (let d = 0; d < depth; d++) {
    const from = source + ((d * ld) << 2);
    let at = to + ((d * PANEL) << 2);
    for (let c = 0; c < whole; c += PANEL) {
      v128.store(at, v128.load(from + (c << 2)));
      v128.store(at, v128.load(from + (c << 2), 16), 16);
      at += step;
    }
    if (rest) packRest(from + (whole << 2), rest, PANEL, at);
  }
}

/** The last columns of a row, and zeros up to `width`. */
function packRest(from: usize, count: i32, width: i32, to: usize): void {
  for (let i = 0; i < width; i++) {
    store<f32>(to + (i << 2), i < count ? load<f32>(from + (i << 2)) : 0);
  }
}

/** Packs B where b(d, c) stands at source[c · ld + d]. */
export function packColumns(source: usize, ld: i32, depth: i32, columns: i32, to: usize): void {
  const step = ld << 2;
  for (let c = 0; c < columns; c += PANEL) {
    const width = min(PANEL, columns - c);
    for (let i = 0; i < PANEL; i++) {
      let at = to + (i << 2);
      if (i < width) {
        let from = source + (c + i) * step;
        for (let d = 0; d < depth; d++) {
          store<f32>(at, load<f32>(from));
          from += 4;
          at += PANEL << 2;
        }
      } else {
        for (let d = 0; d < depth; d++) {
          store<f32>(at, 0);
          at += PANEL << 2;
        }
      }
    }
    to += (depth * PANEL) << 2;
  }
}

/** Where a tile that does not fit into C is written first. */
const spill = memory.data(4 * 8 * 4, 16);

/** One tile: rows a0 … a3 with their numbers `stepA` bytes apart, one panel, `depth` deep. */
// @ts-ignore: decorator
@inline
function tile(
  a0: usize,
  a1: usize,
  a2: usize,
  a3: usize,
  stepA: i32,
  panel: usize,
  depth: i32,
  c: usize,
  ldc: i32,
  residual: usize,
  ldr: i32,
): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  for (let d = 0; d < depth; d++) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    let a = v128.load32_splat(a0);
    c00 = madd(a, b0, c00);
    c01 = madd(a, b1, c01);
    a = v128.load32_splat(a1);
    c10 = madd(a, b0, c10);
    c11 = madd(a, b1, c11);
    a = v128.load32_splat(a2);
    c20 = madd(a, b0, c20);
    c21 = madd(a, b1, c21);
    a = v128.load32_splat(a3);
    c30 = madd(a, b0, c30);
    c31 = madd(a, b1, c31);
    panel += PANEL << 2;
    a0 += stepA;
    a1 += stepA;
    a2 += stepA;
    a3 += stepA;
  }
  if (residual) {
    c00 = f32x4.add(c00, v128.load(residual));
    c01 = f32x4.add(c01, v128.load(residual, 16));
    residual += ldr;
    c10 = f32x4.add(c10, v128.load(residual));
    c11 = f32x4.add(c11, v128.load(residual, 16));
    residual += ldr;
    c20 = f32x4.add(c20, v128.load(residual));
    c21 = f32x4.add(c21, v128.load(residual, 16));
    residual += ldr;
    c30 = f32x4.add(c30, v128.load(residual));
    c31 = f32x4.add(c31, v128.load(residual, 16));
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += ldc;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += ldc;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += ldc;
  v128.store(c, c30);
  v128.store(c, c31, 16);
}

/** A tile at the edge of C: `rows` × `columns` of it count. */
function edgeTile(
  a: usize,
  lda: i32,
  stepA: i32,
  panel: usize,
  depth: i32,
  c: usize,
  ldc: i32,
  residual: usize,
  rows: i32,
  columns: i32,
): void {
  // Rows that are not there repeat the last one.
  const a1 = a + lda * min(1, rows - 1);
  const a2 = a + lda * min(2, rows - 1);
  const a3 = a + lda * min(3, rows - 1);
  tile(a, a1, a2, a3, stepA, panel, depth, spill, PANEL << 2, 0, 0);
  for (let r = 0; r < rows; r++) {
    const from = spill + ((r * PANEL) << 2);
    const to = c + r * ldc;
    const extra = residual + r * ldc;
    for (let i = 0; i < columns; i++) {
      const value = load<f32>(from + (i << 2));
      store<f32>(to + (i << 2), residual ? value + load<f32>(extra + (i << 2)) : value);
    }
  }
}

/** Bytes of A that are gone through panel by panel before the next rows are taken. */
const ROWS_BYTES: i32 = 12 * 1024;

/**
 * C [rows, columns] = A [rows, depth] · B (packed), plus `residual`, which lies like C, if it is not 0.
 * With ACCUMULATE the residual is C itself.
 */
export function multiply(
  a: usize,
  lda: i32,
  packed: usize,
  c: usize,
  ldc: i32,
  rows: i32,
  columns: i32,
  depth: i32,
  residual: usize,
  mask: i32,
): void {
  const strideA = lda << 2;
  const strideC = ldc << 2;
  const block = max(4, (ROWS_BYTES / (depth << 2)) & ~3);
  for (let first = 0; first < rows; first += block) {
    const last = min(rows, first + block);
    for (let column = 0; column < columns; column += PANEL) {
      const width = min(PANEL, columns - column);
      const panel = packed + ((column * depth) << 2);
      for (let row = first; row < last; row += 4) {
        const height = min(4, last - row);
        if (mask == LOWER_COLUMNS && column >= row + height) continue;
        const deep = mask == LOWER_DEPTH ? min(depth, row + height) : depth;
        const at = a + row * strideA;
        const to = c + row * strideC + (column << 2);
        const extra = residual ? residual + row * strideC + (column << 2) : 0;
        if (height == 4 && width == PANEL) {
          const a1 = at + strideA;
          const a2 = a1 + strideA;
          tile(at, a1, a2, a2 + strideA, 4, panel, deep, to, strideC, extra, strideC);
        } else {
          edgeTile(at, strideA, 4, panel, deep, to, strideC, extra, height, width);
        }
      }
    }
  }
}

/**
 * Rows summed over before C is touched again, so that their packed copies stay in the nearest caches. No
 * power of two: panels would fall on the same lines of the cache.
 */
const DEPTH_BLOCK: i32 = 122;

/** Numbers of work space that `multiplyTransposed` needs. */
export function transposedSpace(rows: i32, columns: i32): i32 {
  return DEPTH_BLOCK * (((rows + 3) & ~3) + ((columns + 7) & ~7));
}

/** C [rows, columns] += Aᵀ·B, A [depth, rows] and B [depth, columns] row-major. */
export function multiplyTransposed(
  a: usize,
  lda: i32,
  b: usize,
  ldb: i32,
  c: usize,
  ldc: i32,
  rows: i32,
  columns: i32,
  depth: i32,
  space: usize,
): void {
  const strideC = ldc << 2;
  const packedB = space + ((DEPTH_BLOCK * ((rows + 3) & ~3)) << 2);
  for (let first = 0; first < depth; first += DEPTH_BLOCK) {
    const deep = min(DEPTH_BLOCK, depth - first);
    packFours(a + ((first * lda) << 2), lda, deep, rows, space);
    packRows(b + ((first * ldb) << 2), ldb, deep, columns, packedB);
    for (let row = 0; row < rows; row += 4) {
      const height = min(4, rows - row);
      const at = space + ((row * deep) << 2);
      for (let column = 0; column < columns; column += PANEL) {
        const width = min(PANEL, columns - column);
        const panel = packedB + ((column * deep) << 2);
        const to = c + row * strideC + (column << 2);
        if (height == 4 && width == PANEL) {
          tile(at, at + 4, at + 8, at + 12, 16, panel, deep, to, strideC, to, strideC);
        } else {
          edgeTile(at, 4, 16, panel, deep, to, strideC, to, height, width);
        }
      }
    }
  }
}

/** Packs columns of A in fours, [four][depth][4], the last one padded with zeros. */
function packFours(source: usize, ld: i32, depth: i32, columns: i32, to: usize): void {
  const whole = columns & ~3;
  const rest = columns - whole;
  const step = depth << 4;
  for (let d = 0; d < depth; d++) {
    const from = source + ((d * ld) << 2);
    let at = to + (d << 4);
    for (let c = 0; c < whole; c += 4) {
      v128.store(at, v128.load(from + (c << 2)));
      at += step;
    }
    if (rest) packRest(from + (whole << 2), rest, 4, at);
  }
}
