/** Test support: stops a driver at any one of its writes, renames and removals. */
import type { Bytes } from './files.ts';
import type { PlainFolder } from './drivers/alternating.ts';
import type { FolderOperations } from './drivers/folder.ts';

/** The act that does not happen, counted from 0, and whether the process ends with it. */
export interface Fault {
  readonly at: number;
  readonly kind: 'fails' | 'dies';
}

/** Passes acts on until its fault is due. */
export class Faults {
  acts = 0;
  private dead = false;

  constructor(private readonly fault: Fault | undefined) {}

  /** Whether the fault came to pass. */
  get happened(): boolean {
    return this.fault !== undefined && this.acts > this.fault.at;
  }

  /** @param cutOff what an act leaves behind that stops half way. */
  async act(perform: () => Promise<void>, cutOff?: () => Promise<void>): Promise<void> {
    this.checkAlive();
    const isDue = this.acts++ === this.fault?.at;
    if (!isDue) return perform();
    await cutOff?.();
    this.dead = this.fault?.kind === 'dies';
    throw new Error(`the disk is full at act ${this.acts - 1}`);
  }

  /** A process that has ended reads nothing either. */
  checkAlive(): void {
    if (this.dead) throw new Error('the process has ended');
  }
}

function firstHalf(bytes: Bytes): Bytes {
  return bytes.slice(0, bytes.length >> 1);
}

export function faultyPlainFolder(folder: PlainFolder, faults: Faults): PlainFolder {
  return {
    read: async (name) => {
      faults.checkAlive();
      return folder.read(name);
    },
    names: async () => {
      faults.checkAlive();
      return folder.names();
    },
    write: (name, bytes) =>
      faults.act(
        () => folder.write(name, bytes),
        () => folder.write(name, firstHalf(bytes)),
      ),
    remove: (name) => faults.act(() => folder.remove(name)),
  };
}

export function faultyFolder(folder: FolderOperations, faults: Faults): FolderOperations {
  return {
    ...folder,
    read: async (path) => {
      faults.checkAlive();
      return folder.read(path);
    },
    write: (path, bytes) =>
      faults.act(
        () => folder.write(path, bytes),
        () => folder.write(path, firstHalf(bytes)),
      ),
    rename: (from, to) => faults.act(() => folder.rename(from, to)),
    remove: (path) => faults.act(() => folder.remove(path)),
  };
}
