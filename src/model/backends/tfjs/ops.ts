/**
 * The decoder's composite operations with their gradients written out. TensorFlow.js would record a
 * dozen small operations for each and differentiate them one by one; it also lacks some gradients on
 * the wasm backend.
 */
import * as tf from '@tensorflow/tfjs';

/** x · wᵀ for x [rows, in] and w [out, in]. */
export function linear(x: tf.Tensor2D, w: tf.Tensor2D): tf.Tensor2D {
  return tf.matMul(x, w, false, true);
}

/** RMSNorm over the last axis. x: [rows, d], w: [d]. Source: arXiv 1910.07467. */
export function rmsNorm(x: tf.Tensor2D, w: tf.Tensor1D, eps: number): tf.Tensor2D {
  const op = tf.customGrad((x, w, save) => {
    const input = x as tf.Tensor2D;
    const weight = w as tf.Tensor1D;
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(input), 1, true), eps)); // [rows, 1]
    const normal = tf.mul(input, inverse); // [rows, d]
    (save as tf.GradSaveFunc)([normal, inverse, weight]);
    return {
      value: tf.mul(normal, weight),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [n, inv, scale] = saved as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
        const dn = tf.mul(dy, scale);
        const mean = tf.mean(tf.mul(dn, n), 1, true);
        return [tf.mul(inv, tf.sub(dn, tf.mul(n, mean))), tf.sum(tf.mul(dy, n), 0)];
      },
    };
  });
  return op(x, w) as tf.Tensor2D;
}

/** cos and sin of the rotary angles, [rows, 1, headDim] each, both halves alike. */
export interface Rotary {
  readonly cos: tf.Tensor3D;
  readonly sin: tf.Tensor3D;
  /** The quarter turn that pairs the halves, [headDim, headDim]. */
  readonly turn: tf.Tensor2D;
}

/**
 * Rotary angles (rotate-half layout) for the given positions. Computed in float64 on the CPU: float32
 * sines of large angles differ between backends.
 * @param frequencies [headDim / 2] radians per position.
 */
export function rotary(positions: ArrayLike<number>, frequencies: readonly number[]): Rotary {
  const half = frequencies.length;
  const headDim = 2 * half;
  const rows = positions.length;
  const cos = new Float32Array(rows * headDim);
  const sin = new Float32Array(rows * headDim);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < half; i++) {
      const angle = positions[row]! * frequencies[i]!;
      cos[row * headDim + i] = cos[row * headDim + i + half] = Math.cos(angle);
      sin[row * headDim + i] = sin[row * headDim + i + half] = Math.sin(angle);
    }
  }
  const shape: [number, number, number] = [rows, 1, headDim];
  return {
    cos: tf.tensor3d(cos, shape),
    sin: tf.tensor3d(sin, shape),
    turn: signedPermutation(headDim),
  };
}

/** x: [rows, heads, headDim] → the same, rotated. Rotation is orthogonal: its gradient turns backwards. */
export function rotate(x: tf.Tensor3D, { cos, sin, turn }: Rotary): tf.Tensor3D {
  const op = tf.customGrad((x) => ({
    value: tf.add(tf.mul(x as tf.Tensor3D, cos), tf.mul(rotateHalf(x as tf.Tensor3D, turn), sin)),
    gradFunc: (dy: tf.Tensor) =>
      tf.sub(tf.mul(dy, cos), tf.mul(rotateHalf(dy as tf.Tensor3D, turn), sin)),
  }));
  return op(x) as tf.Tensor3D;
}

/**
 * (a, b) → (−b, a) on the halves of the last axis, as a product with a signed permutation: exact, and
 * many times faster on wasm than cutting and joining short rows.
 */
function rotateHalf(x: tf.Tensor3D, turn: tf.Tensor2D): tf.Tensor3D {
  return tf.reshape(tf.matMul(tf.reshape(x, [-1, turn.shape[0]]), turn), x.shape);
}

/** [headDim, headDim]: entry (i, j) is 1 where j takes i as it is, −1 where it takes its negative. */
function signedPermutation(headDim: number): tf.Tensor2D {
  const half = headDim / 2;
  const values = new Float32Array(headDim * headDim);
  for (let i = 0; i < half; i++) {
    values[(i + half) * headDim + i] = -1;
    values[i * headDim + i + half] = 1;
  }
  return tf.tensor2d(values, [headDim, headDim]);
}

/** silu(gate) · up, elementwise. Source: SwiGLU, arXiv 2002.05202. */
export function swiglu(gate: tf.Tensor2D, up: tf.Tensor2D): tf.Tensor2D {
  const op = tf.customGrad((gate, up, save) => {
    const g = gate as tf.Tensor2D;
    const u = up as tf.Tensor2D;
    const sigmoid = tf.sigmoid(g);
    const silu = tf.mul(g, sigmoid);
    (save as tf.GradSaveFunc)([sigmoid, silu, u]);
    return {
      value: tf.mul(silu, u),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [s, h, up] = saved as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
        // silu′ = σ + silu·(1 − σ)
        const slope = tf.add(s, tf.sub(h, tf.mul(h, s)));
        return [tf.mul(tf.mul(dy, up), slope), tf.mul(dy, h)];
      },
    };
  });
  return op(gate, up) as tf.Tensor2D;
}

/** softmax(scale · scores + bias) over the last axis; the bias is constant and broadcasts. */
export function attentionWeights(scores: tf.Tensor4D, bias: tf.Tensor, scale: number): tf.Tensor4D {
  const op = tf.customGrad((scores, save) => {
    const p = tf.softmax(tf.add(tf.mul(scores as tf.Tensor4D, scale), bias));
    (save as tf.GradSaveFunc)([p]);
    return {
      value: p,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const probabilities = saved[0]!;
        const weighted = tf.mul(dy, probabilities);
        const total = tf.sum(weighted, -1, true);
        return tf.mul(tf.sub(weighted, tf.mul(probabilities, total)), scale);
      },
    };
  });
  return op(scores) as tf.Tensor4D;
}

/**
 * Log-probability of each target and entropy of its distribution, from logits [rows, vocab].
 * Returns [2, rows]: log-probabilities, then entropies, in nats.
 */
export function logprobAndEntropy(logits: tf.Tensor2D, oneHot: tf.Tensor2D): tf.Tensor2D {
  const op = tf.customGrad((logits, save) => {
    const logs = tf.logSoftmax(logits as tf.Tensor2D); // [rows, vocab]
    const p = tf.exp(logs);
    const entropy = tf.neg(tf.sum(tf.mul(p, logs), 1)); // [rows]
    const logprob = tf.sum(tf.mul(logs, oneHot), 1);
    (save as tf.GradSaveFunc)([logs, p, entropy]);
    return {
      value: tf.stack([logprob, entropy]),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [l, probabilities, h] = saved as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
        const [dLogprob, dEntropy] = tf.unstack(dy).map((d) => tf.expandDims(d, 1)) as [
          tf.Tensor2D,
          tf.Tensor2D,
        ];
        const viaLogprob = tf.mul(dLogprob, tf.sub(oneHot, probabilities));
        const centred = tf.mul(probabilities, tf.add(l, tf.expandDims(h, 1)));
        return tf.sub(viaLogprob, tf.mul(dEntropy, centred));
      },
    };
  });
  return op(logits) as tf.Tensor2D;
}

/** float32 [rows, depth]. The wasm kernel writes integers whatever type is asked for, hence the cast. */
export function oneHotRows(ids: tf.Tensor1D, depth: number): tf.Tensor2D {
  // The library refuses a depth of 1, where there is one id only.
  if (depth === 1) return tf.ones([ids.shape[0], 1]);
  return tf.cast(tf.oneHot(ids, depth), 'float32') as tf.Tensor2D;
}

/**
 * Row i of the result is the row of x that `choice` [n, rows] marks: one-hot rows. As products both ways,
 * for on wasm a gather is slower and has no gradient.
 */
export function pickRows<T extends tf.Tensor>(x: T, choice: tf.Tensor2D): T {
  const flat = tf.reshape(x, [x.shape[0], -1]);
  return tf.reshape<tf.Rank>(tf.matMul(choice, flat), [choice.shape[0], ...x.shape.slice(1)]) as T;
}
