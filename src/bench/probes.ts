/** What TensorFlow.js does for a phase, counted, and what the machine can do by its kernels, measured. */
import * as tf from '@tensorflow/tfjs';
import type { Counts, Roofline } from './engine.ts';
import { measureRoofline, COPY_ELEMENTS, PRODUCT_SIDE } from './roofline.ts';

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
    arraysLeft: tf.memory().numTensors - before,
  };
}

function sizes(shapes: readonly (readonly number[] | null)[]): number {
  return shapes.reduce((sum, shape) => sum + (shape ? tf.util.sizeFromShape([...shape]) : 0), 0);
}

export async function tensorFlowRoofline(): Promise<Roofline> {
  const a = tf.fill([PRODUCT_SIDE, PRODUCT_SIDE], 0.5);
  const x = tf.fill([COPY_ELEMENTS], 0.5);
  const roofline = await measureRoofline({
    product: () => run(() => tf.matMul(a, a)),
    copy: () => run(() => tf.neg(x)),
  });
  tf.dispose([a, x]);
  return roofline;
}

async function run(operation: () => tf.Tensor): Promise<void> {
  const result = operation();
  // One number, so that the wait is for the work and not for a transfer.
  const one = tf.tidy(() => tf.slice(tf.reshape(result, [-1]), [0], [1]));
  await one.data();
  tf.dispose([result, one]);
}
