/** What was asked of a run's steps as they were made, made again from their records. */
import type { StepRecord } from '../schema/records.ts';
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
