/**
 * Sets of files that change as a whole: whoever is stopped in the middle of a change, by a kill or a full
 * disk, leaves the former state or the new one, never some files of each. A run is kept in one such set.
 */

export type Bytes = Uint8Array<ArrayBuffer>;

/** What a commit changes; all other files stay as they are. */
export interface Changes {
  /** Path → content. Paths are relative, of letters, digits and `-_.`, with `/` between folders. */
  readonly write?: ReadonlyMap<string, Bytes>;
  /** Paths; those that are not there are passed over. */
  readonly remove?: Iterable<string>;
}

export interface AtomicFiles {
  /** Rises with each commit; 0 where nothing was committed yet. */
  readonly generation: number;
  /** Path → size in bytes, as of the last commit. */
  list(): ReadonlyMap<string, number>;
  /**
   * @throws RangeError if the set has no such file.
   * @throws RunFormatError if it is not what was committed.
   */
  read(path: string): Promise<Bytes>;
  /**
   * Resolves when all of it lasts. Rejects when none of it does: the set is then as it was, and can be
   * committed to again.
   */
  commit(changes: Changes): Promise<void>;
}

/** Reading leaves everything as it is, so that it may go on beside somebody who writes. */
export type Mode = 'read' | 'write';

/** Where sets of files are kept, each by its name: letters, digits, `-` and `_`. */
export interface FileSets {
  names(): Promise<readonly string[]>;
  /**
   * The set as it was last committed; an empty one where there is none. Only one may be open for writing.
   * @throws RunFormatError if it is damaged.
   */
  open(name: string, mode?: Mode): Promise<AtomicFiles>;
  /** All of a set; nothing where there is none. */
  remove(name: string): Promise<void>;
}

export function totalBytes(files: AtomicFiles): number {
  return [...files.list().values()].reduce((sum, bytes) => sum + bytes, 0);
}

/** What `read` says of a path that is not there. */
export function missingFile(path: string, files: Iterable<string>): RangeError {
  return new RangeError(
    `path: got "${path}", expected one of ${[...files].join(', ') || 'no files'}`,
  );
}

export function isSetName(name: string): boolean {
  return /^[\w-]+$/.test(name);
}

/** @throws RangeError if it is none. */
export function checkSetName(name: string): void {
  if (isSetName(name)) return;
  throw new RangeError(`name: got "${name}", expected letters, digits, - and _`);
}

/** Runs one body after the other: the state that a commit starts from must not change under it. */
export function inTurn(): <T>(body: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (body) => {
    const result = last.then(body);
    last = result.catch(() => undefined);
    return result;
  };
}
