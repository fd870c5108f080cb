/** A folder with a model, as files by their names. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Undefined for a file that is not there; all other failures reject. */
export function filesIn(folder: string): (name: string) => Promise<Uint8Array | undefined> {
  return async (name) => {
    try {
      return await readFile(join(folder, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  };
}
