/** A whole step of a run as the app starts it, without evaluation, on the engine asked for. */
import type { BackendName } from '../model/backend.ts';
import { DEFAULT_CONFIG, type Config } from '../schema/params.ts';
import { createSession, type Platform } from '../training/create-session.ts';
import type { Request } from './protocol.ts';
import { policyConfig, type Size } from './workload.ts';

export interface ExitStepTimes {
  readonly ms: number;
  readonly sample: number;
  readonly grade: number;
  readonly update: number;
}

export type ExitStepper = () => Promise<ExitStepTimes>;

interface AppEngine {
  readonly backend: BackendName;
  readonly replicas: number;
}

/** Measured engines that are engines of the app. */
export const APP_ENGINES: Readonly<Record<string, AppEngine>> = {
  'ours-wasm': { backend: 'wasm', replicas: 1 },
  'ours-wasm-2': { backend: 'wasm', replicas: 2 },
  'tfjs-wasm': { backend: 'tfjs-wasm', replicas: 1 },
  'ours-webgpu': { backend: 'webgpu', replicas: 1 },
  'tfjs-webgpu': { backend: 'tfjs-webgpu', replicas: 1 },
};

/**
 * Each call is one step of the same run.
 * @throws Error if it is no engine of the app.
 */
export async function createExitStepper(
  { engine: id, size }: Pick<Request, 'engine' | 'size'>,
  platform: Platform,
): Promise<ExitStepper> {
  const engine = APP_ENGINES[id];
  if (!engine) throw new Error(`"${id}" is no engine of the app`);
  const session = await createSession(configOf(size, engine), platform);
  return async () => {
    const began = performance.now();
    const { row } = await session.step();
    const ms = performance.now() - began;
    const time = (part: 'sample' | 'grade' | 'update'): number => row[`time/${part}`] ?? 0;
    return { ms, sample: time('sample'), grade: time('grade'), update: time('update') };
  };
}

/** The default preset has the shape of S and starts from the base policy; none ships for M. */
function configOf(size: Size, engine: AppEngine): Config {
  const run = { ...DEFAULT_CONFIG, ...engine, evalEvery: 0, seed: 1 };
  if (size === 'S') return run;
  const { hiddenSize, intermediateSize, numLayers, numHeads } = policyConfig(size);
  const shape = { hiddenSize, intermediateSize, numLayers, numHeads };
  return { ...run, ...shape, init: 'scratch', warmStartSteps: 0 };
}
