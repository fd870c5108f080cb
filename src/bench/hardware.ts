/** Backends as the bench starts them. */
import { chooseBackend } from '../model/backend.ts';
import { startBackend, type BackendOptions } from '../model/backends/tfjs/backend.ts';
import type { Engine } from './engine.ts';

/** File name → URL; Node finds the binaries itself. */
export type WasmPaths = NonNullable<BackendOptions['wasmPaths']>;

const errors: string[] = [];

/** What the GPU complained of: such an error means stale data, hence figures of nothing. */
export function gpuErrors(): readonly string[] {
  return errors;
}

/** The same engine on WebGPU, be it in software: for counting, since its times say nothing. */
export function onAnyAdapter(engine: Engine): Engine {
  return {
    ...engine,
    prepare: async (workload) => {
      await startBackend('webgpu', { onGpuError: (message) => void errors.push(message) });
      return engine.prepare(workload);
    },
  };
}

/** The same engine, absent where there is no graphics hardware. */
export function onHardware(engine: Engine): Engine {
  const onGpu = onAnyAdapter(engine);
  return {
    ...engine,
    prepare: async (workload) => {
      const { name, reason } = await chooseBackend('auto');
      if (name !== 'webgpu') throw new Error(`no hardware adapter: ${reason}`);
      return onGpu.prepare(workload);
    },
  };
}
