/**
 * Every run that was begun, kept as it goes: where, is a driver's business. Runs are listed, renamed,
 * deleted with a way back, duplicated and forked at any of their checkpoints; each is written by one page or
 * process at a time.
 */
import type { Config } from '../../schema/params.ts';
import type { StepRecord } from '../../schema/records.ts';
import { fromFiles, toFiles, type RunBundle } from '../bundle.ts';
import { RunFormatError } from '../checks.ts';
import { ABOUT } from '../run-paths.ts';
import type { BundleFile } from '../zip.ts';
import { readAbout, writeAbout, type Labels, type RunAbout } from './about.ts';
import { totalBytes, type AtomicFiles, type Bytes, type FileSets, type Mode } from './files.ts';
import type { Locks } from './locks.ts';
import { checkpointsOf, readBundle, readBundleAt, readWholeBundle, recordsOf } from './reader.ts';
import { withChanges } from './fork.ts';
import { dropCheckpoints, makeRoom, type Room } from './room.ts';
import { INDEX_SET, labelsOf, RunIndex, type Index, type IndexEntry } from './run-index.ts';
import { goBackTo, RunWriter, type WriterOptions } from './writer.ts';

export interface StoreOptions {
  readonly sets: FileSets;
  readonly locks: Locks;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A name for a new run that no other has: letters, digits and `-`. */
  readonly newId: () => string;
}

/** What a list says of a run. */
export interface RunSummary extends RunAbout {
  readonly id: string;
  /** On the disk, checkpoints and all. */
  readonly bytes: number;
}

/** Somebody else writes the run. */
export class RunInUseError extends Error {
  override readonly name = 'RunInUseError';

  constructor(readonly id: string) {
    super(`run: "${id}" is being trained or changed in another window`);
  }
}

/** A run to be read. */
export interface StoredRun {
  readonly about: RunAbout;
  /** As it was last saved, without the records of its steps. */
  readonly bundle: RunBundle;
  /** The steps that it can go back to or be forked at, rising; the last is where it stands. */
  readonly checkpoints: readonly number[];
  /** In their order. To be read before the run is written on: a later save may take files away. */
  readonly records: () => AsyncGenerator<StepRecord>;
}

/** A run that is being written. Nobody else can until it is closed. */
export interface OpenRun {
  readonly id: string;
  /** A save needs the rows of metrics after this step only. */
  readonly metricsUpTo: number;
  /** @throws RangeError if the step does not follow the one before. */
  add(record: StepRecord): void;
  /** Forgets the steps since the last save: the run has gone back to it. */
  discard(): void;
  /** All at once or not at all; see `RunWriter.save`. */
  save(bundle: RunBundle): Promise<void>;
  close(): Promise<void>;
}

export class RunStore {
  private readonly index: RunIndex;

  constructor(private readonly options: StoreOptions) {
    this.index = new RunIndex(options.sets, options.locks);
  }

  // ---- many runs

  /** The newest save first; without those that were deleted. */
  async list(): Promise<readonly RunSummary[]> {
    return summaries(await this.upToDate(), (entry) => entry.deleted === null);
  }

  /** What `restore` brings back. */
  async listDeleted(): Promise<readonly RunSummary[]> {
    return summaries(await this.upToDate(), (entry) => entry.deleted !== null);
  }

  async rename(id: string, name: string): Promise<void> {
    await this.index.change(id, { name });
  }

  async setNote(id: string, note: string): Promise<void> {
    await this.index.change(id, { note });
  }

  /** Out of the list, and still there until it is purged. */
  async remove(id: string): Promise<void> {
    await this.index.change(id, { deleted: this.options.now() });
  }

  async restore(id: string): Promise<void> {
    await this.index.change(id, { deleted: null });
  }

  /** Gives up for good what was deleted before a time; what somebody writes is passed over. */
  async purge(before = Infinity): Promise<void> {
    for (const [id, { deleted }] of await this.index.read()) {
      if (deleted === null || deleted >= before) continue;
      const release = await this.options.locks.tryHold(lockOf(id));
      if (!release) continue;
      try {
        await this.index.update((index) => void index.delete(id));
        await this.options.sets.remove(id);
      } finally {
        release();
      }
    }
  }

  /**
   * Gives up earlier checkpoints of runs that nobody writes until so many bytes are free: those of the run
   * that was saved longest ago first, its oldest first. What a run stands at is never given up.
   */
  async makeRoom(bytes: number): Promise<Room> {
    const runs = summaries(await this.index.read(), () => true);
    const ids = runs.toSorted((a, b) => a.saved - b.saved).map(({ id }) => id);
    return makeRoom(ids, bytes, async (id, wanted) => {
      const release = await this.hold(id);
      try {
        const files = await this.existing(id, 'write');
        const room = await dropCheckpoints(files, wanted);
        await this.index.change(id, { bytes: totalBytes(files) }).catch(() => undefined);
        return room;
      } finally {
        release();
      }
    });
  }

  // ---- one run

  /**
   * Keeps a run that is not in the store yet: a new one at its first step, or one from files.
   * @returns its id.
   */
  async create(bundle: RunBundle, labels: WriterOptions['labels'] = {}): Promise<string> {
    const id = this.options.newId();
    const files = await this.options.sets.open(id);
    const { now } = this.options;
    const writer = await RunWriter.open(files, { now, labels, carried: bundle.steps ?? [] });
    const about = await writer.save(bundle);
    await this.enter(id, { ...about, bytes: totalBytes(files) });
    return id;
  }

  /** @throws RunFormatError if the files are no run. */
  async import(
    files: readonly BundleFile[],
    labels: WriterOptions['labels'] = {},
  ): Promise<string> {
    return this.create(fromFiles(files), labels);
  }

  /** The run as the files of an export: what it takes to go on, and the records of its steps. */
  async export(id: string): Promise<readonly BundleFile[]> {
    return this.reading(id, async (files) => toFiles(await readWholeBundle(files)));
  }

  /** @throws RangeError if there is no such run. @throws RunFormatError if it is damaged. */
  async read(id: string): Promise<StoredRun> {
    const { name, note } = (await this.index.read()).get(id) ?? {};
    return this.reading(id, async (files) => {
      const bundle = await readBundle(files);
      const about = readAbout(await files.read(ABOUT));
      return {
        about: {
          ...about,
          ...(name !== undefined && { name }),
          ...(note !== undefined && { note }),
        },
        bundle,
        checkpoints: checkpointsOf(files, about.step),
        records: () => recordsOf(files),
      };
    });
  }

  /** The run as it was at one of its checkpoints. */
  async readAt(id: string, step: number): Promise<RunBundle> {
    return this.reading(id, (files) => readBundleAt(files, step));
  }

  /**
   * Goes on writing a run.
   * @throws RunInUseError if somebody else does.
   */
  async write(id: string): Promise<OpenRun> {
    const release = await this.hold(id);
    try {
      const files = await this.existing(id, 'write');
      const writer = await RunWriter.open(files, { now: this.options.now });
      await this.index.change(id, { writing: true });
      const said = (await this.index.read()).get(id);
      return this.openRun({ id, files, writer, release, labels: said && labelsOf(said) });
    } catch (error) {
      release();
      throw error;
    }
  }

  private openRun({ id, files, writer, release, labels: known }: Opened): OpenRun {
    let labels = known;
    return {
      id,
      get metricsUpTo() {
        return writer.metricsUpTo;
      },
      add: (record) => writer.add(record),
      discard: () => writer.discard(),
      save: async (bundle) => {
        // Before anything is waited for: the run may go on meanwhile. A newer name is the index's to keep.
        const about = await writer.save(bundle, labels && { labels });
        // Of a run that is being written the list asks the run itself: the index may be late.
        const entry = { ...about, bytes: totalBytes(files), writing: true };
        labels = (await this.enter(id, entry).catch(() => undefined)) ?? labels;
      },
      close: async () => {
        try {
          await this.index.change(id, { writing: false });
        } finally {
          release();
        }
      },
    };
  }

  /**
   * Goes back to one of the run's checkpoints, for good: what came later is cut off.
   * @throws RangeError if there is no such checkpoint. @throws RunInUseError if somebody writes the run.
   */
  async goBack(id: string, step: number): Promise<void> {
    const release = await this.hold(id);
    try {
      const files = await this.existing(id, 'write');
      const about = await goBackTo(files, step, this.options.now());
      await this.enter(id, { ...about, bytes: totalBytes(files) });
    } finally {
      release();
    }
  }

  /** @returns the id of a run that is the same in all but its name, checkpoints and all. */
  async duplicate(id: string, labels: Partial<Labels> = {}): Promise<string> {
    const { about } = await this.read(id);
    const copy = { ...about, name: `Copy of ${about.name}`, ...labels };
    const contents = await this.reading(id, contentsOf);
    const newId = this.options.newId();
    const files = await this.options.sets.open(newId);
    await files.commit({ write: new Map([...contents, [ABOUT, writeAbout(copy)]]) });
    await this.enter(newId, { ...copy, bytes: totalBytes(files) });
    return newId;
  }

  /**
   * A new run that begins where another one was at a checkpoint, with other values of live parameters.
   * @returns its id.
   * @throws RangeError if there is no such checkpoint, or a parameter that cannot change.
   */
  async fork(
    id: string,
    step: number,
    changes: Partial<Config> = {},
    labels: Partial<Labels> = {},
  ): Promise<string> {
    const { about } = await this.read(id);
    const bundle = withChanges(await this.readAt(id, step), changes);
    const name = `${about.name}, from step ${step}`;
    return this.create(bundle, { name, parent: { id, step }, ...labels });
  }

  // ---- parts

  private async hold(id: string): Promise<() => void> {
    const release = await this.options.locks.tryHold(lockOf(id));
    if (!release) throw new RunInUseError(id);
    return release;
  }

  /** @throws RangeError if there is no such run. */
  private async existing(id: string, mode: Mode): Promise<AtomicFiles> {
    const names = await this.options.sets.names();
    const files = names.includes(id) ? await this.options.sets.open(id, mode) : undefined;
    if (files && files.generation > 0) return files;
    throw new RangeError(`run: got "${id}", expected the id of a run in the store`);
  }

  /** Again where somebody has saved meanwhile: files of two saves were read then. */
  private async reading<T>(id: string, body: (files: AtomicFiles) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      const files = await this.existing(id, 'read');
      try {
        return await body(files);
      } catch (error) {
        const isTorn = error instanceof RunFormatError && tries < MOST_TRIES;
        const now = isTorn ? await this.existing(id, 'read').catch(() => undefined) : files;
        if (now?.generation === files.generation) throw error;
      }
    }
  }

  /** @returns what the run is called. */
  private async enter(id: string, entry: NewEntry): Promise<Labels> {
    let labels = labelsOf(entry);
    await this.index.update((index) => {
      const now = merged(entry, index.get(id));
      index.set(id, now);
      labels = labelsOf(now);
    });
    return labels;
  }

  /** The index, with what it missed: runs whose page ended between their save and its own. */
  private async upToDate(): Promise<Index> {
    // In this order: a run comes into the index after its files, and leaves it before them.
    const index = await this.index.read();
    const names = (await this.options.sets.names()).filter((name) => name !== INDEX_SET);
    const isStale = (id: string): boolean => index.get(id)?.writing ?? true;
    const looked = await Promise.all(names.filter(isStale).map((id) => this.look(id)));
    const fresh = looked.filter((found) => found !== undefined);
    const there = new Set(names);
    const gone = [...index.keys()].filter((id) => !there.has(id));
    const missing = fresh.filter(([id]) => !index.has(id));
    if (missing.length + gone.length > 0) {
      await this.index.update((now) => {
        for (const id of gone) now.delete(id);
        for (const [id, entry] of missing) now.set(id, merged(entry, now.get(id)));
      });
    }
    const here = [...index].filter(([id]) => there.has(id));
    return new Map([
      ...here,
      ...fresh.map(([id, entry]) => [id, merged(entry, index.get(id))] as const),
    ]);
  }

  private async look(id: string): Promise<[string, NewEntry] | undefined> {
    try {
      const files = await this.options.sets.open(id, 'read');
      return [id, { ...readAbout(await files.read(ABOUT)), bytes: totalBytes(files) }];
    } catch {
      // Nothing was saved yet, or it is damaged: what the index says of it is the best there is.
      return undefined;
    }
  }
}

const MOST_TRIES = 5;

type NewEntry = Omit<IndexEntry, 'deleted' | 'writing'> &
  Partial<Pick<IndexEntry, 'deleted' | 'writing'>>;

interface Opened {
  readonly id: string;
  readonly files: AtomicFiles;
  readonly writer: RunWriter;
  readonly release: () => void;
  readonly labels: Labels | undefined;
}

function lockOf(id: string): string {
  return `exit-lab run ${id}`;
}

/** What was said of it in the list stays. */
function merged(entry: NewEntry, before: IndexEntry | undefined): IndexEntry {
  const kept = { deleted: before?.deleted ?? null, writing: before?.writing ?? false };
  return { ...kept, ...entry, ...(before && labelsOf(before)) };
}

function summaries(index: Index, wanted: (entry: IndexEntry) => boolean): RunSummary[] {
  return [...index]
    .filter(([, entry]) => wanted(entry))
    .map(([id, { deleted: _d, writing: _w, ...summary }]) => ({ id, ...summary }))
    .sort((a, b) => b.saved - a.saved);
}

async function contentsOf(files: AtomicFiles): Promise<[string, Bytes][]> {
  const paths = [...files.list().keys()];
  return Promise.all(
    paths.map(async (path): Promise<[string, Bytes]> => [path, await files.read(path)]),
  );
}
