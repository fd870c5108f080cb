import { afterAll } from 'vitest';
import { conformanceOfFiles, conformanceOfSets } from '../conformance.testing.ts';
import { faultyPlainFolder } from '../faults.testing.ts';
import { openAlternating, type PlainFolder } from './alternating.ts';
import { opfsFolder, opfsSets } from './opfs.ts';
import type { Answer, Call } from './opfs.worker.testing.ts';

let count = 0;

async function newFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  const name = `conformance-${count++}`;
  await root.removeEntry(name, { recursive: true }).catch(() => undefined);
  return root.getDirectoryHandle(name, { create: true });
}

// A page has no access that waits for the disk: this is the way of the fallback.
conformanceOfFiles('the origin private file system, on a page', async () => {
  const folder = opfsFolder(await newFolder());
  return {
    open: (faults) => openAlternating(faults ? faultyPlainFolder(folder, faults) : folder),
  };
});

conformanceOfFiles('the origin private file system, in a worker', async () => {
  const folder = folderInWorker((await newFolder()).name);
  return {
    open: (faults) => openAlternating(faults ? faultyPlainFolder(folder, faults) : folder),
  };
});

conformanceOfSets('the origin private file system', async () => opfsSets(await newFolder()));

const worker = new Worker(new URL('./opfs.worker.testing.ts', import.meta.url), { type: 'module' });
let calls = 0;
const waiting = new Map<number, (answer: Answer) => void>();
worker.addEventListener('message', (event: MessageEvent<Answer>) => {
  waiting.get(event.data.id)?.(event.data);
  waiting.delete(event.data.id);
});
afterAll(() => worker.terminate());

function folderInWorker(folder: string): PlainFolder {
  const call = async <T>(method: Call['method'], ...args: Call['args']): Promise<T> => {
    const id = calls++;
    const { value, error } = await new Promise<Answer>((resolve) => {
      waiting.set(id, resolve);
      worker.postMessage({ id, folder, method, args } satisfies Call);
    });
    if (error !== undefined) throw new Error(error);
    return value as T;
  };
  return {
    read: (name) => call('read', name),
    names: () => call('names'),
    write: (name, bytes) => call('write', name, bytes),
    remove: (name) => call('remove', name),
  };
}
