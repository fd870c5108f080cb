import { useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useChartSettings, useFocusActions, useLab } from '../../../app/hooks.ts';
import type { RunState } from '../../../app/run.ts';
import { referenceMarks } from '../../charts/marks.ts';
import { useWidth } from '../../charts/useSize.ts';
import { useScheduledRun } from '../../charts/useScheduledDraw.ts';
import { formatNumber } from '../../format.ts';
import { useMediaQuery } from '../../useMediaQuery.ts';
import { heatColumns, NO_COLUMNS } from './columns.ts';
import type { HeatColumns } from './columns.ts';
import { spanOf } from './geometry.ts';
import type { Span } from './geometry.ts';
import { HeatLegend } from './HeatLegend.tsx';
import { HeatMap } from './HeatMap.tsx';
import { Ribbons } from './Ribbons.tsx';
import { QUANTITIES, quantity, scaleTop } from './quantities.ts';
import type { QuantityId } from './quantities.ts';
import { Scrubber } from './Scrubber.tsx';
import '../../charts/charts.css';
import './curriculum.css';

/** The curriculum in one plot: where training starts, step by step, over the tasks that it grew. */
export function CurriculumPanel() {
  const frame = useRef<HTMLElement>(null);
  const plot = useRef<HTMLDivElement>(null);
  const scrubber = useRef<HTMLInputElement>(null);
  const run = useScheduledRun(frame);
  const width = useWidth(plot);
  const narrow = useMediaQuery('(max-width: 699px)');
  const { chartSettings } = useLab();
  const chosen = useChartSettings(({ heat }) => heat);
  const columns = useColumns(run, Math.max(1, width));
  const colorScale = useColorScale(columns, chosen);
  const span = spanOf(run.profiles.steps, run.profiles.length);
  const marks = useMemo(() => referenceMarks(run.marks), [run.marks]);
  const low = useMediaQuery('(max-height: 819px)');
  const tall = useMediaQuery('(min-height: 880px)');
  const height = narrow ? 150 : low ? 100 : tall ? 246 : 190;
  const size = useMemo(() => ({ width, height }), [width, height]);
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
        <h2 id="curriculum-title">Where it starts: revisions made</h2>
        <select
          aria-label="Colour"
          value={chosen}
          onChange={({ currentTarget }) =>
            chartSettings.setState({ heat: QUANTITIES[currentTarget.selectedIndex]!.id })
          }
        >
          {QUANTITIES.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </select>
        <HeatLegend colorScale={colorScale} />
      </div>
      <div className="curriculum-plot" ref={plot}>
        <HeatMap
          {...{ columns, colorScale, span, size, marks }}
          summary={summaryOf(run, columns, span)}
          focusScrubber={() => scrubber.current?.focus({ preventScroll: true })}
        />
        <Scrubber ref={scrubber} span={span} />
        <Ribbons history={run.history} span={span} width={width} />
      </div>
    </section>
  );
}

/** The columns of the run as it stands; what is there already is kept. */
function useColumns({ profiles, history }: RunState, most: number): HeatColumns {
  const [held, setHeld] = useState({ profiles, most: 0, columns: NO_COLUMNS });
  if (held.profiles === profiles && held.most === most) return held.columns;
  const columns = heatColumns(held.columns, profiles, history, most);
  setHeld({ profiles, most, columns });
  return columns;
}

/** The ground of the map is dark in both themes: what is brightest is most, whoever looks. */
function useColorScale(columns: HeatColumns, chosen: QuantityId) {
  return useMemo(() => {
    const one = quantity(chosen);
    return { quantity: one, top: scaleTop(columns, one), dark: true };
  }, [columns, chosen]);
}

function useEscape(): (event: KeyboardEvent) => void {
  const { follow, hover } = useFocusActions();
  return ({ key }) => {
    if (key !== 'Escape') return;
    hover(null);
    follow();
  };
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
