import { useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { curriculumVerdict, verdictSentence } from '../../../app/curriculumVerdict.ts';
import { isUnchanged } from '../../../app/control.ts';
import { heldOutNews } from '../../../app/heldOutNews.ts';
import { useControlBaseline, useFocus, useFocusActions } from '../../../app/hooks.ts';
import type { RunState } from '../../../app/run.ts';
import { referenceMarks } from '../../charts/marks.ts';
import { useWidth } from '../../charts/useSize.ts';
import { useScheduledDraw } from '../../charts/useScheduledDraw.ts';
import { Segmented } from '../../controls/Segmented.tsx';
import { formatNumber } from '../../format.ts';
import { useDark } from '../../useDark.ts';
import { useMediaQuery } from '../../useMediaQuery.ts';
import { heatColumns, NO_COLUMNS } from './columns.ts';
import type { HeatColumns } from './columns.ts';
import { spanOf } from './geometry.ts';
import type { Span } from './geometry.ts';
import { HeatLegend } from './HeatLegend.tsx';
import { HeatMap } from './HeatMap.tsx';
import { HeatTable } from './HeatTable.tsx';
import { IciclePanel } from './IciclePanel.tsx';
import { QUANTITIES, quantity, scaleTop } from './quantities.ts';
import type { QuantityId } from './quantities.ts';
import { Readout } from './Readout.tsx';
import { Scrubber } from './Scrubber.tsx';
import { useUniformRun } from './useUniformRun.ts';
import '../../charts/charts.css';
import './curriculum.css';

const CHOICES = QUANTITIES.map(({ id, label }) => ({ value: id, label }));

/** The curriculum in one plot: where training starts, step by step, over the tasks that it grew. */
export function CurriculumPanel() {
  const frame = useRef<HTMLElement>(null);
  const plot = useRef<HTMLDivElement>(null);
  const scrubber = useRef<HTMLInputElement>(null);
  const run = useScheduledDraw(frame, itself);
  const uniformRun = useUniformRun();
  const width = useWidth(plot);
  const narrow = useMediaQuery('(max-width: 699px)');
  const [chosen, setChosen] = useState<QuantityId>('share');
  const columns = useColumns(run, Math.max(1, width));
  const colorScale = useColorScale(columns, chosen);
  const span = spanOf(run.profiles.steps, run.profiles.length);
  const marks = useMemo(() => referenceMarks(run.marks), [run.marks]);
  const size = useMemo(() => ({ width, height: narrow ? 220 : 300 }), [width, narrow]);
  const low = useMemo(() => ({ width, height: narrow ? 130 : 170 }), [width, narrow]);
  return (
    // Escape gives up what is looked at, wherever in the picture the keyboard is.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      className="curriculum"
      aria-labelledby="curriculum-title"
      ref={frame}
      onKeyDown={useEscape()}
    >
      <div className="curriculum-head">
        <h2 id="curriculum-title">The curriculum</h2>
        <Segmented label="Colour" options={CHOICES} value={chosen} choose={setChosen} />
      </div>
      <p className="chart-explanation curriculum-explanation">
        Each column is a training step; each row is how many revisions deep training started, from
        fresh tasks at 0. The picture grows upwards as attempts become starting points themselves.
      </p>
      <Verdict run={run} />
      <HeldOut run={run} />
      <HeatLegend colorScale={colorScale} uniformRun={uniformRun?.label ?? null} />
      <div className="curriculum-plot" ref={plot}>
        <span className="heat-axis-name">depth</span>
        <HeatMap
          {...{ columns, colorScale, span, size, marks, uniformRun }}
          summary={summaryOf(run, columns, span)}
          focusScrubber={() => scrubber.current?.focus({ preventScroll: true })}
        />
        <Scrubber ref={scrubber} span={span} />
      </div>
      <div className="curriculum-below">
        <Follow />
        <Readout run={run} />
      </div>
      <HeatTable run={run} quantity={colorScale.quantity} marks={marks} />
      <IciclePanel size={low} dark={colorScale.dark} />
    </section>
  );
}

/** Whether choosing can matter in this run; its place is kept, so that nothing jumps. */
function Verdict({ run: { history } }: { readonly run: RunState }) {
  const sentence = useMemo(() => verdictSentence(curriculumVerdict(history)), [history]);
  return (
    <p className="curriculum-verdict" data-testid="curriculum-verdict">
      {sentence ?? 'Whether choosing starts can matter here is said as soon as some were chosen.'}
    </p>
  );
}

/** Whether it got better, and what uniform priority came to; its place is kept too. */
function HeldOut({ run: { evaluations, marks } }: { readonly run: RunState }) {
  const control = useControlBaseline();
  const beside = control !== null && isUnchanged(marks) ? control.evaluations : null;
  const news = useMemo(() => heldOutNews(evaluations, beside), [evaluations, beside]);
  return (
    <p className="curriculum-verdict curriculum-held-out" data-testid="held-out-news">
      {news ?? 'Held-out quality is said here as soon as it was measured.'}
    </p>
  );
}

function itself(run: RunState): RunState {
  return run;
}

/** The columns of the run as it stands; what is there already is kept. */
function useColumns({ profiles, history }: RunState, most: number): HeatColumns {
  const [held, setHeld] = useState({ profiles, most: 0, columns: NO_COLUMNS });
  if (held.profiles === profiles && held.most === most) return held.columns;
  const columns = heatColumns(held.columns, profiles, history, most);
  setHeld({ profiles, most, columns });
  return columns;
}

function useColorScale(columns: HeatColumns, chosen: QuantityId) {
  const dark = useDark();
  return useMemo(() => {
    const one = quantity(chosen);
    return { quantity: one, top: scaleTop(columns, one), dark };
  }, [columns, chosen, dark]);
}

function useEscape(): (event: KeyboardEvent) => void {
  const { follow, hover } = useFocusActions();
  return ({ key }) => {
    if (key !== 'Escape') return;
    hover(null);
    follow();
  };
}

/** Whether the run is followed, and the way back to it. */
function Follow() {
  const following = useFocus(({ pinned }) => pinned === null);
  const { follow } = useFocusActions();
  return (
    <button
      type="button"
      className="follow"
      aria-pressed={following}
      title={following ? 'Follows the newest step' : 'Follow the newest step again (Escape)'}
      onClick={follow}
    >
      Follow
    </button>
  );
}

function summaryOf({ profiles }: RunState, columns: HeatColumns, { first, count }: Span): string {
  if (count === 0) return 'Start depth by training step: no step yet';
  const at = columns.length - 1;
  const mean = (of: 'depth' | 'control'): string =>
    formatNumber(columns[of][at]! / columns.groups[at]!);
  return (
    `Start depth by training step, steps ${first} to ${first + count - 1}: ` +
    `deepest ${profiles.deepest}; lately a mean of ${mean('depth')}, ` +
    `${mean('control')} for a uniform draw from the same buffer`
  );
}
