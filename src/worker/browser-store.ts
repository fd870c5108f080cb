/** Where a browser keeps runs: in what the workers of all its windows share. */
import type { ModelShelf } from '../runs/hub/kept-models.ts';
import { opfsShelf } from '../runs/hub/opfs-models.ts';
import type { ModelStore } from '../runs/model-store.ts';
import { openIndexedDbSets } from '../runs/store/drivers/indexed-db.ts';
import { opfsSets } from '../runs/store/drivers/opfs.ts';
import type { FileSets } from '../runs/store/files.ts';
import { webLocks } from '../runs/store/locks.ts';
import { RunStore } from '../runs/store/run-store.ts';
import { opfsModels } from './browser-models.ts';

const FOLDER = 'runs';
const HUB_MODELS = 'hub-models';
/** Beside those of the hub, which are kept whether or not a run is. */
const OWN_MODELS = 'own-models';
const DATABASE = 'exit-lab-runs';

/** Rejects where the browser keeps nothing for this address now. */
export async function openBrowserStore(): Promise<RunStore> {
  if (!('locks' in navigator)) {
    throw new Error('this browser keeps nothing for an address that is not https:// or localhost');
  }
  return new RunStore({
    sets: (await privateFolder()) ?? (await openIndexedDbSets(DATABASE)),
    locks: webLocks(navigator.locks),
    now: () => Date.now(),
    newId,
  });
}

async function privateFolder(): Promise<FileSets | undefined> {
  const folder = await privateFiles(FOLDER);
  return folder && opfsSets(folder);
}

/** Where it keeps models of the hub, which come file by file; rejects where it has no files of its own. */
export async function openModelShelf(): Promise<ModelShelf> {
  return opfsShelf(await neededFiles(HUB_MODELS));
}

/** Where it keeps models that were picked; rejects likewise. */
export async function openBrowserModels(): Promise<ModelStore> {
  return opfsModels(await neededFiles(OWN_MODELS));
}

async function neededFiles(name: string): Promise<FileSystemDirectoryHandle> {
  const folder = await privateFiles(name);
  if (!folder) throw new Error('this browser keeps no files for this page');
  return folder;
}

/** Undefined where the browser has no private file system (WebKitGTK), or not for this window. */
async function privateFiles(name: string): Promise<FileSystemDirectoryHandle | undefined> {
  // Types say that both are there.
  const storage: Partial<StorageManager> | undefined = navigator.storage;
  if (!storage?.getDirectory) return undefined;
  let root: FileSystemDirectoryHandle;
  try {
    root = await navigator.storage.getDirectory();
  } catch (error) {
    // A private window of Firefox has databases, and no files.
    if (error instanceof DOMException && error.name === 'SecurityError') return undefined;
    throw error;
  }
  return root.getDirectoryHandle(name, { create: true });
}

function newId(): string {
  const digits = crypto.getRandomValues(new Uint32Array(2));
  return [...digits].map((word) => word.toString(36).padStart(7, '0')).join('');
}
