/** A run that goes another way from here. */
import { changedParams, isLive, type Config } from '../../schema/params.ts';
import type { RunBundle } from '../bundle.ts';

/**
 * The run as if the parameters had been changed where it stands.
 * @throws RangeError naming a parameter that cannot change.
 */
export function withChanges(bundle: RunBundle, changes: Partial<Config>): RunBundle {
  const { run } = bundle;
  if (!run) return bundle;
  const config = { ...run.config, ...changes };
  const changed = changedParams(run.config, config);
  const fixed = changed.find((id) => !isLive(id) && id !== 'backend');
  if (fixed !== undefined) {
    throw new RangeError(
      `${fixed}: got ${config[fixed]}, expected ${run.config[fixed]}: it cannot change within a run`,
    );
  }
  const marks = changed.map((param) => ({
    step: run.step + 1,
    param,
    from: run.config[param],
    to: config[param],
  }));
  return { ...bundle, run: { ...run, config, marks: [...run.marks, ...marks] } };
}
