import { useMemo } from 'react';
import type { ShownExperiment } from '../../../app/comparison.ts';
import { useCompared } from '../../../app/comparison-hooks.ts';
import { useThrottled } from '../../useThrottled.ts';
import { CurveChart } from './CurveChart.tsx';
import { heldOutCurves } from './curves.ts';
import type { CurveGroup } from './curves.ts';

/** A redraw takes a while, and nobody reads a curve four times a second. */
const EVERY_MS = 1000;

/** The arms of the experiment as they are trained, and as they were judged on the way. */
export function CompareCurves() {
  const current = useCompared((state) => state.shown);
  const shown = useThrottled(current, EVERY_MS);
  if (shown === null || shown.curves.size === 0) return null;
  return <Curves shown={shown} />;
}

function Curves({ shown: { plan, curves, report } }: { readonly shown: ShownExperiment }) {
  const groups = useMemo(
    () =>
      plan.arms.map((name): CurveGroup => {
        const own = plan.runs.filter(({ arm }) => arm === name);
        return { name, curves: own.flatMap(({ job }) => curves.get(job) ?? []) };
      }),
    [plan, curves],
  );
  const heldOut = useMemo(
    () =>
      report && plan.experiment.budgets.at.length > 1
        ? heldOutCurves(report.analysis, plan.arms)
        : null,
    [plan, report],
  );
  return (
    <CurveChart
      title={plan.experiment.name}
      groups={groups}
      heldOut={heldOut}
      empty="Appears with the first step of the first run."
    />
  );
}
