/** Files that are there whole or not at all, whenever the process or the machine ends. */
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

const TEMPORARY = '.tmp';

/** Written beside, flushed to the disk, and renamed. */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const beside = `${path}.${hostname()}-${process.pid}${TEMPORARY}`;
  const file = await open(beside, 'w');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
  await syncFolder(folder);
}

/** The new name survives a power cut too, where the system lets a folder be flushed. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  try {
    await handle?.sync();
  } catch {
    // Some network file systems refuse; the rename itself has taken place.
  } finally {
    await handle?.close();
  }
}

/** Removes what a process that was killed while writing `path` left beside it. */
export async function removeUnfinished(path: string): Promise<void> {
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => []);
  const stale = names.filter(
    (name) => name.startsWith(`${basename(path)}.`) && name.endsWith(TEMPORARY),
  );
  await Promise.all(stale.map((name) => rm(join(folder, name), { force: true })));
}
