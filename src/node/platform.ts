/** What Node gives a session: files for assets, its clock, and no page. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BundleFile } from '../runs/zip.ts';
import type { Platform } from '../training/create-session.ts';
import { CliError } from './args.ts';

const PUBLIC = fileURLToPath(new URL('../../public/', import.meta.url));

export function nodePlatform(onLoading: Platform['onLoading']): Platform {
  return {
    assets: (path) => readBytes(join(PUBLIC, path)),
    clock: () => performance.now(),
    onLoading,
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

export async function writeFolder(folder: string, files: readonly BundleFile[]): Promise<void> {
  for (const { path, bytes } of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes);
  }
}
