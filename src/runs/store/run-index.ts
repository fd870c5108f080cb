/** The list of a store's runs in one file, so that a thousand of them are listed at once. */
import * as v from 'valibot';
import { checkObject, decodeText, encodeText, parseJson, toJson, whole } from '../checks.ts';
import { ABOUT_ENTRIES, type Labels, type RunAbout } from './about.ts';
import type { AtomicFiles, FileSets } from './files.ts';
import type { Locks } from './locks.ts';

export interface IndexEntry extends RunAbout {
  /** On the disk, checkpoints and all. */
  readonly bytes: number;
  /** When it was deleted; null while it is not. */
  readonly deleted: number | null;
  /** Whether somebody may have saved it since: it is looked at before it is listed. */
  readonly writing: boolean;
}

export type Index = ReadonlyMap<string, IndexEntry>;

/** The name of its set of files, which no run has. */
export const INDEX_SET = 'index';
const FILE = 'runs.json';
const FORMAT = 'exit-lab-runs';
const VERSION = 1;

const Entry = v.object(
  {
    ...ABOUT_ENTRIES,
    bytes: whole(0),
    deleted: v.nullable(v.number('a time')),
    writing: v.boolean('true or false'),
  },
  'what is said of a run',
);
const Schema = v.looseObject({
  format: v.literal(FORMAT, `"${FORMAT}"`),
  version: v.literal(VERSION, `${VERSION}, the version that this program reads`),
  runs: v.record(v.string(), Entry, 'runs by their id'),
});

export class RunIndex {
  constructor(
    private readonly sets: FileSets,
    private readonly locks: Locks,
  ) {}

  async read(): Promise<Index> {
    return entriesOf(await this.sets.open(INDEX_SET, 'read'));
  }

  /** No other page or process changes it meanwhile. */
  update(change: (index: Map<string, IndexEntry>) => void): Promise<void> {
    return this.locks.exclusive('exit-lab index of runs', async () => {
      const files = await this.sets.open(INDEX_SET);
      const index = new Map(await entriesOf(files));
      change(index);
      const content = { format: FORMAT, version: VERSION, runs: Object.fromEntries(index) };
      await files.commit({ write: new Map([[FILE, encodeText(toJson(FILE, content))]]) });
    });
  }

  /** Nothing where there is no such run. */
  change(id: string, values: Partial<IndexEntry>): Promise<void> {
    return this.update((index) => {
      const entry = index.get(id);
      if (entry) index.set(id, { ...entry, ...values });
    });
  }
}

/** One that cannot be read is made anew: the runs say of themselves what it says of them. */
async function entriesOf(files: AtomicFiles): Promise<Index> {
  if (!files.list().has(FILE)) return new Map();
  try {
    const json = parseJson(FILE, decodeText(FILE, await files.read(FILE)));
    return new Map(Object.entries(checkObject(FILE, Schema, json).runs));
  } catch {
    return new Map();
  }
}

/** What a person said of a run is the index's to keep: the run itself may be written by somebody else. */
export function labelsOf({ name, note }: Labels): Labels {
  return { name, note };
}
