/** A result to be shown to others: the run as it stands, in a file that plays it. */
import type { ControlRun } from '../runs/recording/file.ts';
import type { BundleFile } from '../runs/zip.ts';
import { controlBaseline, isUnchanged } from './control.ts';
import type { Lab } from './lab.ts';

/**
 * The steps that the worker still has, and the recorded controls that stand beside the run.
 * @throws Error where there is no step yet.
 */
export function recordRun(
  lab: Pick<Lab, 'ask' | 'recording' | 'config' | 'run'>,
): Promise<BundleFile> {
  return lab.ask('record', { controls: controlsBeside(lab) });
}

function controlsBeside({
  recording,
  config,
  run,
}: Pick<Lab, 'recording' | 'config' | 'run'>): readonly ControlRun[] {
  const { control, grpo } = recording.store.getState();
  const { applied } = config.getState();
  if (applied === null || !isUnchanged(run.getState().marks)) return [];
  return [control, grpo].flatMap((one) =>
    one !== null && controlBaseline(one, applied) !== null ? [one] : [],
  );
}
