/**
 * A set of files where nothing can be renamed: each commit writes files of new names and then one of two
 * index files in turn. Each index has its own hash, and the whole one with the highest generation counts;
 * one that was cut off in the middle of writing does not, and its forerunner does.
 */
import { decodeText, encodeText, RunFormatError } from '../../checks.ts';
import {
  inTurn,
  missingFile,
  type AtomicFiles,
  type Bytes,
  type Changes,
  type Mode,
} from '../files.ts';
import {
  checkContent,
  EMPTY,
  mixture,
  planCommit,
  readManifest,
  sha256,
  sizesOf,
  writeManifest,
  type Manifest,
} from '../manifest.ts';

/** Files in one folder. A write that is cut off may leave anything under its own name, and nothing else. */
export interface PlainFolder {
  /** Undefined where there is no such file. */
  read(name: string): Promise<Bytes | undefined>;
  names(): Promise<readonly string[]>;
  /** Resolves when it lasts. */
  write(name: string, bytes: Bytes): Promise<void>;
  remove(name: string): Promise<void>;
}

const INDEX_NAMES = ['index-0.json', 'index-1.json'] as const;

/** @throws RunFormatError if there are files, and both indices are damaged. */
export async function openAlternating(
  folder: PlainFolder,
  mode: Mode = 'write',
): Promise<AtomicFiles> {
  const manifest = await newestManifest(folder);
  const files = new AlternatingFiles(folder, manifest);
  // What is left over takes room, no more: it is tried again with the next commit. To a reader it may be
  // what somebody is about to commit.
  if (mode === 'write') await files.clean().catch(() => undefined);
  return files;
}

class AlternatingFiles implements AtomicFiles {
  private readonly exclusive = inTurn();

  constructor(
    private readonly folder: PlainFolder,
    private manifest: Manifest,
  ) {}

  get generation(): number {
    return this.manifest.generation;
  }

  list(): ReadonlyMap<string, number> {
    return sizesOf(this.manifest);
  }

  async read(path: string): Promise<Bytes> {
    const entry = this.manifest.files.get(path);
    if (!entry) throw missingFile(path, this.manifest.files.keys());
    const bytes = await this.folder.read(nameOf(path, entry));
    if (!bytes) throw mixture(path, entry, 'no file');
    return checkContent(path, bytes, entry);
  }

  commit(changes: Changes): Promise<void> {
    return this.exclusive(() => this.commitNow(changes));
  }

  private async commitNow(changes: Changes): Promise<void> {
    const { manifest, writes } = await planCommit(this.manifest, changes);
    if (writes.size + manifest.removed.length === 0) return;
    try {
      for (const [path, bytes] of writes) await this.folder.write(nameOf(path, manifest), bytes);
      await this.checkUnchanged();
      await writeIndex(this.folder, manifest);
    } catch (error) {
      // An index that was written whole counts, whatever was said of its writing.
      if (!(await this.counts(manifest))) {
        await this.clean().catch(() => undefined);
        throw error;
      }
    }
    this.manifest = manifest;
    await this.clean().catch(() => undefined);
  }

  private async counts(manifest: Manifest): Promise<boolean> {
    const newest = await newestManifest(this.folder).catch(() => EMPTY);
    return (
      decodeText('index', writeManifest(newest)) === decodeText('index', writeManifest(manifest))
    );
  }

  /** @throws RunFormatError if another page has committed meanwhile: one of both would be lost. */
  private async checkUnchanged(): Promise<void> {
    const { generation } = await newestManifest(this.folder);
    if (generation === this.generation) return;
    throw new RunFormatError(
      'index',
      `got save ${generation}, expected ${this.generation}: another page has changed it meanwhile`,
    );
  }

  /** Takes away what no index needs. */
  async clean(): Promise<void> {
    const { generation, files } = await newestManifest(this.folder);
    // Another page's commit is not ours to judge.
    if (generation > this.generation) return;
    const needed = new Set([...files].map(([path, entry]) => nameOf(path, entry)));
    for (const name of await this.folder.names()) {
      if (!needed.has(name) && !INDEX_NAMES.some((index) => index === name)) {
        await this.folder.remove(name);
      }
    }
  }
}

/** Folders are part of the name: `steps/1-20.bin` of the third commit is `steps~1-20.bin.3`. */
function nameOf(path: string, { generation }: { readonly generation: number }): string {
  return `${path.replaceAll('/', '~')}.${generation}`;
}

// ---- indices: the hash of the rest on the first line

async function writeIndex(folder: PlainFolder, manifest: Manifest): Promise<void> {
  const content = writeManifest(manifest);
  const head = encodeText(`${await sha256(content)}\n`);
  const bytes = new Uint8Array(head.length + content.length);
  bytes.set(head);
  bytes.set(content, head.length);
  await folder.write(INDEX_NAMES[manifest.generation % 2]!, bytes);
}

async function newestManifest(folder: PlainFolder): Promise<Manifest> {
  const indices = await Promise.all(INDEX_NAMES.map((name) => readIndex(folder, name)));
  const whole = indices.filter((one) => one !== undefined && one !== 'damaged');
  if (whole.length > 0) return whole.reduce((a, b) => (a.generation > b.generation ? a : b));
  // The first of all was cut off: nothing was ever committed.
  if (indices.every((one) => one === undefined) || indices[0] === undefined) return EMPTY;
  throw new RunFormatError('index', 'both indices are damaged');
}

async function readIndex(
  folder: PlainFolder,
  name: string,
): Promise<Manifest | 'damaged' | undefined> {
  const bytes = await folder.read(name);
  if (!bytes) return undefined;
  const end = bytes.indexOf(NEWLINE);
  const content = bytes.slice(end + 1);
  try {
    const isWhole =
      decodeText(name, bytes.subarray(0, Math.max(0, end))) === (await sha256(content));
    return isWhole ? readManifest(name, content) : 'damaged';
  } catch {
    return 'damaged';
  }
}

const NEWLINE = 10;
