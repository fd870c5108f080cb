import { useMemo } from 'react';
import { STRATEGIES } from '../../../schema/presets.ts';
import { baselineCurve, uniformControls } from '../../../app/baselines.ts';
import { useBaselines, useUniformControl } from '../../../app/hooks.ts';
import type { UniformRun } from './lines.ts';

/**
 * The run that drew from its buffer uniformly, which a rising depth has to be read against: one that a
 * person keeps, else the recorded one where the run in view has its shape. Null where there is none.
 */
export function useUniformRun(): UniformRun | null {
  const kept = useBaselines(uniformControls)[0];
  const control = useUniformControl();
  return useMemo(() => {
    const curve = kept && baselineCurve(kept, 'start_depth/mean');
    if (curve) {
      return { steps: curve.steps, meanDepth: curve.values, label: `kept run: ${kept.label}` };
    }
    return control && { ...control, label: `recorded: ${STRATEGIES['exit-uniform'].label}` };
  }, [kept, control]);
}
