/** Folders that runs are read from and written to: tried before any work, and never somebody else's. */
import { mkdir, readdir, readFile, realpath, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isRunFile } from '../runs/bundle.ts';
import { decodeText, parseJson, RunFormatError } from '../runs/checks.ts';
import { checkSize } from '../runs/limits.ts';
import { CARD, isOfFolder, isSegment, MANIFEST, RUN } from '../runs/run-paths.ts';
import { openFolder } from '../runs/store/drivers/folder.ts';
import { nodeFolder } from '../runs/store/drivers/node-folder.ts';
import type { AtomicFiles } from '../runs/store/files.ts';
import { isManifest } from '../runs/store/manifest.ts';
import type { BundleFile } from '../runs/zip.ts';
import { CliError } from './args.ts';

/** What systems put into folders by themselves. */
const OF_THE_SYSTEM: readonly string[] = ['.DS_Store', 'Thumbs.db', 'desktop.ini', 'lost+found'];
const SEGMENT_FOLDERS = ['steps', 'metrics'] as const;
const MOST_TRIES = 5;

interface Reading {
  /** Records of the steps too, which most who read a run do not need. */
  readonly steps?: boolean;
}

/**
 * The files of a run: those that its manifest lists, or all that are there where it has none.
 * @throws CliError naming the flag, if there is no such folder.
 * @throws RunFormatError naming a file that is of another save than the rest.
 */
export async function readRunFolder(
  folder: string,
  flag: string,
  { steps = false }: Reading = {},
): Promise<BundleFile[]> {
  const files = (await hasManifest(folder))
    ? await readListed(folder, steps)
    : await readAll(folder, flag);
  return steps ? files : files.filter(({ path }) => !path.startsWith('steps/'));
}

async function hasManifest(folder: string): Promise<boolean> {
  const bytes = await readFile(join(folder, MANIFEST)).catch(() => undefined);
  // One that is damaged counts: it is said then.
  return bytes !== undefined && isManifest(MANIFEST, bytes);
}

/** Again where a run that is being trained was saved meanwhile. */
async function readListed(folder: string, steps: boolean): Promise<BundleFile[]> {
  const wanted = (path: string): boolean =>
    !isOfFolder(path) && path !== CARD && (steps || !path.startsWith('steps/'));
  for (let tries = 1; ; tries++) {
    let generation = NaN;
    try {
      const files = await openFolder(nodeFolder(folder), { mode: 'read', editable: [CARD] });
      generation = files.generation;
      return await readWanted(files, wanted);
    } catch (error) {
      if (!(error instanceof RunFormatError) || tries === MOST_TRIES) throw error;
      if ((await generationOf(folder)) === generation) throw error;
    }
  }
}

async function readWanted(
  files: AtomicFiles,
  wanted: (path: string) => boolean,
): Promise<BundleFile[]> {
  const paths = [...files.list().keys()].filter(wanted);
  return Promise.all(paths.map(async (path) => ({ path, bytes: await files.read(path) })));
}

async function generationOf(folder: string): Promise<number | undefined> {
  const bytes = await readFile(join(folder, MANIFEST));
  const json = parseJson(MANIFEST, decodeText(MANIFEST, bytes));
  return (json as { generation?: number } | null)?.generation;
}

/** Directly in the folder, and in those that an export has inside. What tells nothing of a run is named. */
async function readAll(folder: string, flag: string): Promise<BundleFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (!entries) throw new CliError(`${flag}: got "${folder}", expected a folder that can be read`);
  const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const paths = names.filter(isRunFile);
  const passedOver = names.filter((name) => !isRunFile(name));
  if (passedOver.length > 0) {
    process.stderr.write(`${folder}: passed over ${passedOver.join(', ')}\n`);
  }
  for (const inside of SEGMENT_FOLDERS) {
    const inner = await readdir(join(folder, inside)).catch(() => []);
    paths.push(...inner.map((name) => `${inside}/${name}`).filter(isSegment));
  }
  return Promise.all(paths.map((path) => readRunFile(folder, path, flag)));
}

async function readRunFile(folder: string, path: string, flag: string): Promise<BundleFile> {
  const file = join(folder, path);
  try {
    checkSize(path, (await stat(file)).size);
    return { path, bytes: new Uint8Array(await readFile(file)) };
  } catch (error) {
    if (error instanceof RunFormatError) throw error;
    throw new CliError(`${flag}: got "${file}", expected a file that can be read`);
  }
}

// ---- folders to write to

interface Claim {
  /** Whether what is there may be given up. */
  readonly force: boolean;
  /** The folder of the run that is gone on with. */
  readonly resume: string | undefined;
}

export interface RunFolder {
  readonly files: AtomicFiles;
  /** Whether it is the folder of the run that is gone on with. */
  readonly isSame: boolean;
  /** Takes away the folders that were made for it, if nothing was written. */
  readonly discardIfEmpty: () => Promise<void>;
}

/**
 * A folder for a run, made where it is missing and tried.
 * @throws CliError naming the flag, if it cannot be written, or holds what is not this run's.
 */
export async function claimRunFolder(
  folder: string,
  flag: string,
  { force, resume }: Claim,
): Promise<RunFolder> {
  const made = await makeFolder(folder, flag);
  const discardIfEmpty = (): Promise<void> => removeEmpty(folder, made);
  try {
    const isSame = resume !== undefined && (await isSameFolder(folder, resume));
    if (!force) await refuseForeign(folder, flag, isSame);
    await tryWriting(folder, flag);
    const files = await openFolder(nodeFolder(folder), {
      replace: force && !isSame,
      editable: [CARD],
    });
    return { files, isSame, discardIfEmpty };
  } catch (error) {
    await discardIfEmpty();
    throw error;
  }
}

/** @returns the outermost folder that had to be made, if any. */
async function makeFolder(folder: string, flag: string): Promise<string | undefined> {
  try {
    return await mkdir(folder, { recursive: true });
  } catch (error) {
    throw unwritable(folder, flag, error);
  }
}

async function tryWriting(folder: string, flag: string): Promise<void> {
  const path = join(folder, `.exit-lab-trial-${process.pid}`);
  try {
    await writeFile(path, new Uint8Array(4096), { flush: true });
  } catch (error) {
    throw unwritable(folder, flag, error);
  } finally {
    await rm(path, { force: true }).catch(() => undefined);
  }
}

function unwritable(folder: string, flag: string, error: unknown): CliError {
  const reason = error instanceof Error ? error.message : String(error);
  return new CliError(`${flag}: got "${folder}", expected a folder that can be written: ${reason}`);
}

async function isSameFolder(a: string, b: string): Promise<boolean> {
  const real = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));
  return (await real(a)) === (await real(b));
}

async function refuseForeign(folder: string, flag: string, isSame: boolean): Promise<void> {
  const names = (await readdir(folder)).filter((name) => !OF_THE_SYSTEM.includes(name));
  const isOurs = await hasManifest(folder);
  const holdsRun = isOurs || names.includes(RUN);
  if (holdsRun && isSame) return;
  if (holdsRun) {
    const way = `expected a new or empty folder, --resume "${folder}" to go on with that run, or --force to replace it`;
    throw new CliError(`${flag}: got "${folder}", which holds another run; ${way}`);
  }
  if (names.length === 0) return;
  const [first, ...others] = names.sort();
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  throw new CliError(
    `${flag}: got "${folder}", which holds other files (${first}${more}); expected a new or empty folder, or --force to write there all the same`,
  );
}

async function removeEmpty(folder: string, made: string | undefined): Promise<void> {
  if (made === undefined) return;
  const outermost = resolve(made);
  for (let path = resolve(folder); path.startsWith(outermost); path = dirname(path)) {
    const isGone = await rmdir(path).then(
      () => true,
      () => false,
    );
    if (!isGone) return;
  }
}
