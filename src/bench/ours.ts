/** The app's own engines, through the interface that the algorithm uses. */
import type { BackendName } from '../model/backend.ts';
import { startEngine, type EngineOptions } from '../model/engine.ts';
import type { AdamWOptions, SftBatch, SampleRequest } from '../model/policy.ts';
import type {
  Engine,
  Counts,
  PreparedEngine,
  Roofline,
  Phase,
  SampleWork,
  TrainWork,
  Workload,
} from './engine.ts';
import { kernelRoofline } from './roofline.ts';
import { createSoak } from './soak.ts';

type Start = Omit<EngineOptions, 'requested'>;
type Extras = Pick<PreparedEngine, 'count' | 'roofline'>;

export const oursWasm: Engine = {
  id: 'ours-wasm',
  label: 'ExIt Lab, wasm',
  prepare: (workload) =>
    createEngine('wasm', workload, {
      count: (phase) => countOnWasm(workload, phase),
      roofline: wasmRoofline,
    }),
};

/** Two holders of the weights, each in a worker of its own, on as many cores. */
export function oursOnTwo(openReplica: NonNullable<Start['openReplica']>): Engine {
  return {
    id: 'ours-wasm-2',
    label: 'ExIt Lab, wasm, 2 replicas',
    prepare: (workload) => createEngine('wasm', workload, {}, { replicas: 2, openReplica }),
  };
}

/** For graphics hardware that stands ready. */
export const oursWebgpu: Engine = {
  id: 'ours-webgpu',
  label: 'ExIt Lab, WebGPU',
  prepare: (workload) => createEngine('webgpu', workload, { roofline: webgpuRoofline }),
};

/** The same policy in TensorFlow.js's operations, with gradients and optimizer of our own. */
export function tensorFlowWasm(start: Start = {}): Engine {
  return {
    id: 'tfjs-wasm',
    label: 'ExIt Lab on TensorFlow.js, wasm',
    prepare: (workload) => createTensorFlowEngine('tfjs-wasm', workload, start),
  };
}

/** For graphics hardware that stands ready. */
export const tensorFlowWebgpu: Engine = {
  id: 'tfjs-webgpu',
  label: 'ExIt Lab on TensorFlow.js, WebGPU',
  prepare: (workload) => createTensorFlowEngine('tfjs-webgpu', workload),
};

async function createEngine(
  requested: BackendName,
  { config, weights, train, sample }: Workload,
  extras: Extras = {},
  start: Start = {},
): Promise<PreparedEngine> {
  const engine = await startEngine({ ...start, requested });
  const policy = await engine.from({ config, weights });
  const adam = adamOf(train);
  const batch = supervised(train);
  const request = requestOf(sample);
  const soakStep = createSoak(policy);
  return {
    ...extras,
    train: async () => (await policy.sftStep(batch, adam)).loss,
    sample: async () => (await policy.sample(request)).tokens,
    soak: async (steps) => {
      for (let step = 0; step < steps; step++) await soakStep();
      return engine.memory();
    },
    dispose: () => {
      policy.dispose();
      engine.dispose();
    },
  };
}

async function createTensorFlowEngine(
  requested: BackendName,
  workload: Workload,
  start?: Start,
): Promise<PreparedEngine> {
  const { countPhase } = await import('./probes.ts');
  const engine = await createEngine(requested, workload, {}, start);
  return { ...engine, count: (phase) => countPhase(async () => engine[phase]?.()) };
}

/** One pass of a phase on kernels of its own, which are counted. */
async function countOnWasm(workload: Workload, phase: Phase): Promise<Counts> {
  const [{ WasmKernels }, { FusedPolicy }, { countingKernels }] = await Promise.all([
    import('../model/backends/wasm/wasm-kernels.ts'),
    import('../model/fused/fused-policy.ts'),
    import('./traffic.ts'),
  ]);
  const kernels = new WasmKernels();
  const counts = { calls: 0, bytes: 0 };
  const policy = FusedPolicy.from(countingKernels(kernels, counts), workload);
  const { buffers: blocks } = kernels.memory();
  const { train, sample } = workload;
  if (phase === 'train') await policy.sftStep(supervised(train), adamOf(train));
  else await policy.sample(requestOf(sample));
  const after = kernels.memory();
  policy.dispose();
  kernels.dispose();
  return {
    kernels: counts.calls,
    bytesMoved: counts.bytes,
    peakBytes: after.bytes,
    arraysLeft: after.buffers - blocks,
  };
}

async function wasmRoofline(): Promise<Roofline> {
  const { WasmKernels } = await import('../model/backends/wasm/wasm-kernels.ts');
  const kernels = new WasmKernels();
  const roofline = await kernelRoofline(kernels);
  kernels.dispose();
  return roofline;
}

/** On the device that stands ready; its kernels are not disposed of, since they may share it. */
async function webgpuRoofline(): Promise<Roofline> {
  const [{ graphicsDevice }, { WebGpuKernels }] = await Promise.all([
    import('../model/backends/tfjs/backend.ts'),
    import('../model/backends/webgpu/webgpu-kernels.ts'),
  ]);
  return kernelRoofline(new WebGpuKernels(graphicsDevice()));
}

function adamOf({ learningRate, beta1, beta2, epsilon }: TrainWork): AdamWOptions {
  return { learningRate, beta1, beta2, epsilon, weightDecay: 0, maxGradNorm: 0 };
}

/** The first token is the prompt, so that every other token is predicted. */
function supervised({ sequences }: TrainWork): SftBatch {
  return {
    prompts: sequences.map((row) => row.slice(0, 1)),
    completions: sequences.map((row) => row.slice(1)),
  };
}

function requestOf({ prompts, newTokens, uniforms }: SampleWork): SampleRequest {
  const drawing = { temperature: 1, topP: 1, topK: 0 };
  return { prompts, samplesPerPrompt: 1, maxTokens: newTokens, uniforms, ...drawing };
}
