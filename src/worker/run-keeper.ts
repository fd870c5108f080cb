/**
 * Keeps the run that is trained as it goes, so that whatever ends the page ends the run nowhere. Where
 * nothing can be kept, training goes on all the same, and the page is told so once.
 */
import { toFiles, type RunBundle } from '../runs/bundle.ts';
import { zip, type BundleFile } from '../runs/zip.ts';
import {
  RunInUseError,
  type OpenRun,
  type RunStore,
  type StoredRun,
} from '../runs/store/run-store.ts';
import { bundleOf } from '../training/export.ts';
import type { Session, SessionStep } from '../training/session.ts';
import type { KeptRun } from './protocol.ts';
import type { Emit } from './wire.ts';

export interface KeeperOptions {
  /** Rejects where the browser keeps nothing; absent where nothing is to be kept. */
  readonly openStore?: () => Promise<RunStore>;
  /** Milliseconds. */
  readonly clock: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly emit: Emit;
  /** What a run rests on beside its own files is kept before it. */
  readonly keepModel?: (session: Session) => Promise<void>;
}

/** A run from the store, to be trained on or only to be looked at. */
export interface OpenedRun {
  readonly stored: StoredRun;
  readonly id: string;
  /** Undefined where another window writes it. */
  readonly run: OpenRun | undefined;
}

/** Between two saves, in ms. A save writes megabytes, so that once a second would wear the disk. */
const SHORTEST = 1_000;
const LONGEST = 60_000;
/** An end at any moment costs no more than this share of what was trained, nor more than these ms. */
const MOST_LOST_SHARE = 0.1;
const MOST_LOST = 10_000;
/** So many times as long as a save takes lies between two, where the disk is slow. */
const REST_TIMES = 10;
/** A page that is being left lets go of its run a moment after the next one asks for it. */
const TRIES = 12;
const BETWEEN_TRIES_MS = 150;

export class RunKeeper {
  private store: Promise<RunStore> | undefined;
  private run: OpenRun | undefined;
  private label: Pick<KeptRun, 'id' | 'name'> | undefined;
  /** Nothing of this session is kept: it cannot be, or somebody else writes it. */
  private isOff = false;
  private isReadOnly = false;
  private isUnsaved = false;
  /** False from a step that went wrong on: the last checkpoint is better than what stands now. */
  private isSound = true;
  /** When training of this run began here, and the last save; of that, how long it took. */
  private began = 0;
  private saved = -Infinity;
  private took = 0;
  /** The save that is under way, if one is. */
  private saving: Promise<void> = Promise.resolve();
  private isSaving = false;
  private isTold = false;
  /** Since when saves find no room, and a person knows that checkpoints will be dropped. */
  private fullSince: number | undefined;

  constructor(private readonly options: KeeperOptions) {}

  /** Of the run that is trained; undefined while none is kept. */
  get id(): string | undefined {
    return this.label?.id;
  }

  // ---- which run

  /** Lets go of the former run, and begins with one that is not kept until its first step. */
  async begin(): Promise<void> {
    await this.close();
    this.options.emit('kept', null);
  }

  /** The same with a run from the store. */
  async adopt({ id, stored, run }: OpenedRun): Promise<void> {
    await this.close();
    this.run = run;
    this.isOff = this.isReadOnly = run === undefined;
    this.label = { id, name: stored.about.name };
    this.began = this.saved = this.options.clock();
    this.tell(stored.about.step);
  }

  /** @throws RangeError if there is no such run. @throws RunFormatError if it is damaged. */
  async open(id: string): Promise<OpenedRun> {
    if (id === this.run?.id) throw new RangeError(`run: "${id}" is open here already`);
    const store = await this.opened();
    const run = await this.write(store, id);
    try {
      return { id, run, stored: await store.read(id) };
    } catch (error) {
      await run?.close();
      throw error;
    }
  }

  private async write(store: RunStore, id: string): Promise<OpenRun | undefined> {
    for (let tries = 1; ; tries++) {
      try {
        return await store.write(id);
      } catch (error) {
        if (!(error instanceof RunInUseError)) throw error;
        if (tries === TRIES) return undefined;
        await this.options.wait(BETWEEN_TRIES_MS);
      }
    }
  }

  private opened(): Promise<RunStore> {
    const { openStore } = this.options;
    if (!openStore) return Promise.reject(new Error('this browser keeps no runs'));
    this.store ??= openStore();
    return this.store;
  }

  async close(): Promise<void> {
    await this.saving;
    const { run } = this;
    this.run = this.label = undefined;
    this.isOff = this.isReadOnly = this.isUnsaved = false;
    this.isSound = true;
    await run?.close().catch(() => undefined);
  }

  // ---- while it is trained

  /** @throws Error if another window writes the run. */
  check(): void {
    if (this.isReadOnly) throw new Error(READ_ONLY);
  }

  /** Keeps the run as it stands, if it is not kept yet. */
  async ensure(session: Session, bundle?: RunBundle): Promise<void> {
    if (this.run || this.isOff || !this.options.openStore) return;
    await this.orTell(async () => {
      const store = await this.opened();
      await this.options.keepModel?.(session);
      const id = await store.create(bundle ?? (await bundleOf(session)));
      this.run = await store.write(id);
      const { about } = await store.read(id);
      this.label = { id, name: about.name };
      // The first step is saved at once: how long that takes decides how often it is done.
      this.saved = -Infinity;
      this.began = this.options.clock();
      this.tell(about.step);
    });
    // Another try at each step would cost each step.
    this.isOff = this.run === undefined;
    this.began = this.options.clock();
  }

  async add(session: Session, { record, row }: SessionStep): Promise<void> {
    // An update that was undone may be the first of three: then the run goes back to before it.
    this.isSound = row.skipped_updates === undefined;
    if (!this.run) return this.remember(session);
    this.run.add(record);
    this.isUnsaved = true;
    if (!this.isSaving && this.options.clock() - this.saved >= this.pause()) {
      await this.beginSave(session);
    }
  }

  /** By the page, which outlives this worker, where there is no store. */
  private async remember(session: Session): Promise<void> {
    const { clock, emit } = this.options;
    const began = clock();
    if (!this.isOff || this.isReadOnly || !this.isSound) return;
    if (began - this.saved < this.pause()) return;
    const bytes = zip(toFiles(await bundleOf(session)));
    emit('snapshot', { step: session.history.state.step, bytes });
    this.saved = clock();
    this.took = this.saved - began;
  }

  private pause(): number {
    const trained = this.options.clock() - this.began;
    const risked = Math.min(MOST_LOST_SHARE * trained, MOST_LOST);
    return Math.min(Math.max(risked, REST_TIMES * this.took, SHORTEST), LONGEST);
  }

  /** The run is no longer as it was last saved. */
  touch(): void {
    this.isUnsaved = true;
  }

  /** What stands now is not to be saved: a step broke off. */
  spoil(): void {
    this.isSound = false;
  }

  /** Resolves when it is done; nothing where there is nothing new. */
  async save(session: Session): Promise<void> {
    await this.saving;
    await this.beginSave(session);
    await this.saving;
  }

  /** Resolves when all is taken down that the run is now: it may go on while that is written. */
  private async beginSave(session: Session): Promise<void> {
    const { run } = this;
    if (!run || !this.isUnsaved || !this.isSound) return;
    const { clock } = this.options;
    const began = clock();
    const bundle = await bundleOf(session, run.metricsUpTo);
    const { step } = session.history.state;
    this.isUnsaved = false;
    this.isSaving = true;
    const written = run.save(bundle);
    this.saving = this.orTell(async () => {
      try {
        await written;
        this.isTold = false;
        this.fullSince = undefined;
        this.tell(step);
      } catch (error) {
        this.isUnsaved = true;
        throw isOutOfRoom(error) ? await this.withoutRoom(error, bundle) : error;
      } finally {
        this.isSaving = false;
        this.saved = clock();
        this.took = this.saved - began;
      }
    });
  }

  /**
   * Says that earlier checkpoints of other runs will be dropped, and does so where a minute later there still
   * is no room: until then a person can delete what they need less.
   */
  private async withoutRoom(cause: Error, bundle: RunBundle): Promise<Error> {
    const now = this.options.clock();
    this.fullSince ??= now;
    if (now - this.fullSince >= WARNED_MS) {
      const wanted = ROOM_TIMES * totalSize(toFiles(bundle));
      const room = await (await this.opened()).makeRoom(wanted).catch(() => undefined);
      if (room && room.checkpoints > 0) this.options.emit('madeRoom', room);
    }
    return new Error(`${cause.message}. ${WARNING}`, { cause });
  }

  /** The files of an export, records of its steps included; undefined where it is not kept as it stands. */
  async export(session: Session): Promise<readonly BundleFile[] | undefined> {
    await this.save(session);
    if (!this.run || this.isUnsaved) return undefined;
    return (await this.opened()).export(this.run.id).catch(() => undefined);
  }

  private tell(step: number): void {
    const { label, isReadOnly } = this;
    if (label) this.options.emit('kept', { ...label, step, isReadOnly });
  }

  private async orTell(body: () => Promise<void>): Promise<void> {
    try {
      await body();
    } catch (error) {
      if (this.isTold) return;
      this.isTold = true;
      this.options.emit('unkept', {
        message: error instanceof Error ? error.message : String(error),
      });
    }
  }
}

/** Between the warning and the first checkpoint that is dropped, in ms. */
const WARNED_MS = 60_000;
/** Room is made for so many saves. */
const ROOM_TIMES = 4;
const WARNING =
  'If there is no room in a minute either, earlier checkpoints of other runs are dropped, oldest first: delete runs that you do not need, or export what you want to keep.';

/** As browsers and Node say that a disk, or what may be used of it, is full. */
function isOutOfRoom(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return error.name === 'QuotaExceededError' || ('code' in error && error.code === 'ENOSPC');
}

function totalSize(files: readonly BundleFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

const READ_ONLY =
  'this run is being trained in another window; duplicate it to go on with a copy of it here';
