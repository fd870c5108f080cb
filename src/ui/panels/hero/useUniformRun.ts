import { useMemo } from 'react';
import type { BaselinesState } from '../../../store/baselines.ts';
import { useBaselines } from '../../../store/hooks.ts';
import type { UniformRun } from './lines.ts';

/** The newest run that is kept to compare with and drew from its buffer uniformly; null without one. */
export function useUniformRun(): UniformRun | null {
  const history = useBaselines(uniformHistory);
  return useMemo(() => {
    const depths = history?.columns.get('start_depth/mean');
    if (!history || !depths) return null;
    return {
      steps: history.steps.subarray(0, history.length),
      meanDepth: depths.subarray(0, history.length),
    };
  }, [history]);
}

/** The run in progress is drawn anyway. */
function uniformHistory({ baselines }: BaselinesState) {
  return baselines.findLast(
    ({ strategy, visible, following }) => strategy === 'uniform' && visible && !following,
  )?.history;
}
