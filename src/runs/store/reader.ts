/** A run from the files that a writer wrote: as it stands, or as it stood at one of its checkpoints. */
import type { StepRecord } from '../../schema/records.ts';
import { fromFiles, type RunBundle } from '../bundle.ts';
import { encodeText, RunFormatError } from '../checks.ts';
import { writeMetrics } from '../metrics-file.ts';
import { decodeSegment, SegmentEncoder } from '../recording/segment.ts';
import {
  checkpointPath,
  checkpointSteps,
  isOfFolder,
  isSegment,
  METRICS,
  segmentPath,
  segmentsIn,
} from '../run-paths.ts';
import { unzip, type BundleFile } from '../zip.ts';
import type { AtomicFiles } from './files.ts';

/** From how many bytes on a segment is not written to any more, before compression. */
export const SEGMENT_BYTES = 2 ** 21;

async function filesOf(
  files: AtomicFiles,
  wanted: (path: string) => boolean,
): Promise<BundleFile[]> {
  const paths = [...files.list().keys()].filter(wanted);
  return Promise.all(paths.map(async (path) => ({ path, bytes: await files.read(path) })));
}

const isStep = (path: string): boolean => isSegment(path) && path.startsWith('steps/');

/**
 * The run as it was last saved, without the records of its steps: `recordsOf` reads those one by one.
 * @throws RunFormatError naming the file and what is wrong with it.
 */
export async function readBundle(files: AtomicFiles): Promise<RunBundle> {
  return fromFiles(await filesOf(files, (path) => !isStep(path) && !isOfFolder(path)));
}

/** The run as it was last saved, with the records of its steps: what an export holds. */
export async function readWholeBundle(files: AtomicFiles): Promise<RunBundle> {
  return fromFiles(await filesOf(files, (path) => !isOfFolder(path)));
}

/**
 * The records of a run's steps, in their order; none where they were not kept.
 * @throws RunFormatError naming the segment that is damaged, or does not hold what its name says.
 */
export async function* recordsOf(files: AtomicFiles): AsyncGenerator<StepRecord> {
  for (const { path } of segmentsIn('steps', files.list().keys())) {
    yield* recordsIn([{ path, bytes: await files.read(path) }]);
  }
}

/** The same of segments that are at hand. */
export async function* recordsIn(segments: readonly BundleFile[]): AsyncGenerator<StepRecord> {
  const contents = new Map(segments.map(({ path, bytes }) => [path, bytes]));
  for (const { path, from, to } of segmentsIn('steps', contents.keys())) {
    let next = from;
    for await (const record of decodeSegment(path, contents.get(path)!)) {
      if (record.step !== next || next > to) {
        throw new RunFormatError(
          path,
          `holds step ${record.step}, expected ${next} of ${from} to ${to}`,
        );
      }
      next++;
      yield record;
    }
    if (next !== to + 1)
      throw new RunFormatError(path, `ends before step ${next}, expected up to ${to}`);
  }
}

/** Records that follow each other, as the files that a run keeps them in. */
export async function segmentsFrom(records: Iterable<StepRecord>): Promise<BundleFile[]> {
  const segments: { from: number; to: number; encoder: SegmentEncoder }[] = [];
  for (const record of records) {
    const { step } = record;
    let last = segments.at(-1);
    if (!last || last.encoder.bytes >= SEGMENT_BYTES) {
      last = { from: step, to: step, encoder: new SegmentEncoder() };
      segments.push(last);
    }
    last.encoder.add(record);
    last.to = step;
  }
  return Promise.all(
    segments.map(async ({ from, to, encoder }) => ({
      path: segmentPath('steps', from, to),
      bytes: await encoder.compressed(),
    })),
  );
}

/** The steps that the run can go back to, rising; the last is where it stands. */
export function checkpointsOf(files: AtomicFiles, step: number): number[] {
  return [...checkpointSteps(files.list().keys()).filter((one) => one < step), step];
}

/**
 * The run as it was at one of its checkpoints: later steps, metrics and evaluations are cut off.
 * @throws RangeError if there is no such checkpoint.
 */
export async function readBundleAt(files: AtomicFiles, step: number): Promise<RunBundle> {
  const now = await readBundle(files);
  const done = now.run?.step ?? 0;
  if (step === done) return readWholeBundle(files);
  const known = checkpointsOf(files, done);
  if (!known.includes(step)) {
    throw new RangeError(`step: got ${step}, expected a checkpoint: one of ${known.join(', ')}`);
  }
  const rows = now.rows.filter((row) => row.step <= step);
  return fromFiles([
    ...unzip(await files.read(checkpointPath(step))),
    { path: METRICS, bytes: encodeText(writeMetrics(rows)) },
    ...(await stepsUpTo(files, step)),
  ]);
}

async function stepsUpTo(files: AtomicFiles, step: number): Promise<BundleFile[]> {
  const segments = segmentsIn('steps', files.list().keys()).filter(({ from }) => from <= step);
  return Promise.all(
    segments.map(async ({ path, from, to }) => {
      const file = { path, bytes: await files.read(path) };
      return to <= step ? file : cut(file, from, step);
    }),
  );
}

async function cut(file: BundleFile, from: number, to: number): Promise<BundleFile> {
  const encoder = new SegmentEncoder();
  for await (const record of recordsIn([file])) if (record.step <= to) encoder.add(record);
  return { path: segmentPath('steps', from, to), bytes: await encoder.compressed() };
}
