/**
 * The workspace itself: an in-memory file system that calls are executed on. It is the core of memfs,
 * which runs in a browser as it does in Node.
 */
import { Superblock } from '@jsonjoy.com/fs-core';
import type { Token } from '../task.ts';
import type { Call } from './calls.ts';
import { compareWords, sorted, type DirectoryEntry, type FileEntry, type Tree } from './tree.ts';
import { COMMANDS, kindOf, ROOT, type CallError, type Kind } from './vocabulary.ts';

export interface CallResult {
  /** What went wrong, and at which argument; nothing was changed or printed then. */
  readonly error?: {
    readonly kind: CallError;
    readonly argument: number;
    /** The first directory that has the file, where it is absent from the current one. */
    readonly elsewhere?: Token;
  };
  /** What was printed, if the command prints. */
  readonly printed?: readonly Token[];
}

/** Rights and users play no part: everybody may do everything, everywhere. */
const NOBODY = {
  platform: 'linux',
  env: {},
  cwd: () => '/',
  emitWarning: () => undefined,
  getuid: () => 0,
  getgid: () => 0,
};
const MODE = 0o777;

/** A call failed at one of its arguments. */
class Failure extends Error {
  constructor(
    readonly kind: CallError,
    readonly argument: number,
  ) {
    super(kind);
  }
}

/**
 * Files are named relative to the current directory, as in any shell; directories by their name alone,
 * which is unique in a workspace, so that every path is one word.
 */
export class FileSystem {
  private readonly volume = new Superblock({ process: NOBODY });
  /** Absolute path of each directory, without the last slash. */
  private readonly paths = new Map<Token, string>([[ROOT, '']]);
  private cwd: Token;

  /** @throws RangeError if a directory's parent or a file's directory is not in the tree. */
  constructor({ cwd, dirs, files }: Tree) {
    const waiting = [...dirs];
    while (waiting.length > 0) {
      const at = waiting.findIndex(({ parent }) => this.paths.has(parent));
      if (at < 0) throw new RangeError(`${waiting[0]!.name}: its parent is not in the tree`);
      const [{ name, parent }] = waiting.splice(at, 1) as [DirectoryEntry];
      this.makeDirectory(name, parent);
    }
    for (const { name, dir, text } of files) {
      if (!this.paths.has(dir)) throw new RangeError(`${name}: ${dir} is not in the tree`);
      this.put(`${this.paths.get(dir)!}/${name}`, text);
    }
    this.cwd = cwd;
  }

  /** Executes one call. What cannot be done is told, never thrown. */
  run({ command, args }: Call): CallResult {
    try {
      checkKinds(COMMANDS[command], args);
      const printed = this.execute({ command, args });
      return printed ? { printed } : {};
    } catch (error) {
      if (error instanceof Failure) return { error };
      // The one failure left to the file system: the file that the first argument names is not there.
      if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
      const [elsewhere] = this.holders(args[0]!);
      return { error: { kind: 'absent', argument: 0, ...(elsewhere && { elsewhere }) } };
    }
  }

  tree(): Tree {
    const dirs: DirectoryEntry[] = [];
    for (const [name, path] of this.paths) {
      if (name !== ROOT) dirs.push({ name, parent: parentIn(path) });
    }
    const files: FileEntry[] = [];
    for (const [path, text] of Object.entries(this.volume.toJSON())) {
      if (text !== null) files.push({ name: nameIn(path), dir: parentIn(path), text });
    }
    return sorted({ cwd: this.cwd, dirs, files });
  }

  /** What the command prints; undefined if it does not print. */
  private execute({ command, args }: Call): readonly Token[] | undefined {
    const [first, second] = args as [Token, Token];
    switch (command) {
      case 'cd':
        this.directory(first, 0);
        this.cwd = first;
        return undefined;
      case 'mkdir':
        if (this.paths.has(first)) throw new Failure('exists', 0);
        return this.makeDirectory(first, this.cwd);
      case 'touch':
        return this.exists(this.here(first)) ? undefined : this.put(this.here(first), '');
      case 'mv':
        this.read(this.here(first));
        this.volume.rename(this.here(first), this.destination(first, second));
        return undefined;
      case 'cp': {
        const text = this.read(this.here(first));
        return this.put(this.destination(first, second), text);
      }
      case 'rm':
        this.volume.rm(this.here(first));
        return undefined;
      case 'write':
        this.read(this.here(first));
        return this.put(this.here(first), second);
      case 'cat':
        return [this.read(this.here(first))].filter((text) => text !== '');
      case 'grep': {
        const dir = this.directory(second, 1);
        return this.filesIn(dir).filter((name) => this.read(`${dir}/${name}`) === first);
      }
      case 'find':
        return this.holders(first);
      case 'ls':
        return this.namesIn(this.directory(first, 0));
      case 'count':
        return [`${this.filesIn(this.directory(first, 0)).length}`];
      case 'missing':
        return [command, first];
      default:
        return command satisfies never;
    }
  }

  private here(file: Token): string {
    return `${this.paths.get(this.cwd)!}/${file}`;
  }

  /** The directories that hold a file of this name, in order. */
  private holders(file: Token): Token[] {
    const having = [...this.paths].filter(([, path]) => this.exists(`${path}/${file}`));
    return having.map(([name]) => name).sort(compareWords);
  }

  private directory(name: Token, argument: number): string {
    const path = this.paths.get(name);
    if (path === undefined) throw new Failure('absent', argument);
    return path;
  }

  /** Where `mv` and `cp` put a file: into a directory under its name, or beside itself under another. */
  private destination(file: Token, to: Token): string {
    return kindOf(to) === 'file' ? this.here(to) : `${this.directory(to, 1)}/${file}`;
  }

  private makeDirectory(name: Token, parent: Token): undefined {
    const path = `${this.paths.get(parent)!}/${name}`;
    this.volume.mkdir(path, MODE);
    this.paths.set(name, path);
  }

  private put(path: string, text: Token): undefined {
    const place = this.volume.getLinkOrThrow(path.slice(0, -nameIn(path).length));
    const link =
      place.getChild(nameIn(path)) ?? this.volume.createLink(place, nameIn(path), false, MODE);
    link.getNode().setString(text);
  }

  private exists(path: string): boolean {
    return this.volume.getResolvedLink(path) !== null;
  }

  /** Throws the file system's own ENOENT if there is no such file. */
  private read(path: string): Token {
    return this.volume.getLinkOrThrow(path).getNode().getString();
  }

  private namesIn(path: string): Token[] {
    const { children } = this.volume.getLinkOrThrow(path === '' ? '/' : path);
    return [...children.keys()].filter((name) => !name.startsWith('.')).sort(compareWords);
  }

  private filesIn(path: string): Token[] {
    return this.namesIn(path).filter((name) => kindOf(name) === 'file');
  }
}

function checkKinds(allowed: readonly (readonly Kind[])[], args: readonly Token[]): void {
  allowed.forEach((kinds, argument) => {
    const kind = kindOf(args[argument]);
    if (!kind || !kinds.includes(kind)) throw new Failure('misfit', argument);
  });
}

function nameIn(path: string): Token {
  return path.slice(path.lastIndexOf('/') + 1);
}

function parentIn(path: string): Token {
  return path.split('/').at(-2) || ROOT;
}
