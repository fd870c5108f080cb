/** The origin private file system of a browser: one folder for each set of files. */
import { checkSetName, type Bytes, type FileSets } from '../files.ts';
import { openAlternating, type PlainFolder } from './alternating.ts';

/** @param root where the sets are kept; `navigator.storage.getDirectory()`, or a folder in it. */
export function opfsSets(root: FileSystemDirectoryHandle): FileSets {
  return {
    names: () => namesIn(root, 'directory'),
    open: async (name, mode) => {
      checkSetName(name);
      const folder = await root.getDirectoryHandle(name, { create: true });
      return openAlternating(opfsFolder(folder), mode);
    },
    remove: async (name) => {
      checkSetName(name);
      await unlessMissing(() => root.removeEntry(name, { recursive: true }));
    },
  };
}

export function opfsFolder(folder: FileSystemDirectoryHandle): PlainFolder {
  return {
    read: (name) =>
      unlessMissing(async () => {
        const file = await (await folder.getFileHandle(name)).getFile();
        return new Uint8Array(await file.arrayBuffer());
      }),
    names: () => namesIn(folder, 'file'),
    write: async (name, bytes) => {
      const file = await folder.getFileHandle(name, { create: true });
      if ('createSyncAccessHandle' in file) await writeFlushed(file, bytes);
      else await writeStreamed(file, bytes);
    },
    remove: (name) => unlessMissing(() => folder.removeEntry(name)),
  };
}

/** In a worker: the bytes are on the disk when it resolves. */
async function writeFlushed(file: FileSystemFileHandle, bytes: Bytes): Promise<void> {
  const access = await file.createSyncAccessHandle();
  try {
    access.truncate(0);
    const written = access.write(bytes, { at: 0 });
    if (written !== bytes.length) {
      throw new DOMException(`wrote ${written} of ${bytes.length} bytes`, 'QuotaExceededError');
    }
    access.flush();
  } finally {
    access.close();
  }
}

/** On a page, where there is nothing that waits for the disk. */
async function writeStreamed(file: FileSystemFileHandle, bytes: Bytes): Promise<void> {
  const stream = await file.createWritable();
  await stream.write(bytes);
  await stream.close();
}

async function namesIn(
  folder: FileSystemDirectoryHandle,
  kind: FileSystemHandleKind,
): Promise<string[]> {
  const names: string[] = [];
  for await (const [name, handle] of folder.entries()) if (handle.kind === kind) names.push(name);
  return names;
}

async function unlessMissing<T>(body: () => Promise<T>): Promise<T | undefined> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return undefined;
    throw error;
  }
}
