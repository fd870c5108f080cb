import type { ReactNode } from 'react';
import { TERMS } from '../../../schema/glossary.ts';
import type { MetricId } from '../../../schema/metrics.ts';
import { useFocus } from '../../../app/hooks.ts';
import { stepInView } from '../../../app/focus.ts';
import type { MetricHistory } from '../../../app/history.ts';
import { rowOfStep } from '../../../app/profiles.ts';
import type { RunState } from '../../../app/run.ts';
import { Explain } from '../../controls/Explain.tsx';
import { formatNumber } from '../../format.ts';
import { freshShares, uniformDepth } from './columns.ts';

/** The step in view in numbers; the newest one where none is looked at. */
export function Readout({ run }: { readonly run: RunState }) {
  const { profiles, history } = run;
  const looked = useFocus(stepInView);
  const step = looked ?? profiles.steps[profiles.length - 1];
  if (step === undefined || profiles.length === 0) return null;
  const row = rowOfStep(profiles, step);
  const control = row < 0 ? NaN : uniformDepth(profiles, row, freshShares(profiles, history)(row));
  const of = (id: MetricId): number => metricAt(history, id, step);
  return (
    <dl className="figures curriculum-readout" data-testid="curriculum-readout">
      <Figure name="Step">{step}</Figure>
      <Figure name="Mean depth">{formatNumber(of('start_depth/mean'))}</Figure>
      <Figure name="Uniform draw">{formatNumber(control)}</Figure>
      <Figure name="Deepest">{formatNumber(of('start_depth/max'))}</Figure>
      <Figure name="Fresh / improve / diverge">
        {(['share/fresh', 'share/improve', 'share/diverge'] as const)
          .map((id) => percent(of(id)))
          .join(' / ')}
      </Figure>
      <Figure
        name={
          <>
            Learnability <Explain what={TERMS.S} />
          </>
        }
      >
        {formatNumber(of('learnability/mean'))}
      </Figure>
    </dl>
  );
}

function Figure({ name, children }: { readonly name: ReactNode; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${Math.round(share * 100)}%` : '–';
}

/** NaN where the step or the metric is not there. */
export function metricAt(history: MetricHistory, id: MetricId, step: number): number {
  // Steps follow each other, so the row is known but for a run that has gaps.
  const expected = step - (history.steps[0] ?? 0);
  const row =
    history.steps[expected] === step
      ? expected
      : history.steps.subarray(0, history.length).indexOf(step);
  return row < 0 || row >= history.length ? NaN : (history.columns.get(id)?.[row] ?? NaN);
}
