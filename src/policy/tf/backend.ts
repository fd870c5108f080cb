/**
 * Which TensorFlow.js backend runs, and why: WebGPU on real graphics hardware, else WebAssembly, else
 * plain JavaScript. Software WebGPU is far slower than wasm, so it runs only when asked for by name.
 */
import * as tf from '@tensorflow/tfjs';
import { patchWasmMatMul } from './wasm-matmul.ts';

export type BackendName = 'webgpu' | 'wasm' | 'cpu';

export interface BackendChoice {
  readonly name: BackendName;
  readonly reason: string;
}

export interface BackendOptions {
  readonly requested: 'auto' | BackendName;
  /** Where the browser finds the wasm binaries: file name → URL. Node finds them itself. */
  readonly wasmPaths?: Readonly<Record<string, string>>;
  /** Told of every GPU error that nobody awaited: such an error means stale data. */
  readonly onGpuError?: (message: string) => void;
}

/** What the machine offers, in words where it does not. */
interface Offer {
  readonly available: boolean;
  readonly software: boolean;
  readonly detail: string;
}

/**
 * Starts a backend.
 * @throws Error that says why, if the one asked for cannot run here.
 */
export async function startBackend(options: BackendOptions): Promise<BackendChoice> {
  const choice = await chooseBackend(options.requested);
  await prepare(choice.name, options);
  if (!(await tf.setBackend(choice.name))) {
    throw new Error(`backend: "${choice.name}" failed to start on this machine`);
  }
  await tf.ready();
  if (choice.name === 'webgpu') watchDevice(options.onGpuError);
  return choice;
}

async function chooseBackend(requested: BackendOptions['requested']): Promise<BackendChoice> {
  if (requested === 'cpu') return { name: 'cpu', reason: 'asked for' };
  const wasm = typeof WebAssembly === 'object';
  if (requested === 'wasm') {
    if (!wasm)
      throw new Error('backend: "wasm" was asked for, but WebAssembly is not available here');
    return { name: 'wasm', reason: 'asked for' };
  }
  const gpu = await gpuOffer();
  if (requested === 'webgpu') {
    if (!gpu.available) throw new Error(`backend: "webgpu" was asked for, but ${gpu.detail}`);
    return { name: 'webgpu', reason: `asked for; ${gpu.detail}` };
  }
  if (gpu.available && !gpu.software) return { name: 'webgpu', reason: gpu.detail };
  if (wasm) return { name: 'wasm', reason: `${gpu.detail}, so WebAssembly is faster` };
  return { name: 'cpu', reason: `${gpu.detail}, and WebAssembly is not available here: slow` };
}

async function gpuOffer(): Promise<Offer> {
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

async function prepare(name: BackendName, { wasmPaths }: BackendOptions): Promise<void> {
  switch (name) {
    case 'webgpu':
      await import('@tensorflow/tfjs-backend-webgpu');
      // Small tensors would silently run on the CPU.
      tf.env().set('WEBGPU_CPU_FORWARD', false);
      return;
    case 'wasm': {
      const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
      if (wasmPaths && tf.findBackend('wasm') === null) setWasmPaths({ ...wasmPaths });
      patchWasmMatMul();
      return;
    }
    case 'cpu':
      return;
    default:
      name satisfies never;
  }
}

const watched = new WeakSet<GPUDevice>();

function watchDevice(onGpuError: BackendOptions['onGpuError']): void {
  const { device } = tf.backend() as unknown as { device: GPUDevice };
  if (watched.has(device)) return;
  watched.add(device);
  device.addEventListener('uncapturederror', ({ error }) => onGpuError?.(error.message));
  void device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') onGpuError?.(`the graphics device was lost: ${message}`);
  });
}

/** Tensors alive and the bytes they hold. */
export function tensorMemory(): { readonly tensors: number; readonly bytes: number } {
  const { numTensors, numBytes } = tf.memory();
  return { tensors: numTensors, bytes: numBytes };
}
