/** One engine's worker in Chromium. Playwright calls it directly, so that no message needs a wire. */
import plain from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url';
import onnx from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { REPLICA_METHODS } from '../model/parallel/host.ts';
import type { Replica } from '../model/parallel/replica.ts';
import type { OpenReplica } from '../model/engine.ts';
import { remote } from '../worker/calls.ts';
import type { Engine } from './engine.ts';
import { onAnyAdapter, onHardware } from './hardware.ts';
import { createHost } from './host.ts';

const wasmPaths = {
  'tfjs-backend-wasm.wasm': plain,
  'tfjs-backend-wasm-simd.wasm': simd,
  // Never asked for: the page is not isolated.
  'tfjs-backend-wasm-threaded-simd.wasm': simd,
};

const openReplica = (): OpenReplica => {
  const url = new URL('../worker/replica.worker.ts', import.meta.url);
  const worker = new Worker(url, { type: 'module' });
  const replica = remote<Replica>(worker, REPLICA_METHODS);
  return { replica, close: () => worker.terminate() };
};

const plainWebgpu = async (): Promise<Engine> => (await import('./plain.ts')).plainWebgpu;
const tensorFlowWebgpu = async (): Promise<Engine> => (await import('./ours.ts')).tensorFlowWebgpu;
const oursWebgpu = async (): Promise<Engine> => (await import('./ours.ts')).oursWebgpu;
const jaxWebgpu = async (): Promise<Engine> => (await import('./jax.ts')).jaxWebgpu;

const answer = createHost({
  engines: {
    'plain-wasm': async () => (await import('./plain.ts')).plainWasm(wasmPaths),
    'tfjs-wasm': async () => (await import('./ours.ts')).tensorFlowWasm({ wasmPaths }),
    'ours-wasm': async () => (await import('./ours.ts')).oursWasm,
    'ours-wasm-2': async () => (await import('./ours.ts')).oursOnTwo(openReplica),
    'jax-wasm': async () => (await import('./jax.ts')).jaxWasm,
    'onnx-wasm': async () => (await import('./onnx.ts')).onnxWasm(onnx),
    'plain-webgpu': async () => onHardware(await plainWebgpu()),
    'tfjs-webgpu': async () => onHardware(await tensorFlowWebgpu()),
    'ours-webgpu': async () => onHardware(await oursWebgpu()),
    'jax-webgpu': async () => onHardware(await jaxWebgpu()),
    'plain-webgpu-any': async () => onAnyAdapter(await plainWebgpu()),
    'tfjs-webgpu-any': async () => onAnyAdapter(await tensorFlowWebgpu()),
    'ours-webgpu-any': async () => onAnyAdapter(await oursWebgpu()),
    'jax-webgpu-any': async () => onAnyAdapter(await jaxWebgpu()),
  },
  platform: {
    wasmPaths,
    openReplica,
    assets: async (path) => {
      const response = await fetch(`/${path}`);
      if (!response.ok) throw new Error(`${path}: the server answered ${response.status}`);
      return new Uint8Array(await response.arrayBuffer());
    },
    clock: () => performance.now(),
    onLoading: () => undefined,
  },
});

Object.assign(self, { answer });
