/** Starts TensorFlow.js on one of its backends, and its graphics device for our own kernels. */
import * as tf from '@tensorflow/tfjs';
import { patchWasmMatMul } from './wasm-matmul.ts';

export type TfBackend = 'webgpu' | 'wasm' | 'cpu';

export interface BackendOptions {
  /** Where the browser finds the wasm binaries: file name → URL. Node finds them itself. */
  readonly wasmPaths?: Readonly<Record<string, string>>;
  /** Told of every GPU error that nobody awaited: such an error means stale data. */
  readonly onGpuError?: (message: string) => void;
}

/**
 * Starts a backend.
 * @throws Error if it cannot run here.
 */
export async function startBackend(name: TfBackend, options: BackendOptions = {}): Promise<void> {
  await prepare(name, options);
  if (!(await tf.setBackend(name))) {
    throw new Error(`backend: TensorFlow.js on "${name}" failed to start on this machine`);
  }
  await tf.ready();
  if (name === 'webgpu') watchDevice(options.onGpuError);
}

/** The device of the WebGPU backend, which must have been started. */
export function graphicsDevice(): GPUDevice {
  return (tf.backend() as unknown as { device: GPUDevice }).device;
}

async function prepare(name: TfBackend, { wasmPaths }: BackendOptions): Promise<void> {
  switch (name) {
    case 'webgpu':
      await openGraphics();
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

/** What our kernels gain by, where the adapter has it. */
const FEATURES: readonly GPUFeatureName[] = ['subgroups', 'timestamp-query'];

/** Limits that the library raises as far as the adapter goes. */
const LIMITS = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
] as const satisfies readonly (keyof GPUSupportedLimits)[];

let opened = false;

/** Puts a device with subgroups in the place of the library's own, which asks for none. */
async function openGraphics(): Promise<void> {
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  if (opened) return;
  opened = true;
  // Where there is one already, its device was lost.
  tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', async () => {
    const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) throw new Error('backend: WebGPU offers no graphics adapter');
    const device = await adapter.requestDevice({
      requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
      requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
    });
    return new WebGPUBackend(device, adapter.info);
  });
}

const watched = new WeakSet<GPUDevice>();

function watchDevice(onGpuError: BackendOptions['onGpuError']): void {
  const device = graphicsDevice();
  if (watched.has(device)) return;
  watched.add(device);
  device.addEventListener('uncapturederror', ({ error }) => onGpuError?.(error.message));
  void device.lost.then(({ message }) => {
    // Nobody here destroys it. The next start asks for another one.
    opened = false;
    onGpuError?.(`the graphics device was lost: ${message || 'no reason was given'}`);
  });
}

/** Tensors alive and the bytes they hold. */
export function tensorMemory(): { readonly tensors: number; readonly bytes: number } {
  const { numTensors, numBytes } = tf.memory();
  return { tensors: numTensors, bytes: numBytes };
}
