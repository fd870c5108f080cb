/** Sets of files in memory: for tests, and where nothing else can be written. */
import {
  checkSetName,
  missingFile,
  type AtomicFiles,
  type Bytes,
  type FileSets,
} from '../files.ts';

export function memoryFiles(): AtomicFiles {
  let files: ReadonlyMap<string, Bytes> = new Map();
  let generation = 0;
  return {
    get generation() {
      return generation;
    },
    list: () => new Map([...files].map(([path, { length }]) => [path, length])),
    read: async (path) => {
      const bytes = files.get(path);
      if (!bytes) throw missingFile(path, files.keys());
      return bytes.slice();
    },
    commit: async ({ write = new Map<string, Bytes>(), remove = [] }) => {
      const next = new Map(files);
      for (const path of remove) next.delete(path);
      for (const [path, bytes] of write) next.set(path, bytes.slice());
      files = next;
      generation++;
    },
  };
}

export function memorySets(): FileSets {
  const sets = new Map<string, AtomicFiles>();
  return {
    names: async () => [...sets.keys()],
    open: async (name) => {
      checkSetName(name);
      const files = sets.get(name) ?? memoryFiles();
      sets.set(name, files);
      return files;
    },
    remove: async (name) => void sets.delete(name),
  };
}
