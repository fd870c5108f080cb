/** What was asked of a run's steps as they were made, made again from their records. */
import type { StepRecord } from '../schema/records.ts';
import type { BundleFile } from '../runs/zip.ts';
import { SegmentEncoder } from '../runs/recording/segment.ts';
import { segmentPath } from '../runs/run-paths.ts';
import { Archive } from '../runs/index/archive.ts';
import { profileOf } from '../runs/index/profile.ts';
import type { DepthProfile } from '../runs/index/queries.ts';

export interface Past {
  readonly archive: Archive;
  readonly profiles: readonly DepthProfile[];
  /** Null where the run has no steps, or none were kept. */
  readonly latest: StepRecord | null;
}

export function emptyPast(): Past {
  return { archive: new Archive(), profiles: [], latest: null };
}

/**
 * @param records in their order.
 * @param onStep told of each; may reject, to stop.
 */
export async function readPast(
  records: AsyncIterable<StepRecord>,
  onStep: (step: number) => void | Promise<void>,
): Promise<Past> {
  const archive = new Archive();
  const profiles: DepthProfile[] = [];
  let latest: StepRecord | null = null;
  for await (const record of records) {
    archive.add(record);
    profiles.push(profileOf(record));
    latest = record;
    await onStep(record.step);
  }
  return { archive, profiles, latest };
}

/** From how many bytes on, before compression, another segment is begun. */
const SEGMENT_BYTES = 2 ** 21;

/** What an archive holds of a run's steps, as files of an export. */
export async function segmentsOf(archive: Archive): Promise<BundleFile[]> {
  const range = archive.range();
  if (!range) return [];
  const files: BundleFile[] = [];
  let [from, encoder] = [range.from, new SegmentEncoder()];
  for (let step = range.from; step <= range.to; step++) {
    encoder.add(archive.record(step)!);
    if (encoder.bytes < SEGMENT_BYTES && step < range.to) continue;
    files.push({ path: segmentPath('steps', from, step), bytes: await encoder.compressed() });
    [from, encoder] = [step + 1, new SegmentEncoder()];
  }
  return files;
}
