/** One contender's worker in Chromium. Playwright calls it directly, so that no message needs a wire. */
import plain from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url';
import { onHardware } from './hardware.ts';
import { createHost } from './host.ts';

const wasmPaths = {
  'tfjs-backend-wasm.wasm': plain,
  'tfjs-backend-wasm-simd.wasm': simd,
  // Never asked for: the page is not isolated.
  'tfjs-backend-wasm-threaded-simd.wasm': simd,
};

const answer = createHost({
  contenders: {
    'plain-wasm': async () => (await import('./plain.ts')).plainWasm(wasmPaths),
    'ours-wasm': async () => (await import('./ours.ts')).oursWasm(wasmPaths),
    'jax-wasm': async () => (await import('./jax.ts')).jaxWasm,
    'plain-webgpu': async () => onHardware((await import('./plain.ts')).plainWebgpu, wasmPaths),
    'ours-webgpu': async () => onHardware((await import('./ours.ts')).oursWebgpu, wasmPaths),
    'jax-webgpu': async () => onHardware((await import('./jax.ts')).jaxWebgpu, wasmPaths),
  },
  platform: {
    wasmPaths,
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
