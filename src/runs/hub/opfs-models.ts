/** The origin private file system of a browser, as its workers write it: a folder for each model. */
import type { ModelShelf } from './kept-models.ts';
import type { ModelFolder } from './model-folder.ts';

/** What types do not know yet: every browser that has the files has it. */
interface Movable {
  move?(name: string): Promise<void>;
}

/** In bytes, of what is read back at once. */
const PIECE = 4 * 2 ** 20;

/** @param root where the folders are. */
export function opfsShelf(root: FileSystemDirectoryHandle): ModelShelf {
  const folderAt = (name: string): Promise<FileSystemDirectoryHandle> =>
    root.getDirectoryHandle(name, { create: true });
  return {
    names: async () => {
      const names: string[] = [];
      for await (const [name, handle] of root.entries()) {
        if (handle.kind === 'directory') names.push(name);
      }
      return names;
    },
    folder: async (name) => opfsModel(await folderAt(name)),
    blob: async (name, file) => (await (await folderAt(name)).getFileHandle(file)).getFile(),
    remove: (name) => root.removeEntry(name, { recursive: true }),
  };
}

function opfsModel(folder: FileSystemDirectoryHandle): ModelFolder {
  const found = (name: string): Promise<FileSystemFileHandle | undefined> =>
    folder.getFileHandle(name).catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'NotFoundError') return undefined;
      throw error;
    });
  return {
    size: async (name) => (await (await found(name))?.getFile())?.size,
    read: async function* (name) {
      const file = await (await folder.getFileHandle(name)).getFile();
      for (let at = 0; at < file.size; at += PIECE) {
        yield new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer());
      }
    },
    append: async (name) => {
      const file = await folder.getFileHandle(name, { create: true });
      const access = await file.createSyncAccessHandle();
      return {
        write: (bytes) => Promise.resolve(writeAll(access, bytes)),
        close: () => {
          access.flush();
          return Promise.resolve(access.close());
        },
      };
    },
    rename: async (from, to) => {
      const file: FileSystemFileHandle & Movable = await folder.getFileHandle(from);
      if (!file.move) throw new Error('this browser cannot rename the files that it keeps');
      await file.move(to);
    },
    remove: async (name) => {
      if (await found(name)) await folder.removeEntry(name);
    },
  };
}

function writeAll(access: FileSystemSyncAccessHandle, bytes: Uint8Array): void {
  const at = access.getSize();
  const written = access.write(bytes.slice(), { at });
  if (written === bytes.length) return;
  // As if it had not been tried: the hash counts whole pieces.
  access.truncate(at);
  throw new DOMException(`wrote ${written} of ${bytes.length} bytes`, 'QuotaExceededError');
}
