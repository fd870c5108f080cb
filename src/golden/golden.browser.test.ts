import plain from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url';
import { describe, expect, it } from 'vitest';
import { startEngine } from '../model/engine.ts';
import { beyondTolerance, checkGolden, type GoldenFolder } from './check.ts';
import { readGoldenFolder } from './folder.ts';

const LLAMA = ['tied', 'untied'];
const BACKENDS = [
  ['wasm', LLAMA],
  // Grouped queries, norms of heads and an untied head.
  ['webgpu', [...LLAMA, 'qwen3', 'lora']],
  ['tfjs-wasm', LLAMA],
  // Compiled anew for each, and slow.
  ['tfjs-webgpu', ['tied']],
] as const;

const FILES = import.meta.glob<string>('./fixtures/**/*', {
  query: '?url',
  import: 'default',
  eager: true,
});

const folderOf = (name: string): Promise<GoldenFolder> =>
  readGoldenFolder(async (file) => {
    const address = FILES[`./fixtures/${name}/${file}`];
    if (address === undefined) return undefined;
    const response = await fetch(address);
    return new Uint8Array(await response.arrayBuffer());
  });

const WASM_PATHS = {
  'tfjs-backend-wasm.wasm': plain,
  'tfjs-backend-wasm-simd.wasm': simd,
  'tfjs-backend-wasm-threaded-simd.wasm': simd,
};

describe.each(BACKENDS)('golden values on %s in a real browser', (backend, fixtures) => {
  // Software WebGPU compiles every kernel for the first time: tens of seconds.
  it.each(fixtures)(
    '%s: every quantity within its tolerance',
    { timeout: 240_000 },
    async (name) => {
      const gpuErrors: string[] = [];
      const engine = await startEngine({
        requested: backend,
        wasmPaths: WASM_PATHS,
        onGpuError: (message) => gpuErrors.push(message),
      });
      expect(engine.backend.name).toBe(backend);
      const before = engine.memory().buffers;
      const errors = await checkGolden(await folderOf(name), (snapshot) => engine.from(snapshot));
      expect(beyondTolerance(errors), JSON.stringify(errors)).toEqual([]);
      expect(gpuErrors).toEqual([]);
      expect(engine.memory().buffers).toBe(before);
    },
  );
});
