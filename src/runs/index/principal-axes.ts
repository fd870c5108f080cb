/** The first principal components of a cloud of vectors, found so that they move little between clouds. */

export type Vector = Float32Array | Float64Array;

export interface Principal {
  /** Of length 1, orthogonal to each other. */
  readonly axes: readonly Float64Array[];
  readonly mean: Float64Array;
  /** Of the variance, per axis. */
  readonly explained: readonly number[];
}

const AXES = 2;
/** Power iterations from the axes of the cloud before, which are nearly right; and from nowhere. */
const WARM = 32;
const COLD = 256;

/** @param before the axes of the cloud before, empty where there is none. */
export function principalAxes(
  vectors: readonly Vector[],
  before: readonly Float64Array[],
): Principal {
  const dimension = vectors[0]?.length ?? 0;
  const mean = meanOf(vectors, dimension);
  const covariance = covarianceOf(vectors, mean);
  const axes: Float64Array[] = [];
  for (let a = 0; a < AXES; a++) {
    const start = before[a]?.length === dimension ? before[a]! : arbitrary(dimension, a);
    const iterations = before.length > 0 ? WARM : COLD;
    axes.push(oriented(dominant(covariance, { start, iterations, apart: axes }), before));
  }
  return { axes, mean, explained: axes.map((axis) => share(covariance, axis)) };
}

function meanOf(vectors: readonly Vector[], dimension: number): Float64Array {
  const mean = new Float64Array(dimension);
  for (const vector of vectors) {
    for (let i = 0; i < dimension; i++) mean[i]! += vector[i]! / vectors.length;
  }
  return mean;
}

/** [dimension, dimension]; embeddings are sparse, and what is 0 in them needs no work before centering. */
function covarianceOf(vectors: readonly Vector[], mean: Float64Array): Float64Array {
  const n = mean.length;
  const sums = new Float64Array(n * n);
  const there = new Int32Array(n);
  for (const vector of vectors) {
    let count = 0;
    for (let i = 0; i < n; i++) if (vector[i] !== 0) there[count++] = i;
    for (let a = 0; a < count; a++) {
      const row = there[a]! * n;
      const value = vector[there[a]!]!;
      for (let b = 0; b < count; b++) sums[row + there[b]!]! += value * vector[there[b]!]!;
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      sums[i * n + j] = sums[i * n + j]! / vectors.length - mean[i]! * mean[j]!;
    }
  }
  return sums;
}

interface Iteration {
  readonly start: Float64Array;
  readonly iterations: number;
  /** Axes that it must be orthogonal to. */
  readonly apart: readonly Float64Array[];
}

/** Where nothing varies, the axis stays what it was. */
function dominant(covariance: Float64Array, { start, iterations, apart }: Iteration): Float64Array {
  let axis = unit(orthogonal(start, apart)) ?? start;
  for (let i = 0; i < iterations; i++) {
    const next = unit(orthogonal(times(covariance, axis), apart));
    if (next === null) return axis;
    axis = next;
  }
  return axis;
}

/** Axes have no sign of their own: this one points along the axis before that it resembles most. */
function oriented(axis: Float64Array, before: readonly Float64Array[]): Float64Array {
  const alike = before.map((other) => dot(axis, other));
  const most = alike.reduce((best, one) => (Math.abs(one) > Math.abs(best) ? one : best), 0);
  return most < 0 ? axis.map((value) => -value) : axis;
}

function share(covariance: Float64Array, axis: Float64Array): number {
  const n = axis.length;
  let total = 0;
  for (let i = 0; i < n; i++) total += covariance[i * n + i]!;
  return total > TINY ? dot(times(covariance, axis), axis) / total : 0;
}

/** Below it, variance is rounding. */
const TINY = 1e-12;

export function dot(a: Vector, b: Vector): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function times(matrix: Float64Array, vector: Float64Array): Float64Array {
  const n = vector.length;
  return vector.map((_, i) => dot(matrix.subarray(i * n, (i + 1) * n), vector));
}

function orthogonal(vector: Float64Array, others: readonly Float64Array[]): Float64Array {
  const rest = vector.slice();
  for (const other of others) {
    const along = dot(rest, other);
    for (let i = 0; i < rest.length; i++) rest[i]! -= along * other[i]!;
  }
  return rest;
}

/** Null where there is no direction. */
function unit(vector: Float64Array): Float64Array | null {
  const length = Math.sqrt(dot(vector, vector));
  return length > TINY ? vector.map((value) => value / length) : null;
}

/** Unlikely to be orthogonal to anything that matters. */
function arbitrary(dimension: number, salt: number): Float64Array {
  return new Float64Array(dimension).map((_, i) => Math.sin((i + 1) * (salt + 1)));
}
