/** What Node gives a session: files for assets, its clock, and no page. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BundleFile } from '../runs/zip.ts';
import type { Platform } from '../training/create-session.ts';

const PUBLIC = fileURLToPath(new URL('../../public/', import.meta.url));

/** Gives the event loop a turn, in which signals and timers are heard. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

interface NodeOptions {
  readonly onLoading?: (message: string, done: number, total: number) => void;
  /** Gives up the building of a session when it aborts. */
  readonly signal?: AbortSignal;
}

export function nodePlatform({ onLoading, signal }: NodeOptions = {}): Platform {
  return {
    assets: (path) => readBytes(join(PUBLIC, path)),
    clock: () => performance.now(),
    pause: nextTask,
    onLoading: async (message, done, total) => {
      onLoading?.(message, done, total);
      await nextTask();
      signal?.throwIfAborted();
    },
  };
}

async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(path));
}

export async function writeFolder(folder: string, files: readonly BundleFile[]): Promise<void> {
  for (const { path, bytes } of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes);
  }
}
