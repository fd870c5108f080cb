import { useMemo, useRef } from 'react';
import { panelState } from '../../../app/panel-state.ts';
import { useAnswer } from '../../../app/answers.ts';
import { stepInView } from '../../../app/focus.ts';
import { useFocus, useHasSteps, usePanelState } from '../../../app/hooks.ts';
import type { Icicle } from '../../../runs/index/queries.ts';
import { Segmented } from '../../controls/Segmented.tsx';
import { Scale } from './HeatLegend.tsx';
import { IcicleList } from './IcicleList.tsx';
import { IcicleView } from './IcicleView.tsx';
import type { Size } from './lines.ts';
import { spanLabel } from './renderIcicle.ts';
import type { ColorScale } from './heatMapRenderer.ts';
import { quantity, topFor } from './quantities.ts';
import { useThrottled } from '../../useThrottled.ts';
import { useVisible } from '../../useVisible.ts';

export interface IciclePanelProps {
  readonly size: Size;
}

/** Asked at most this often: while the pointer moves, and while training goes on. */
const WHILE_POINTING = 150;
const WHILE_TRAINING = 1000;
/** Steps of the shorter window. */
const RECENT = 50;

type Window = 'all' | 'recent';
const WINDOWS = [
  { value: 'all', label: 'Whole run' },
  { value: 'recent', label: `Last ${RECENT} steps` },
] as const satisfies readonly { value: Window; label: string }[];

const COUNTED = panelState<Window>('all');

/** The task space as it grows: what each base task and each history was trained on. */
export function IciclePanel({ size }: IciclePanelProps) {
  const frame = useRef<HTMLElement>(null);
  const visible = useVisible(frame);
  const [counted, setCounted] = usePanelState(COUNTED);
  const to = useThrottled(useFocus(stepInView), WHILE_POINTING);
  const started = useHasSteps();
  const request = {
    ...{ to, recent: counted === 'all' ? null : RECENT },
    most: Math.max(100, Math.floor(size.width)),
  };
  const { value } = useAnswer('icicle', visible && started ? request : null, {
    every: to === null ? WHILE_TRAINING : 0,
  });
  const icicle = started && value && value.total > 0 ? value : null;
  const colorScale = useMemo(() => colorScaleOf(icicle), [icicle]);
  return (
    <section className="icicle-panel" aria-labelledby="icicle-title" ref={frame}>
      <div className="icicle-head">
        <h3 id="icicle-title">Where the attempts went</h3>
        <Segmented label="Steps that count" options={WINDOWS} value={counted} choose={setCounted} />
        <p className="chart-explanation">
          Each block of the top row is a base task, each block below it a history that grew from it.
          Width: groups of attempts spent on it and below{icicle && `, ${spanLabel(icicle)}`}.
        </p>
        <div className="curriculum-legend">
          <span>Learnability</span>
          <Scale colorScale={colorScale} />
        </div>
      </div>
      <IcicleView {...{ icicle, size, colorScale }} />
      {icicle && <IcicleList icicle={icicle} />}
    </section>
  );
}

const LEARNABILITY = quantity('learnability');

function colorScaleOf(icicle: Icicle | null): ColorScale {
  const { own, learnability } = icicle ?? { own: [], learnability: [] };
  const top = topFor(
    LEARNABILITY,
    own.length,
    (i) => own[i]!,
    (i) => learnability[i]!,
  );
  return { quantity: LEARNABILITY, top };
}
