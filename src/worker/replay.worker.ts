/** Composition root of the worker that plays the recorded run: light, so that something moves at once. */
import { LOCKS } from '../tasks/locks/manifest.ts';
import { createReplay } from './replay.ts';
import { createEmit, serve } from './wire.ts';

const FILE = 'recordings/locks-exit.bin';

serve(
  self,
  createReplay({
    emit: createEmit(self),
    open: (assetBase) => openFile(new URL(FILE, assetBase)),
    // The worker's name is what the page can tell it before the first message.
    still: self.name === 'replay still',
    clock: () => performance.now(),
    // Fetched when the run moves already, and this domain alone.
    domain: async () => (await import('../tasks/locks/locks.ts')).createLocks(LOCKS.variants[0]),
  }),
);

async function openFile(url: URL): Promise<ReadableStream<BufferSource>> {
  const response = await fetch(url);
  if (!response.ok || !response.body) {
    throw new Error(`${url.pathname}: the server answered ${response.status}`);
  }
  return response.body;
}
