/** Composition root of the worker that plays a recorded run: light, so that something moves at once. */
import { LOCKS } from '../tasks/locks/manifest.ts';
import { createReplay } from './replay.ts';
import { createEmit, serve } from './wire.ts';

const SHIPPED = 'recordings/locks-exit.bin';
const SHIPPED_TASK = LOCKS.variants[0];

serve(
  self,
  createReplay({
    emit: createEmit(self),
    open: (assetBase, name) =>
      name === undefined ? openFile(new URL(SHIPPED, assetBase)) : openNamed(name, assetBase),
    // The worker's name is what the page can tell it before the first message.
    still: self.name === 'replay still',
    clock: () => performance.now(),
    // Fetched when the run moves already, and of the shipped one its domain alone.
    domain: async (task) =>
      task === SHIPPED_TASK.id
        ? (await import('../tasks/locks/locks.ts')).createLocks(SHIPPED_TASK)
        : (await import('../tasks/registry.ts')).taskById(task),
  }),
);

async function openFile(url: URL): Promise<ReadableStream<BufferSource>> {
  const response = await fetch(url);
  if (!response.ok || !response.body) {
    throw new Error(`${url.pathname}: the server answered ${response.status}`);
  }
  return response.body;
}

/** A file beside the page, wherever an address may want it from. */
async function openNamed(name: string, assetBase: string): Promise<ReadableStream<BufferSource>> {
  const url = new URL(name, assetBase);
  if (!url.href.startsWith(new URL('.', assetBase).href)) {
    throw new Error('it is not beside the page');
  }
  const response = await fetch(url, { redirect: 'error' });
  // Servers of single pages answer with the page itself where there is no such file.
  const isPage = response.headers.get('content-type')?.startsWith('text/html') ?? false;
  if (response.status === 404 || isPage) throw new Error('there is no such file beside the page');
  if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`);
  return response.body;
}
