/** Folders of Node's, each of them a set of files. */
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CARD, MANIFEST } from '../../run-paths.ts';
import { checkSetName, isSetName, type FileSets } from '../files.ts';
import { openFolder, type FolderOperations } from './folder.ts';

export function nodeFolder(folder: string): FolderOperations {
  const at = (path: string): string => join(folder, path);
  return {
    read: (path) => unlessMissing(async () => new Uint8Array(await readFile(at(path)))),
    size: (path) => unlessMissing(async () => (await stat(at(path))).size),
    names: (inside) => fileNames(join(folder, inside)),
    write: async (path, bytes) => {
      await mkdir(dirname(at(path)), { recursive: true });
      const file = await open(at(path), 'w');
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
    },
    rename: async (from, to) => {
      await rename(at(from), at(to));
      await flushFolder(dirname(at(to)));
    },
    remove: (path) => rm(at(path), { force: true }),
  };
}

/** One folder for each set, in a folder that is made where it is missing. */
export function folderSets(root: string): FileSets {
  return {
    names: async () => {
      const entries = (await unlessMissing(() => readdir(root, { withFileTypes: true }))) ?? [];
      return entries
        .filter((entry) => entry.isDirectory() && isSetName(entry.name))
        .map(({ name }) => name);
    },
    open: async (name, mode = 'write') => {
      checkSetName(name);
      return openFolder(nodeFolder(join(root, name)), { mode, editable: [CARD] });
    },
    remove: async (name) => {
      checkSetName(name);
      // Without its manifest it is no set any more, however far the rest comes.
      await rm(join(root, name, MANIFEST), { force: true });
      await rm(join(root, name), { recursive: true, force: true });
    },
  };
}

async function fileNames(folder: string): Promise<string[]> {
  const entries = await unlessMissing(() => readdir(folder, { withFileTypes: true }));
  return (entries ?? []).filter((entry) => entry.isFile()).map(({ name }) => name);
}

async function unlessMissing<T>(body: () => Promise<T>): Promise<T | undefined> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A new name survives a power cut too, where the system lets a folder be flushed. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  try {
    await handle?.sync();
  } catch {
    // Some network file systems refuse; the rename itself has taken place.
  } finally {
    await handle?.close();
  }
}
