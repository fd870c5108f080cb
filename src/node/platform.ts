/** What Node gives a session: files for assets, its clock, and no page. */
import { access, constants, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRunFile } from '../runs/bundle.ts';
import { RunFormatError } from '../runs/checks.ts';
import { checkSize } from '../runs/limits.ts';
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
 * The files of a run directly in a folder. Others are passed over, and named on standard error.
 * @throws CliError naming the flag, if there is no such folder or a file cannot be read, and
 * RunFormatError for one that is too large.
 */
export async function readFolder(folder: string, flag: string): Promise<BundleFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (!entries) throw new CliError(`${flag}: got "${folder}", expected a folder that can be read`);
  const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const passedOver = names.filter((name) => !isRunFile(name));
  if (passedOver.length > 0) {
    process.stderr.write(`${folder}: passed over ${passedOver.join(', ')}\n`);
  }
  return Promise.all(names.filter(isRunFile).map((path) => readRunFile(folder, path, flag)));
}

async function readRunFile(folder: string, path: string, flag: string): Promise<BundleFile> {
  const file = join(folder, path);
  try {
    checkSize(path, (await stat(file)).size);
    return { path, bytes: await readBytes(file) };
  } catch (error) {
    if (error instanceof RunFormatError) throw error;
    throw new CliError(`${flag}: got "${file}", expected a file that can be read`);
  }
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
