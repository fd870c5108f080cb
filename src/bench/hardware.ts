/** Backends as the bench starts them. */
import { startBackend, type BackendOptions } from '../policy/tf/backend.ts';
import type { Contender } from './contender.ts';

/** File name → URL; Node finds the binaries itself. */
export type WasmPaths = NonNullable<BackendOptions['wasmPaths']>;

const errors: string[] = [];

/** What the GPU complained of: such an error means stale data, hence figures of nothing. */
export function gpuErrors(): readonly string[] {
  return errors;
}

/**
 * Starts WebGPU on graphics hardware; a software adapter's times would say nothing about anyone's machine.
 * @throws Error where there is none.
 */
async function startHardware(wasmPaths: WasmPaths): Promise<void> {
  const { name, reason } = await startBackend({
    requested: 'auto',
    wasmPaths,
    onGpuError: (message) => void errors.push(message),
  });
  if (name !== 'webgpu') throw new Error(`no hardware adapter: ${reason}`);
}

/** The same contender, absent where there is no hardware adapter. */
export function onHardware(contender: Contender, wasmPaths: WasmPaths): Contender {
  return {
    ...contender,
    prepare: async (workload) => {
      await startHardware(wasmPaths);
      return contender.prepare(workload);
    },
  };
}
