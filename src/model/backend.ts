/**
 * Which engine runs, and why: our kernels on WebGPU where there is real graphics hardware, else on
 * WebAssembly, else in plain JavaScript. Software WebGPU is far slower than wasm, so it runs only when
 * asked for by name, like the same policy written in TensorFlow.js's own operations.
 */

import { RefusedError } from '../base/refused.ts';

export const BACKENDS = ['webgpu', 'wasm', 'cpu', 'tfjs-webgpu', 'tfjs-wasm', 'tfjs-cpu'] as const;

export type BackendName = (typeof BACKENDS)[number];

export interface BackendChoice {
  readonly name: BackendName;
  readonly reason: string;
}

/** @throws RefusedError that says why, if the one asked for cannot run here. */
export async function chooseBackend(requested: 'auto' | BackendName): Promise<BackendChoice> {
  switch (requested) {
    case 'auto':
      return bestBackend();
    case 'wasm':
    case 'tfjs-wasm':
      if (!hasWasmSimd()) throw new RefusedError(refusal(requested, NO_SIMD));
      return { name: requested, reason: 'asked for' };
    case 'webgpu':
    case 'tfjs-webgpu': {
      const { available, detail } = await gpuAvailability();
      if (!available) throw new RefusedError(refusal(requested, detail));
      return { name: requested, reason: `asked for; ${detail}` };
    }
    case 'cpu':
    case 'tfjs-cpu':
      return { name: requested, reason: 'asked for' };
    default:
      return requested satisfies never;
  }
}

const NO_SIMD = 'WebAssembly with SIMD is not available here';

function refusal(requested: BackendName, detail: string): string {
  return `backend: "${requested}" was asked for, but ${detail}`;
}

async function bestBackend(): Promise<BackendChoice> {
  const { available, software, detail } = await gpuAvailability();
  if (available && !software) return { name: 'webgpu', reason: detail };
  if (hasWasmSimd()) return { name: 'wasm', reason: `${detail}, so WebAssembly is faster` };
  return { name: 'cpu', reason: `${detail}, and ${NO_SIMD}: slow` };
}

/** The smallest module that uses a 128-bit vector. */
// prettier-ignore
const SIMD_MODULE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15,
  253, 98, 11,
]);

function hasWasmSimd(): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(SIMD_MODULE);
}

/** What the machine offers, in words where it does not. */
interface GpuAvailability {
  readonly available: boolean;
  readonly software: boolean;
  readonly detail: string;
}

async function gpuAvailability(): Promise<GpuAvailability> {
  const gpu = typeof navigator === 'undefined' ? undefined : navigator.gpu;
  if (!gpu) return { available: false, software: false, detail: 'there is no WebGPU here' };
  const adapter = await gpu.requestAdapter().catch(() => null);
  if (!adapter) {
    return { available: false, software: false, detail: 'WebGPU offers no graphics adapter' };
  }
  const name = [adapter.info.vendor, adapter.info.architecture].filter(Boolean).join(' ');
  const software = isSoftware(adapter);
  const detail = software
    ? `WebGPU runs in software only (${name})`
    : `graphics hardware (${name})`;
  return { available: true, software, detail };
}

/** The flag moved from the adapter to its info; software renderers also give themselves away by name. */
function isSoftware(adapter: GPUAdapter): boolean {
  const legacy = (adapter as { isFallbackAdapter?: boolean }).isFallbackAdapter === true;
  const { vendor, architecture, description } = adapter.info;
  const named = /swiftshader|llvmpipe|lavapipe|basic render/i.test(
    `${vendor} ${architecture} ${description}`,
  );
  return legacy || adapter.info.isFallbackAdapter || named;
}
