import { useMemo, useRef } from 'react';
import { metric } from '../../../spec/metrics.ts';
import type { RunState } from '../../../store/run.ts';
import { chartData } from '../../charts/bucket.ts';
import type { ChartData } from '../../charts/bucket.ts';
import { ChartCard } from '../../charts/ChartCard.tsx';
import { referenceMarks } from '../../charts/marks.ts';
import type { ReferenceMark } from '../../charts/marks.ts';
import { depthStyles, seriesStyles } from '../../charts/series.ts';
import { useTurn } from '../../charts/useTurn.ts';
import type { StepChartSpec } from './catalog.ts';

/** Share of the past in the smoothed line. */
const SMOOTHING = 0.6;
/** A stack draws every bucket once per layer. */
const MOST_STACKED = 100;

/** Metrics over training steps. */
export function StepChart({ spec }: { readonly spec: StepChartSpec }) {
  const frame = useRef<HTMLElement>(null);
  const { data, marks } = useTurn(frame, (run) => viewOf(run, spec));
  const styles = useMemo(
    () => (spec.stacked ? depthStyles(spec.ids) : seriesStyles(spec.ids, true)),
    [spec],
  );
  return (
    <ChartCard
      frame={frame}
      title={spec.title}
      symbol={spec.symbol}
      explanation={spec.explanation}
      styles={styles}
      data={data}
      stacked={spec.stacked ?? false}
      xLabel="step"
      domain={sharedDomain(spec)}
      marks={marks}
      empty="Appears with the first steps."
    />
  );
}

function viewOf(
  run: RunState,
  { ids, stacked }: StepChartSpec,
): { data: ChartData; marks: ReferenceMark[] } {
  const options = stacked ? { most: MOST_STACKED } : {};
  return {
    data: chartData(run.history, { ids, smoothing: SMOOTHING, ...options }),
    marks: referenceMarks(run.marks),
  };
}

/** The axis is fixed only where every metric has the same bounds. */
function sharedDomain({ ids }: StepChartSpec): readonly [number, number] | undefined {
  const domains = ids.map((id) => metric(id).domain);
  const [first] = domains;
  return domains.every((d) => d?.[0] === first?.[0] && d?.[1] === first?.[1]) ? first : undefined;
}
