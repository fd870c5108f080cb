/**
 * A set of files as a folder that other programs read: every file has its own name, and `manifest.json`
 * lists them with their hashes. A commit writes each file beside (`<name>.<generation>.new`), renames a new
 * manifest over the former one, which is the moment from which the new state counts, and then renames the
 * files into their places. Who was stopped in between is helped out on opening: what a hash does not fit
 * is taken from beside.
 */
import { RunFormatError } from '../../checks.ts';
import { MANIFEST } from '../../run-paths.ts';
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
  isContent,
  mixture,
  planCommit,
  readManifest,
  sizesOf,
  writeManifest,
  type FileEntry,
  type Manifest,
} from '../manifest.ts';

/** What a folder can do; paths are relative to it. Each is one act, which happens or does not. */
export interface FolderOperations {
  /** Undefined where there is no such file. */
  read(path: string): Promise<Bytes | undefined>;
  /** In bytes; undefined where there is no such file. */
  size(path: string): Promise<number | undefined>;
  /** Of the files directly in a folder, '' for the set's own; none where there is no such folder. */
  names(folder: string): Promise<readonly string[]>;
  /** Makes missing folders; flushed to the disk. */
  write(path: string, bytes: Bytes): Promise<void>;
  /** Over what is there; flushed to the disk. */
  rename(from: string, to: string): Promise<void>;
  /** Nothing where there is no such file. */
  remove(path: string): Promise<void>;
}

export interface FolderOptions {
  /** Reading works in a folder that cannot be written to. */
  readonly mode?: Mode;
  /** Files that people may change: theirs stay, and are not written over. */
  readonly editable?: readonly string[];
  /** What the folder holds is given up with the first commit, whatever it is. */
  readonly replace?: boolean;
}

/**
 * The files that were committed to a folder; none where it has no manifest.
 * @throws RunFormatError naming the file that belongs to another state.
 */
export async function openFolder(
  operations: FolderOperations,
  { mode = 'write', replace = false, editable = [] }: FolderOptions = {},
): Promise<AtomicFiles> {
  const bytes = await operations.read(MANIFEST);
  const manifest = await manifestOf(bytes, replace);
  const folder = new Folder(operations, { manifest, bytes, givenUp: replace, editable });
  if (!replace) await folder.findBeside();
  if (mode === 'write') await folder.tidy();
  return folder;
}

async function manifestOf(bytes: Bytes | undefined, replace: boolean): Promise<Manifest> {
  if (bytes === undefined) return EMPTY;
  try {
    return readManifest(MANIFEST, bytes);
  } catch (error) {
    if (replace) return EMPTY;
    throw error;
  }
}

interface Found {
  readonly manifest: Manifest;
  /** Of the manifest, by which a change from outside is noticed. */
  readonly bytes: Bytes | undefined;
  readonly givenUp: boolean;
  readonly editable: readonly string[];
}

class Folder implements AtomicFiles {
  private manifest: Manifest;
  private manifestBytes: Bytes | undefined;
  /** Files of the last commit that are not in their places yet. */
  private readonly beside = new Set<string>();
  /** What the next commit takes away beside what it is told. */
  private givenUp: readonly string[];
  private readonly editable: readonly string[];
  private readonly exclusive = inTurn();

  constructor(
    private readonly operations: FolderOperations,
    { manifest, bytes, givenUp, editable }: Found,
  ) {
    this.editable = editable;
    this.manifestBytes = bytes;
    this.givenUp = givenUp ? [...manifest.files.keys()] : [];
    this.manifest = givenUp ? { ...manifest, files: new Map(), removed: [] } : manifest;
  }

  get generation(): number {
    return this.manifest.generation;
  }

  list(): ReadonlyMap<string, number> {
    return sizesOf(this.manifest);
  }

  async read(path: string): Promise<Bytes> {
    const entry = this.manifest.files.get(path);
    if (!entry) throw missingFile(path, this.manifest.files.keys());
    const bytes = await this.operations.read(this.beside.has(path) ? besideOf(path, entry) : path);
    if (!bytes) throw mixture(path, entry, 'no file');
    if (this.editable.includes(path)) return bytes;
    return checkContent(path, bytes, entry);
  }

  commit(changes: Changes): Promise<void> {
    return this.exclusive(() => this.commitNow(changes));
  }

  private async commitNow(changes: Changes): Promise<void> {
    await this.settle();
    const plan = await planCommit(this.manifest, await this.withoutEdited(changes));
    const { writes } = plan;
    const extra = this.givenUp.filter((path) => !plan.manifest.files.has(path));
    const manifest = { ...plan.manifest, removed: [...plan.manifest.removed, ...extra] };
    if (writes.size + manifest.removed.length === 0) return;
    const bytes = writeManifest(manifest);
    await this.writeBeside(new Map([...writes, [MANIFEST, bytes]]), manifest);
    this.manifest = manifest;
    this.manifestBytes = bytes;
    this.givenUp = [];
    for (const path of writes.keys()) this.beside.add(path);
    // The new state lasts already: what hinders its files now is tried again with the next commit.
    await this.settle().catch(() => undefined);
  }

  private async withoutEdited({ write = new Map(), remove = [] }: Changes): Promise<Changes> {
    const left = new Map(write);
    for (const path of this.editable) {
      const entry = this.manifest.files.get(path);
      const bytes = entry && (await this.operations.read(path));
      if (bytes && !(await isContent(bytes, entry))) left.delete(path);
    }
    return { write: left, remove };
  }

  /** Up to the moment from which the new state counts; nothing of it is left where it does not come to that. */
  private async writeBeside(files: ReadonlyMap<string, Bytes>, next: Manifest): Promise<void> {
    const places: string[] = [];
    try {
      for (const [path, content] of files) {
        const place = besideOf(path, next);
        places.push(place);
        await this.operations.write(place, content);
      }
      await this.checkUnchanged();
      await this.operations.rename(besideOf(MANIFEST, next), MANIFEST);
    } catch (error) {
      for (const place of places) await this.operations.remove(place).catch(() => undefined);
      throw error;
    }
  }

  /** @throws RunFormatError if another program has committed meanwhile: one of both would be lost. */
  private async checkUnchanged(): Promise<void> {
    const now = await this.operations.read(MANIFEST);
    const before = this.manifestBytes;
    const same =
      now?.length === before?.length && (now ?? []).every((byte, i) => byte === before![i]);
    if (!same) throw new RunFormatError(MANIFEST, 'was changed by another program meanwhile');
  }

  /**
   * Finds the files that a commit did not come to rename.
   * @throws RunFormatError naming a file that is of neither state.
   */
  async findBeside(): Promise<void> {
    for (const [path, entry] of this.manifest.files) {
      if (await this.isInPlace(path, entry)) continue;
      const beside = await this.operations.read(besideOf(path, entry));
      if (!beside || !(await isContent(beside, entry))) {
        const size = await this.operations.size(path);
        if (this.editable.includes(path)) {
          if (size === undefined) this.forget(path);
          continue;
        }
        throw mixture(path, entry, size === undefined ? 'no file' : `other ${size} bytes`);
      }
      this.beside.add(path);
    }
  }

  /** Somebody took it away: it is written anew with the next commit. */
  private forget(path: string): void {
    const files = new Map(this.manifest.files);
    files.delete(path);
    this.manifest = { ...this.manifest, files };
  }

  /** Files of earlier commits were in place when the last one began: their content is checked when read. */
  private async isInPlace(path: string, entry: FileEntry): Promise<boolean> {
    if ((await this.operations.size(path)) !== entry.bytes) return false;
    if (entry.generation < this.manifest.generation) return true;
    const bytes = await this.operations.read(path);
    return bytes !== undefined && isContent(bytes, entry);
  }

  /** Puts the files of the last commit into their places, and takes away what it removed. */
  private async settle(): Promise<void> {
    const { operations, manifest, beside } = this;
    for (const path of beside) {
      await operations.rename(besideOf(path, manifest.files.get(path)!), path);
      beside.delete(path);
    }
    for (const path of manifest.removed) {
      if (!manifest.files.has(path)) await operations.remove(path);
    }
  }

  /** What commits left over that were stopped before they counted. */
  async tidy(): Promise<void> {
    await this.settle();
    const folders = new Set(['', ...[...this.manifest.files.keys()].map(folderOf)]);
    for (const folder of folders) {
      for (const name of await this.operations.names(folder)) {
        if (BESIDE.test(name)) await this.operations.remove(folder ? `${folder}/${name}` : name);
      }
    }
  }
}

const BESIDE = /\.\d+\.new$/;

function besideOf(path: string, { generation }: { readonly generation: number }): string {
  return `${path}.${generation}.new`;
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
