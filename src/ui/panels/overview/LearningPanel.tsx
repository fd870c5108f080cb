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
import { methodName } from '../../../app/method-name.ts';
import type { RunState } from '../../../app/run.ts';
import { useScheduledRun } from '../../charts/useScheduledDraw.ts';
import { useWidth } from '../../charts/useSize.ts';
import { Explain } from '../../controls/Explain.tsx';
import { Segmented } from '../../controls/Segmented.tsx';
import { useMediaQuery } from '../../useMediaQuery.ts';
import { LearningCurve, type GhostCurve } from './LearningCurve.tsx';
import {
  defaultMeasure,
  formatMeasure,
  freshWords,
  learningCurve,
  ofTest,
  pointAt,
  type Measure,
} from './learning.ts';
import './overview.css';

const MEASURES = [
  { value: 'solved', label: 'Solved' },
  { value: 'quality', label: 'Quality' },
] as const satisfies readonly { value: Measure; label: string }[];

const CURVES = {
  title: 'the curve',
  text: 'How many of the tasks it never trains on the model solves, step by step of training. Solid: its own answer, revised again and again. Dashed: the best of as many tries from nothing. Random starts: the same training, but every stored attempt is as likely to be practised as any other (uniform priority). GRPO: trained on first tries alone. Shaded: were other such tasks drawn, the solid line would lie in there 19 times of 20.',
};

/** Where a name is first met on the page it says what it means. */
const MEANINGS: Readonly<Record<GhostCurve['kind'], string | undefined>> = {
  uniform: 'random starts',
  grpo: 'GRPO: no revising',
  kept: undefined,
};

/** Is it learning: what revising comes to on held-out tasks, beside trying afresh as often, and GRPO. */
export function LearningPanel() {
  const frame = useRef<HTMLElement>(null);
  const low = useMediaQuery('(max-height: 819px)');
  const run = useScheduledRun(frame);
  const [chosen, setChosen] = useState<Measure | null>(null);
  const measure = chosen ?? defaultMeasure(run.evaluations);
  return (
    <section className="learning" aria-labelledby="learning-title" ref={frame}>
      <div className="overview-head">
        <div className="overview-title">
          <h2 id="learning-title">Is it learning?</h2>
          <Explain what={CURVES} />
        </div>
        <Segmented label="Measure" options={MEASURES} value={measure} choose={setChosen} />
      </div>
      <LearningPicture {...{ run, measure }} height={low ? 124 : 172} />
    </section>
  );
}

/** The same beside what is said of it, as a figure. */
export function LearningFigure() {
  const frame = useRef<HTMLElement>(null);
  const run = useScheduledRun(frame);
  return (
    <figure
      className="learning learning-alone"
      aria-label="Held-out tasks over training"
      ref={frame}
    >
      <LearningPicture run={run} measure={defaultMeasure(run.evaluations)} height={300} />
    </figure>
  );
}

interface PictureProps {
  readonly run: RunState;
  readonly measure: Measure;
  readonly height: number;
}

function LearningPicture({ run, measure, height }: PictureProps) {
  const { evaluations, marks, history } = run;
  const plot = useRef<HTMLDivElement>(null);
  const width = useWidth(plot);
  const points = useMemo(() => learningCurve(evaluations, measure), [evaluations, measure]);
  const ghosts = useGhosts(marks, measure, points.at(-1)?.step ?? 0);
  const looked = useFocus(stepInView);
  const now = pointAt(points, looked);
  const config = useRunConfig();
  const depth = ofTest(evaluations).at(-1)?.depth ?? 16;
  const fresh = freshWords(evaluations, depth);
  const last = history.length > 0 ? history.steps[history.length - 1]! : 0;
  return (
    <>
      <dl className="learning-figures" data-testid="learning-figures">
        <Figure
          kind="revised"
          share={now?.revised.mean}
          before={points[0]?.revised.mean}
          measure={measure}
        >
          {config && methodName(config, marks)} after {depth} revisions; shaded: 95%
        </Figure>
        <Figure kind="resampled" share={now?.resampled.mean} measure={measure}>
          {fresh}
        </Figure>
        {ghosts
          .filter(({ kind }) => kind !== 'kept')
          .map((ghost) => (
            <Figure
              key={ghost.kind}
              kind={ghost.kind}
              share={now && pointAt(ghost.points, now.step)?.revised.mean}
              measure={measure}
            >
              {MEANINGS[ghost.kind]}
            </Figure>
          ))}
      </dl>
      <div ref={plot}>
        <LearningCurve
          {...{ points, ghosts, width, last, depth, fresh, measure }}
          height={height}
          at={looked === null ? null : (now?.step ?? null)}
        />
      </div>
    </>
  );
}

/**
 * The runs beside this one: its recorded controls, of the methods that it is not itself and no further than
 * it has come, and those that were trained before it, whole.
 */
function useGhosts(marks: RunState['marks'], measure: Measure, newest: number): GhostCurve[] {
  const [uniform, grpo] = [useControlBaseline(), useGrpoBaseline()];
  const config = useRunConfig();
  const kept = useBaselines(shownBaselines);
  return useMemo(() => {
    const own = config && strategyOf(config);
    const controls = [
      { run: uniform, kind: 'uniform', label: 'uniform priority', of: 'exit-uniform' },
      { run: grpo, kind: 'grpo', label: 'GRPO', of: 'grpo' },
    ] as const;
    const recorded = controls.flatMap(({ run, kind, label, of }) => {
      if (run === null || own === of || !isUnchanged(marks)) return [];
      const points = learningCurve(run.evaluations, measure);
      return [{ kind, label, slot: run.slot, points: points.filter((one) => one.step <= newest) }];
    });
    const before = kept.map(({ label, slot, evaluations }) => ({
      ...{ kind: 'kept' as const, label, slot },
      points: learningCurve(evaluations, measure),
    }));
    return [...recorded, ...before];
  }, [uniform, grpo, config, kept, marks, measure, newest]);
}

interface FigureProps {
  readonly kind: 'revised' | 'resampled' | GhostCurve['kind'];
  readonly share: number | undefined;
  /** Before training. */
  readonly before?: number | undefined;
  readonly measure: Measure;
  readonly children: React.ReactNode;
}

function Figure({ kind, share, before, measure, children }: FigureProps) {
  return (
    <div className={`learning-figure ${kind}`}>
      <dt>{children}</dt>
      <dd>
        {share !== undefined && before !== undefined && (
          <span className="learning-before">{formatMeasure(before, measure)} → </span>
        )}
        <span data-testid="now">{share === undefined ? '–' : formatMeasure(share, measure)}</span>
      </dd>
    </div>
  );
}
