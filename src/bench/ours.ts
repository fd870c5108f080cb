/** The app's own engine, through the same door as the algorithm uses. */
import type { FitBatch, SampleRequest } from '../policy/policy.ts';
import { startBackend } from '../policy/tf/backend.ts';
import { TfPolicy } from '../policy/tf/tf-policy.ts';
import type { Contender, Engine, SampleWork, TrainWork, Workload } from './contender.ts';
import type { WasmPaths } from './hardware.ts';

export function oursWasm(wasmPaths?: WasmPaths): Contender {
  return {
    id: 'ours-wasm',
    label: 'ExIt Lab, wasm',
    prepare: async (workload) => {
      await startBackend({ requested: 'wasm', ...(wasmPaths && { wasmPaths }) });
      return createEngine(workload);
    },
  };
}

/** For graphics hardware that stands ready. */
export const oursWebgpu: Contender = {
  id: 'ours-webgpu',
  label: 'ExIt Lab, WebGPU',
  prepare: async (workload) => createEngine(workload),
};

async function createEngine({ config, weights, train, sample }: Workload): Promise<Engine> {
  const policy = await TfPolicy.from({ config, weights });
  const { learningRate, beta1, beta2, epsilon } = train;
  const adam = { learningRate, beta1, beta2, epsilon, weightDecay: 0, maxGradNorm: 0 };
  const batch = supervised(train);
  const request = requestOf(sample);
  return {
    train: async () => (await policy.fit(batch, adam)).loss,
    sample: async () => (await policy.sample(request)).tokens,
    dispose: () => policy.dispose(),
  };
}

/** The first token is the prompt, so that every other token is predicted. */
function supervised({ sequences }: TrainWork): FitBatch {
  return {
    prompts: sequences.map((row) => row.slice(0, 1)),
    completions: sequences.map((row) => row.slice(1)),
  };
}

function requestOf({ prompts, newTokens, uniforms }: SampleWork): SampleRequest {
  const drawing = { temperature: 1, topP: 1, topK: 0 };
  return { prompts, samplesPerPrompt: 1, maxTokens: newTokens, uniforms, ...drawing };
}
