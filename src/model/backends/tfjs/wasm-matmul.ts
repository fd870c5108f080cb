/**
 * The wasm backend multiplies fast only when neither operand is transposed; otherwise it falls back to
 * a naive loop. Transposing a 2-D operand first costs a copy and wins two to four times overall.
 */
import * as tf from '@tensorflow/tfjs';

type KernelInputs = tf.NamedTensorInfoMap & { a: tf.TensorInfo; b: tf.TensorInfo };

interface MatMulArgs {
  readonly inputs: KernelInputs;
  readonly attrs: { readonly transposeA: boolean; readonly transposeB: boolean };
  readonly backend: unknown;
}

type Kernel = (args: MatMulArgs) => tf.TensorInfo;

let patched = false;

/** Re-registers `BatchMatMul` on the wasm backend; does nothing the second time. */
export function patchWasmMatMul(): void {
  if (patched) return;
  patched = true;
  const { setupFunc } = tf.getKernel('BatchMatMul', 'wasm');
  const matMul = kernel('BatchMatMul');
  const transpose = kernel('Transpose') as unknown as (args: {
    inputs: { x: tf.TensorInfo };
    attrs: { perm: number[] };
    backend: unknown;
  }) => tf.TensorInfo;
  const straight = (x: tf.TensorInfo, flip: boolean, backend: unknown): tf.TensorInfo =>
    flip && isMatrix(x) ? transpose({ inputs: { x }, attrs: { perm: swapLast(x) }, backend }) : x;
  const fast: Kernel = ({ inputs, attrs, backend }) => {
    const { a, b } = inputs;
    const [flatA, flatB] = [
      straight(a, attrs.transposeA, backend),
      straight(b, attrs.transposeB, backend),
    ];
    const result = matMul({
      inputs: { a: flatA, b: flatB },
      attrs: {
        transposeA: attrs.transposeA && flatA === a,
        transposeB: attrs.transposeB && flatB === b,
      },
      backend,
    });
    const disposer = backend as { disposeData(id: object): void };
    if (flatA !== a) disposer.disposeData(flatA.dataId);
    if (flatB !== b) disposer.disposeData(flatB.dataId);
    return result;
  };
  tf.unregisterKernel('BatchMatMul', 'wasm');
  tf.registerKernel({
    kernelName: 'BatchMatMul',
    backendName: 'wasm',
    kernelFunc: fast as unknown as tf.KernelFunc,
    // Runs when the backend starts, and binds the compiled function.
    ...(setupFunc && { setupFunc }),
  });
}

function kernel(name: string): Kernel {
  return tf.getKernel(name, 'wasm').kernelFunc as unknown as Kernel;
}

/** Whether all but the last two dimensions are 1. */
function isMatrix({ shape }: tf.TensorInfo): boolean {
  return shape.slice(0, -2).every((n) => n === 1);
}

function swapLast({ shape }: tf.TensorInfo): number[] {
  const axes = shape.map((_, i) => i);
  return [...axes.slice(0, -2), axes.length - 1, axes.length - 2];
}
