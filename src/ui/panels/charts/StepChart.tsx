import { useMemo, useRef } from 'react';
import { comparedRuns } from '../../../app/control.ts';
import { useLab } from '../../../app/hooks.ts';
import { ChartCard } from '../../charts/ChartCard.tsx';
import { stepsCsv } from '../../charts/csv.ts';
import { useStepCursor } from '../../charts/cursor.ts';
import { useScheduledDraw } from '../../charts/useScheduledDraw.ts';
import type { StepChartSpec } from './catalog.ts';
import { stepView } from './stepView.ts';
import { comparison } from './comparison.ts';
import { useFile } from './useFile.ts';

/** Metrics over training. */
export function StepChart({ spec }: { readonly spec: StepChartSpec }) {
  const frame = useRef<HTMLElement>(null);
  const lab = useLab();
  const asked = useMemo(() => [lab.chartSettings, comparison(lab)], [lab]);
  const view = useScheduledDraw(
    frame,
    (run) => {
      const settings = lab.chartSettings.getState();
      return stepView(spec, { run, settings, compared: comparedRuns(lab) });
    },
    asked,
  );
  const cursor = useStepCursor(view.data.steps ?? []);
  const file = useFile(({ label, run, compared }) =>
    stepsCsv([{ label, history: run.history }, ...compared], spec.ids),
  );
  return (
    <ChartCard
      {...view}
      frame={frame}
      title={spec.title}
      symbol={spec.symbol}
      explanation={spec.explanation}
      stacked={spec.stacked ?? false}
      xLabel="step"
      cursor={cursor}
      file={file}
      empty="Appears with the first steps."
    />
  );
}
