/** One contender's process. */
import { nodePlatform } from '../cli/platform.ts';
import { createHost } from './host.ts';

const answer = createHost({
  contenders: {
    'plain-wasm': async () => (await import('./plain.ts')).plainWasm(),
    'ours-wasm': async () => (await import('./ours.ts')).oursWasm(),
    'jax-wasm': async () => (await import('./jax.ts')).jaxWasm,
    torch: async () => (await import('./torch.ts')).torchCpu,
  },
  platform: nodePlatform(() => undefined),
});

// One question at a time: the asker waits for each answer.
process.on('message', (request) => {
  void answer(request).then((reply) => process.send?.(reply));
});
