/** One engine's process. */
import { nodePlatform } from '../cli/platform.ts';
import { createHost } from './host.ts';

const answer = createHost({
  engines: {
    'plain-wasm': async () => (await import('./plain.ts')).plainWasm(),
    'tfjs-wasm': async () => (await import('./ours.ts')).tensorFlowWasm(),
    'ours-wasm': async () => (await import('./ours.ts')).oursWasm,
    'jax-wasm': async () => (await import('./jax.ts')).jaxWasm,
    'onnx-wasm': async () => (await import('./onnx.ts')).onnxWasm(),
    torch: async () => (await import('./torch.ts')).torchCpu,
  },
  platform: nodePlatform(() => undefined),
  residentBytes: () => {
    globalThis.gc?.();
    return process.memoryUsage().rss;
  },
});

// One question at a time: the asker waits for each answer.
process.on('message', (request) => {
  void answer(request).then((reply) => process.send?.(reply));
});
