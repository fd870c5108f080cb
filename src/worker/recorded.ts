/** A run that a session trains as a file that plays it. */
import { exportName } from '../training/export.ts';
import type { Session } from '../training/session.ts';
import type { SplitEvaluation } from '../training/session-info.ts';
import {
  writeRecording,
  type ControlRun,
  type RecordedStep,
  type Recording,
} from '../runs/recording/file.ts';
import type { BundleFile } from '../runs/zip.ts';
import type { StepRecord } from '../schema/records.ts';

/**
 * @param records of the run's newest steps, as far back as they are known.
 * @throws Error where there is none.
 */
export async function recordingOf(
  session: Session,
  records: Iterable<StepRecord>,
  controls: readonly ControlRun[],
): Promise<BundleFile> {
  const { marks, evaluations } = session.history;
  const steps = withEvaluations(
    records,
    evaluations.map((one) => ({ ...one, split: 'test' })),
  );
  const last = steps.at(-1);
  if (!last) throw new Error('there is nothing to record yet: no step of this run is known');
  const info = { ...session.info(), step: last.record.step };
  const path = `${exportName(session)}.bin`;
  return { path, bytes: await compressed({ info, steps, controls, marks }) };
}

/** Each evaluation before the step after which, or before which, it was made. */
function withEvaluations(
  records: Iterable<StepRecord>,
  evaluations: readonly SplitEvaluation[],
): RecordedStep[] {
  let before = -Infinity;
  return Array.from(records, (record) => {
    const own = evaluations.filter(({ step }) => step > before && step <= record.step);
    before = record.step;
    return { record, evaluations: own };
  });
}

async function compressed(recording: Recording): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([writeRecording(recording)])
    .stream()
    .pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
