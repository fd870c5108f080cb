import { useMemo, useRef, useState } from 'react';
import { isUnchanged } from '../../../app/control.ts';
import { stepInView } from '../../../app/focus.ts';
import {
  useFocus,
  useControlBaseline,
  useGrpoBaseline,
  useBaselines,
  useRunConfig,
} from '../../../app/hooks.ts';
import { shownBaselines, strategyOf } from '../../../app/baselines.ts';
import type { RunState } from '../../../app/run.ts';
import { useScheduledDraw } from '../../charts/useScheduledDraw.ts';
import { useWidth } from '../../charts/useSize.ts';
import { Segmented } from '../../controls/Segmented.tsx';
import { useMediaQuery } from '../../useMediaQuery.ts';
import { LearningCurve, type GhostCurve } from './LearningCurve.tsx';
import { defaultMeasure, learningCurve, ofTest, pointAt, type Measure } from './learning.ts';
import './overview.css';

const MEASURES = [
  { value: 'solved', label: 'Solved' },
  { value: 'quality', label: 'Quality' },
] as const satisfies readonly { value: Measure; label: string }[];

/** Is it learning: what revising comes to on held-out tasks, beside trying afresh as often, and GRPO. */
export function LearningPanel() {
  const frame = useRef<HTMLElement>(null);
  const plot = useRef<HTMLDivElement>(null);
  const width = useWidth(plot);
  const low = useMediaQuery('(max-height: 819px)');
  const { evaluations, marks, history } = useScheduledDraw(frame, itself);
  const [chosen, setChosen] = useState<Measure | null>(null);
  const measure = chosen ?? defaultMeasure(evaluations);
  const points = useMemo(() => learningCurve(evaluations, measure), [evaluations, measure]);
  const [uniform, grpo] = [useControlBaseline(), useGrpoBaseline()];
  const runs = useRunConfig();
  const kept = useBaselines(shownBaselines);
  const looked = useFocus(stepInView);
  const newest = points.at(-1)?.step ?? 0;
  const ghosts = useMemo((): GhostCurve[] => {
    const others = kept.map((one) => ({ ...one, kind: 'kept' as const }));
    // What is recorded beside a run is of the method that it is not itself.
    const own = runs && strategyOf(runs);
    const recorded = [
      ...(uniform && own !== 'exit-uniform'
        ? [{ ...uniform, label: 'uniform priority', kind: 'uniform' as const }]
        : []),
      ...(grpo && own !== 'grpo' ? [{ ...grpo, label: 'GRPO', kind: 'grpo' as const }] : []),
    ].filter(() => isUnchanged(marks));
    return [...recorded, ...others].map(({ label, kind, slot, evaluations: made }) => ({
      ...{ label, kind, slot },
      // Not beyond the run itself: it is no spoiler.
      points: learningCurve(made, measure).filter(({ step }) => step <= newest),
    }));
  }, [newest, uniform, grpo, runs, kept, marks, measure]);
  const now = pointAt(points, looked);
  const depth = ofTest(evaluations).at(-1)?.depth ?? 16;
  const last = history.length > 0 ? history.steps[history.length - 1]! : 0;
  return (
    <section className="learning" aria-labelledby="learning-title" ref={frame}>
      <div className="overview-head">
        <h2 id="learning-title">Is it learning?</h2>
        <Segmented label="Measure" options={MEASURES} value={measure} choose={setChosen} />
      </div>
      <dl className="learning-figures" data-testid="learning-figures">
        <Figure kind="revised" share={now?.revised.mean} measure={measure}>
          after {depth} revisions
        </Figure>
        <Figure kind="resampled" share={now?.resampled.mean} measure={measure}>
          best of {depth + 1} fresh tries
        </Figure>
        {ghosts
          .filter(({ kind }) => kind !== 'kept')
          .map(({ kind, label, points: of }) => (
            <Figure
              key={kind}
              kind={kind}
              share={now && pointAt(of, now.step)?.revised.mean}
              measure={measure}
            >
              {label}
            </Figure>
          ))}
      </dl>
      <div ref={plot}>
        <LearningCurve
          {...{ points, ghosts, width, last, depth, measure }}
          height={low ? 124 : 176}
          at={looked === null ? null : (now?.step ?? null)}
        />
      </div>
    </section>
  );
}

interface FigureProps {
  readonly kind: 'revised' | 'resampled' | GhostCurve['kind'];
  readonly share: number | undefined;
  readonly measure: Measure;
  readonly children: React.ReactNode;
}

function Figure({ kind, share, measure, children }: FigureProps) {
  return (
    <div className={`learning-figure ${kind}`}>
      <dt>{children}</dt>
      <dd>
        {share === undefined
          ? '–'
          : measure === 'solved'
            ? `${Math.round(100 * share)}%`
            : share.toFixed(2)}
      </dd>
    </div>
  );
}

function itself(run: RunState): RunState {
  return run;
}
