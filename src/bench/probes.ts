/** What TensorFlow.js does for a phase, counted, and what this machine could do, measured. */
import * as tf from '@tensorflow/tfjs';

/** One training step, or one sampling of all prompts. */
export interface Counts {
  /** Kernels that compute; views such as a reshape are free on every backend. */
  readonly kernels: number;
  /** Read and written by those kernels. */
  readonly bytesMoved: number;
  /** Alive at once. */
  readonly peakBytes: number;
  /** Alive afterwards that were not before. */
  readonly tensorsLeft: number;
}

const VIEWS = new Set(['Reshape', 'Identity', 'ExpandDims']);

export async function countPhase(phase: () => Promise<unknown>): Promise<Counts> {
  // The profiler would read every result back to look for NaN.
  tf.env().set('CHECK_COMPUTATION_FOR_ERRORS', false);
  const before = tf.memory().numTensors;
  const { kernels, peakBytes } = await tf.profile(async () => {
    await phase();
    return [];
  });
  const computing = kernels.filter(({ name }) => !VIEWS.has(name));
  const elements = computing.reduce((sum, { inputShapes, outputShapes }) => {
    return sum + sizes(inputShapes) + sizes(outputShapes);
  }, 0);
  return {
    kernels: computing.length,
    bytesMoved: 4 * elements,
    peakBytes,
    tensorsLeft: tf.memory().numTensors - before,
  };
}

function sizes(shapes: readonly (readonly number[] | null)[]): number {
  return shapes.reduce((sum, shape) => sum + (shape ? tf.util.sizeFromShape([...shape]) : 0), 0);
}

export interface Floor {
  /** GFLOP/s of a 512³ product of matrices. */
  readonly product: number;
  /** GB/s read and written by an elementwise operation on 16 MB. */
  readonly copy: number;
}

const SIDE = 512;
const ELEMENTS = 2 ** 22;
const TRIES = 5;

/** The best of a few tries: what the machine can do when it is left alone. */
export async function measureFloor(): Promise<Floor> {
  const a = tf.fill([SIDE, SIDE], 0.5);
  const x = tf.fill([ELEMENTS], 0.5);
  const product = await fastest(() => tf.matMul(a, a));
  const copy = await fastest(() => tf.neg(x));
  tf.dispose([a, x]);
  return { product: (2 * SIDE ** 3) / product / 1e6, copy: (2 * 4 * ELEMENTS) / copy / 1e6 };
}

async function fastest(operation: () => tf.Tensor): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i <= TRIES; i++) {
    const began = performance.now();
    const result = operation();
    // One number, so that the wait is for the work and not for a transfer.
    const one = tf.tidy(() => tf.slice(tf.reshape(result, [-1]), [0], [1]));
    await one.data();
    times.push(performance.now() - began);
    tf.dispose([result, one]);
  }
  // The first try compiles and allocates.
  return Math.min(...times.slice(1));
}
