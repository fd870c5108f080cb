/** Where a browser keeps runs: its private file system, which the workers of all its windows share. */
import { opfsSets } from '../runs/store/drivers/opfs.ts';
import { webLocks } from '../runs/store/locks.ts';
import { RunStore } from '../runs/store/run-store.ts';

const FOLDER = 'runs';

/** Rejects where the browser has no private file system, or opens it to nobody now. */
export async function openBrowserStore(): Promise<RunStore> {
  if (!('storage' in navigator && 'getDirectory' in navigator.storage && 'locks' in navigator)) {
    throw new Error('this browser has no private file system for this address');
  }
  const root = await navigator.storage.getDirectory();
  return new RunStore({
    sets: opfsSets(await root.getDirectoryHandle(FOLDER, { create: true })),
    locks: webLocks(navigator.locks),
    now: () => Date.now(),
    newId,
  });
}

function newId(): string {
  const digits = crypto.getRandomValues(new Uint32Array(2));
  return [...digits].map((word) => word.toString(36).padStart(7, '0')).join('');
}
