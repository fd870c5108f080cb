/**
 * Kernels that count: how often each is called, and the numbers that it must at least read and write, by
 * the shapes of its arguments. What a kernel reads again from a cache is left out, as it is when
 * TensorFlow.js's kernels are counted by their inputs and outputs.
 */
import { decodeStepwise } from '../model/fused/generate.ts';
import { GRPO_SUMS, qkvWidth, type DeviceBuffer, type CpuKernels } from '../model/fused/kernels.ts';

type Computing = keyof typeof TRAFFIC;
type ArgsOf<B extends DeviceBuffer> = { [K in Computing]: Parameters<CpuKernels<B>[K]>[0] };
type CallsOf<B extends DeviceBuffer> = { [K in Computing]: (args: ArgsOf<B>[K]) => void };
type TrafficOf<B extends DeviceBuffer> = { [K in Computing]: (args: ArgsOf<B>[K]) => number };
type Traffic<K extends keyof CpuKernels> = (args: Parameters<CpuKernels[K]>[0]) => number;

/** 4-byte numbers read and written by one call. */
const TRAFFIC = {
  gatherRows: ({ rows, width }) => 2 * rows * width,
  gatherSum: ({ lists, width }) => (lists.items.length + 2 * lists.count) * width,
  linear: ({ rows, inputs, outputs, residual }) =>
    rows * inputs + inputs * outputs + (residual ? 2 : 1) * rows * outputs,
  linearInput: ({ rows, inputs, outputs }) => rows * outputs + inputs * outputs + rows * inputs,
  linearWeight: ({ rows, inputs, outputs }) => rows * (inputs + outputs) + 2 * inputs * outputs,
  rmsNorm: ({ rows, width }) => 2 * rows * width + rows,
  rmsNormBackward: ({ rows, width }) => 4 * rows * width + rows,
  addBias: ({ rows, width }) => 2 * rows * width,
  normHeads: ({ rows, ...shape }) => rows * (2 * qkvWidth(shape) + shape.heads + shape.kvHeads),
  normHeadsBackward: ({ rows, ...shape }) =>
    rows * (3 * qkvWidth(shape) + shape.heads + shape.kvHeads),
  rotate: ({ rows, heads, kvHeads, headDim }) => 2 * rows * (heads + kvHeads) * headDim,
  attention: ({ sequences: { rows }, heads, kvHeads, headDim }) =>
    rows * (2 * (heads + kvHeads) * headDim + heads),
  attentionBackward: ({ sequences: { rows }, heads, kvHeads, headDim }) =>
    rows * (4 * (heads + kvHeads) * headDim + heads),
  swiglu: ({ rows, inner }) => 3 * rows * inner,
  swigluBackward: ({ rows, inner }) => 5 * rows * inner,
  score: ({ rows, hiddenSize, vocabSize }) => (rows + vocabSize) * hiddenSize + 4 * rows,
  scoreBackward: ({ rows, hiddenSize, vocabSize, dHead }) =>
    (2 * rows + (dHead ? 3 : 1) * vocabSize) * hiddenSize + 6 * rows,
  grpo: ({ tokens, sequences, reference }) =>
    (reference ? 7 : 6) * tokens + (2 + GRPO_SUMS) * sequences,
  // The norm is a pass of its own, since it decides how the others go.
  adamW: ({ size }) => 8 * size,
  addScaled: ({ size }) => 3 * size,
  blend: ({ size }) => 3 * size,
  // Each row looks at its whole cache; prompts shared by rows are read once.
  attendStep: ({ rows, heads, kvHeads, headDim, promptQkv, time }) =>
    ((2 * kvHeads) / (heads + 2 * kvHeads)) * promptQkv.length +
    rows * headDim * (kvHeads * (2 * time + 4) + 2 * heads),
  sampleTokens: ({ rows, vocabSize }) => rows * (vocabSize + 3),
} as const satisfies { [K in keyof CpuKernels]?: Traffic<K> };

export interface KernelCounts {
  calls: number;
  bytes: number;
}

/** Counts into `counts` whatever `kernels` are asked to compute. */
export function countingKernels<B extends DeviceBuffer>(
  kernels: CpuKernels<B>,
  counts: KernelCounts,
): CpuKernels<B> {
  const calls: CallsOf<B> = kernels;
  const traffic: TrafficOf<B> = TRAFFIC;
  const counted =
    <K extends Computing>(name: K) =>
    (args: ArgsOf<B>[K]): void => {
      counts.calls += 1;
      counts.bytes += 4 * traffic[name](args);
      calls[name](args);
    };
  const counting: CpuKernels<B> = {
    ...storageOf(kernels),
    fill: (buffer, value) => {
      counts.calls += 1;
      counts.bytes += 4 * buffer.length;
      kernels.fill(buffer, value);
    },
    gatherRows: counted('gatherRows'),
    gatherSum: counted('gatherSum'),
    linear: counted('linear'),
    linearInput: counted('linearInput'),
    linearWeight: counted('linearWeight'),
    rmsNorm: counted('rmsNorm'),
    rmsNormBackward: counted('rmsNormBackward'),
    addBias: counted('addBias'),
    normHeads: counted('normHeads'),
    normHeadsBackward: counted('normHeadsBackward'),
    rotate: counted('rotate'),
    attention: counted('attention'),
    attentionBackward: counted('attentionBackward'),
    swiglu: counted('swiglu'),
    swigluBackward: counted('swigluBackward'),
    score: counted('score'),
    scoreBackward: counted('scoreBackward'),
    grpo: counted('grpo'),
    adamW: counted('adamW'),
    addScaled: counted('addScaled'),
    blend: counted('blend'),
    attendStep: counted('attendStep'),
    sampleTokens: counted('sampleTokens'),
    generate: (args) => decodeStepwise(counting, args),
  };
  return counting;
}

/** What only stores, handed on. */
function storageOf<B extends DeviceBuffer>(kernels: CpuKernels<B>) {
  return {
    allocate: (length: number) => kernels.allocate(length),
    free: (buffer: B) => kernels.free(buffer),
    scratch: (length: number) => kernels.scratch(length),
    upload: (values: Float32Array | Int32Array) => kernels.upload(values),
    part: (buffer: B, offset: number, length: number) => kernels.part(buffer, offset, length),
    write: (buffer: B, values: Float32Array | Int32Array) => kernels.write(buffer, values),
    read: (buffer: B) => kernels.read(buffer),
    end: () => kernels.end(),
    memory: () => kernels.memory(),
    warmUp: (calls: () => void) => kernels.warmUp(calls),
    dispose: () => kernels.dispose(),
    floats: (buffer: B) => kernels.floats(buffer),
    ints: (buffer: B) => kernels.ints(buffer),
  } satisfies Partial<CpuKernels<B>>;
}
