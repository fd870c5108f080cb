/**
 * Writes a run down while it is trained: each save is one commit of its newest checkpoint, the steps and
 * metrics since the last one, and what is said of it. An end at any moment costs what came after the last
 * save, and nothing of what came before.
 */
import type { MetricRow } from '../../schema/metrics.ts';
import type { StepRecord } from '../../schema/records.ts';
import { toFiles, toFilesWithoutMetrics, type RunBundle } from '../bundle.ts';
import { encodeText } from '../checks.ts';
import { writeMetrics } from '../metrics-file.ts';
import { SegmentEncoder } from '../recording/segment.ts';
import type { RunContent } from '../run-file.ts';
import {
  ABOUT,
  CARD,
  checkpointPath,
  checkpointSteps,
  isOfFolder,
  isSegment,
  METRICS,
  segmentPath,
  segmentsIn,
} from '../run-paths.ts';
import { zip, type BundleFile } from '../zip.ts';
import {
  aboutOf,
  defaultName,
  readAbout,
  writeAbout,
  type Labels,
  type RunAbout,
} from './about.ts';
import type { AtomicFiles, Bytes } from './files.ts';
import { readBundleAt, SEGMENT_BYTES } from './reader.ts';
import { thinnedOut } from './thinning.ts';

export interface WriterOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** What a new run is called, and where it comes from. */
  readonly labels?: Partial<Pick<RunAbout, 'name' | 'note' | 'parent'>>;
  /** Segments of steps that a new run has from an earlier one, which are written with its first save. */
  readonly carried?: readonly BundleFile[];
  /** So many steps lie between the checkpoints that are kept beside the newest, at least. */
  readonly keepEvery?: number;
  readonly sizes?: Sizes;
}

/** From how many bytes on a file is not written to any more. */
export interface Sizes {
  /** Before compression. */
  readonly steps: number;
  readonly metrics: number;
}

export interface SaveOptions {
  /** Puts all metrics into one file, as other programs read them: for the end of a run. */
  readonly whole?: boolean;
  readonly labels?: Labels;
}

const SIZES: Sizes = { steps: SEGMENT_BYTES, metrics: 2 ** 19 };
const KEEP_EVERY = 20;

/** A stretch of steps that is not complete on the disk yet. */
interface OpenSegment {
  readonly from: number;
  to: number;
  readonly encoder: SegmentEncoder;
  /** Of one that takes no more steps. */
  sealed?: Promise<Bytes>;
  /** What holds the beginning of it on the disk. */
  path?: string;
}

/** Which rows of metrics are in files that are not written to any more. */
interface MetricsState {
  readonly closedTo: number;
  /** The file that holds those since, if there is one yet. */
  readonly openPath?: string;
}

/** What one save is going to do, and what has to be remembered once it is done. */
interface Draft {
  readonly write: Map<string, Bytes>;
  readonly remove: string[];
  readonly done: (() => void)[];
}

export class RunWriter {
  private readonly open: OpenSegment[] = [];
  private metrics: MetricsState;
  private lastRecorded: number | undefined;
  private carried: readonly BundleFile[];
  private readonly sizes: Sizes;
  private saving: Promise<RunAbout> | undefined;

  private constructor(
    private readonly files: AtomicFiles,
    private current: RunAbout | undefined,
    private readonly options: WriterOptions,
  ) {
    this.sizes = options.sizes ?? SIZES;
    const paths = [...files.list().keys()];
    this.carried = current ? [] : (options.carried ?? []);
    const steps = segmentsIn('steps', current ? paths : this.carried.map(({ path }) => path));
    this.lastRecorded = steps.at(-1)?.to;
    this.metrics = metricsStateOf(files, current?.step ?? 0, this.sizes.metrics);
  }

  /** Goes on with the run that the files hold, or begins one where they hold none. */
  static async open(files: AtomicFiles, options: WriterOptions): Promise<RunWriter> {
    const has = files.list().has(ABOUT);
    const about = has ? readAbout(await files.read(ABOUT)) : undefined;
    return new RunWriter(files, about, options);
  }

  /** As of the last save; undefined before the first. */
  get about(): RunAbout | undefined {
    return this.current;
  }

  /** The step up to which rows of metrics are in files that are not written to any more. */
  get metricsUpTo(): number {
    return this.metrics.closedTo;
  }

  /**
   * Takes a step down, to be written with the next save.
   * @throws RangeError if it does not follow the one before.
   */
  add(record: StepRecord): void {
    const { lastRecorded } = this;
    if (lastRecorded !== undefined && record.step !== lastRecorded + 1) {
      throw new RangeError(`step: got ${record.step}, expected ${lastRecorded + 1}`);
    }
    const segment = this.openSegment(record.step);
    segment.encoder.add(record);
    segment.to = this.lastRecorded = record.step;
    if (segment.encoder.bytes >= this.sizes.steps) segment.sealed = segment.encoder.compressed();
  }

  private openSegment(step: number): OpenSegment {
    const last = this.open.at(-1);
    if (last && !last.sealed) return last;
    const segment = { from: step, to: step, encoder: new SegmentEncoder() };
    this.open.push(segment);
    return segment;
  }

  /** Forgets the steps since the last save: the run has gone back to it. Not while a save is under way. */
  discard(): void {
    this.open.length = 0;
    this.lastRecorded = segmentsIn('steps', this.files.list().keys()).at(-1)?.to;
  }

  /**
   * Writes the run as it stands. Rejects if that is not possible: what was saved before is then still
   * there, and what was not is tried again with the next save. Where no save is under way, all that the run
   * is now has been taken down when this returns its promise: the run may go on while the rest is done.
   */
  async save(bundle: RunBundle, options: SaveOptions = {}): Promise<RunAbout> {
    while (this.saving) await this.saving.catch(() => undefined);
    this.saving = this.saveNow(bundle, options);
    try {
      return await this.saving;
    } finally {
      this.saving = undefined;
    }
  }

  private async saveNow(
    bundle: RunBundle,
    { whole = false, labels }: SaveOptions,
  ): Promise<RunAbout> {
    const { run, rows } = bundle;
    if (!run) throw new RangeError('run: got weights only, expected a run');
    if (this.lastRecorded !== undefined && this.lastRecorded !== run.step) {
      throw new RangeError(
        `step: got ${run.step}, expected ${this.lastRecorded}, the last recorded`,
      );
    }
    const draft: Draft = { write: new Map(), remove: [], done: [] };
    const about = { ...this.aboutNow(run, rows), ...labels };
    // All that the run is now, before anything is waited for: it may go on meanwhile.
    for (const { path, bytes } of toFilesWithoutMetrics({ ...bundle, steps: this.carried })) {
      draft.write.set(path, bytes);
    }
    draft.write.set(ABOUT, writeAbout(about));
    this.draftMetrics(draft, { rows, step: run.step, whole });
    await this.draftSteps(draft);
    await this.draftCheckpoints(draft, run.step);
    await this.files.commit(draft);
    for (const done of draft.done) done();
    this.carried = [];
    this.current = about;
    return about;
  }

  private aboutNow(run: RunContent, rows: readonly MetricRow[]): RunAbout {
    const { labels, now } = this.options;
    const saved = now();
    const first = {
      created: saved,
      note: '',
      parent: null,
      name: defaultName(run.config),
      ...labels,
    };
    return aboutOf(run, rows, { ...(this.current ?? first), saved });
  }

  private draftMetrics(
    draft: Draft,
    now: { rows: readonly MetricRow[]; step: number; whole: boolean },
  ): void {
    const { closedTo, openPath } = now.whole ? { closedTo: 0 } : this.metrics;
    const rows = now.rows.filter((row) => row.step > closedTo);
    if (rows.length === 0 && closedTo > 0) return;
    const path = closedTo === 0 ? METRICS : segmentPath('metrics', closedTo + 1, now.step);
    const bytes = encodeText(writeMetrics(rows));
    draft.write.set(path, bytes);
    if (now.whole) draft.remove.push(...pathsOfMetrics(this.files).filter((one) => one !== path));
    else if (openPath !== undefined && openPath !== path) draft.remove.push(openPath);
    const isFull = bytes.length >= this.sizes.metrics;
    draft.done.push(() => {
      this.metrics = isFull ? { closedTo: now.step } : { closedTo, openPath: path };
    });
  }

  private async draftSteps(draft: Draft): Promise<void> {
    const snapshot = this.open.map((segment) => {
      const { from, to, encoder, sealed } = segment;
      const path = segmentPath('steps', from, to);
      return { segment, path, isFull: sealed !== undefined, bytes: sealed ?? encoder.compressed() };
    });
    for (const { segment, path, isFull, bytes } of snapshot) {
      const before = segment.path;
      draft.write.set(path, await bytes);
      if (before !== undefined && before !== path) draft.remove.push(before);
      draft.done.push(() => {
        segment.path = path;
        const at = this.open.indexOf(segment);
        if (isFull && at >= 0) this.open.splice(at, 1);
      });
    }
  }

  /** What was the newest until now is kept if it is far enough from the one kept before. */
  private async draftCheckpoints(draft: Draft, step: number): Promise<void> {
    const { keepEvery = KEEP_EVERY } = this.options;
    const paths = [...this.files.list().keys()];
    const kept = checkpointSteps(paths);
    const former = this.current?.step;
    if (former === undefined || former >= step) return;
    if (kept.length > 0 && former - kept.at(-1)! < keepEvery) return;
    draft.write.set(checkpointPath(former), await this.zipped(paths));
    const dropped = thinnedOut([...kept, former], step);
    for (const one of dropped) {
      if (!draft.write.delete(checkpointPath(one))) draft.remove.push(checkpointPath(one));
    }
  }

  /** The checkpoint that the files hold. Steps and metrics are the run's: they are cut to it when it is read. */
  private async zipped(paths: readonly string[]): Promise<Bytes> {
    const isOwn = (path: string): boolean =>
      !isSegment(path) && !isOfFolder(path) && path !== METRICS && path !== CARD;
    const own = paths.filter(isOwn);
    const read = async (path: string): Promise<BundleFile> => ({
      path,
      bytes: await this.files.read(path),
    });
    return zip(await Promise.all(own.map(read)));
  }
}

/**
 * Makes one of its checkpoints the state of a run, and cuts off all that came later.
 * @throws RangeError if there is no such checkpoint.
 */
export async function goBackTo(files: AtomicFiles, step: number, now: number): Promise<RunAbout> {
  const { run, ...bundle } = await readBundleAt(files, step);
  if (!run) throw new RangeError('run: got weights only, expected a run');
  const about = aboutOf(run, bundle.rows, { ...readAbout(await files.read(ABOUT)), saved: now });
  const contents = toFiles({ ...bundle, run }).map(({ path, bytes }): [string, Bytes] => [
    path,
    bytes,
  ]);
  const write = new Map([...contents, [ABOUT, writeAbout(about)]]);
  const keeps = (path: string): boolean =>
    write.has(path) || checkpointSteps([path]).some((one) => one < step);
  await files.commit({ write, remove: [...files.list().keys()].filter((path) => !keeps(path)) });
  return about;
}

function pathsOfMetrics(files: AtomicFiles): string[] {
  const paths = [...files.list().keys()];
  const later = segmentsIn('metrics', paths).map(({ path }) => path);
  return paths.includes(METRICS) ? [METRICS, ...later] : later;
}

function metricsStateOf(files: AtomicFiles, step: number, most: number): MetricsState {
  const sizes = files.list();
  const openPath = pathsOfMetrics(files).at(-1);
  if (openPath === undefined) return { closedTo: 0 };
  if (sizes.get(openPath)! >= most) return { closedTo: step };
  const segment = segmentsIn('metrics', [openPath])[0];
  return { closedTo: segment ? segment.from - 1 : 0, openPath };
}
