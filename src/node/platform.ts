/** What Node gives a session: files for assets, its clock, and no page. */
import { access, constants, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BundleFile } from '../runs/zip.ts';
import type { Platform } from '../training/create-session.ts';
import { CliError } from './args.ts';

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

/**
 * All files directly in a folder.
 * @throws CliError naming the flag, if there is no such folder.
 */
export async function readFolder(folder: string, flag: string): Promise<BundleFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (!entries) throw new CliError(`${flag}: got "${folder}", expected a folder that can be read`);
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  return Promise.all(
    files.map(async (path) => ({ path, bytes: await readBytes(join(folder, path)) })),
  );
}

/**
 * Before work that may take hours: whether its folder can be written, or be made where it is missing.
 * @throws CliError naming the flag, if not.
 */
export async function checkWritable(folder: string, flag: string): Promise<void> {
  const existing = await nearestExisting(resolve(folder));
  const writable = (await stat(existing)).isDirectory() && (await mayWrite(existing));
  if (!writable)
    throw new CliError(`${flag}: got "${folder}", expected a folder that can be written`);
}

/** A path below a file is as good as the file: neither is a folder. */
async function nearestExisting(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found ? path : nearestExisting(dirname(path));
}

async function mayWrite(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}

export async function writeFolder(folder: string, files: readonly BundleFile[]): Promise<void> {
  for (const { path, bytes } of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes);
  }
}
