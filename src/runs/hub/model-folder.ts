/** Where the files of one model are kept: a folder of a disk, of a browser, or of a test. */

export interface ModelFolder {
  /** In bytes; undefined where there is no such file. */
  size(name: string): Promise<number | undefined>;
  /** In pieces, from the first byte. */
  read(name: string): AsyncIterable<Uint8Array>;
  /** Writes on at the end of the file, which is made where there is none. One at a time. */
  append(name: string): Promise<Appender>;
  /** Over what is there. */
  rename(from: string, to: string): Promise<void>;
  /** Nothing where there is no such file. */
  remove(name: string): Promise<void>;
}

export interface Appender {
  /** What was written is there, also where the next piece fails. */
  write(bytes: Uint8Array): Promise<void>;
  /** To be called in any case. */
  close(): Promise<void>;
}

/** In memory. */
export function memoryFolder(files = new Map<string, Uint8Array>()): ModelFolder {
  return {
    size: (name) => Promise.resolve(files.get(name)?.length),
    read: async function* (name) {
      await Promise.resolve();
      const bytes = files.get(name);
      if (bytes) yield bytes;
    },
    append: (name) => {
      files.set(name, files.get(name) ?? new Uint8Array());
      return Promise.resolve({
        write: (bytes) => {
          const before = files.get(name)!;
          const after = new Uint8Array(before.length + bytes.length);
          after.set(before);
          after.set(bytes, before.length);
          files.set(name, after);
          return Promise.resolve();
        },
        close: () => Promise.resolve(),
      });
    },
    rename: (from, to) => {
      files.set(to, files.get(from)!);
      files.delete(from);
      return Promise.resolve();
    },
    remove: (name) => {
      files.delete(name);
      return Promise.resolve();
    },
  };
}
