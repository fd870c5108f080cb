import { useMemo, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { useChartSettings, useFocusActions, useLab } from '../../../app/hooks.ts';
import { useWidth } from '../../charts/useSize.ts';
import { useScheduledRun } from '../../charts/useScheduledDraw.ts';
import { useMediaQuery } from '../../useMediaQuery.ts';
import { HeatLegend } from './HeatLegend.tsx';
import { HeatMap } from './HeatMap.tsx';
import { Ribbons } from './Ribbons.tsx';
import { QUANTITIES } from './quantities.ts';
import { Scrubber } from './Scrubber.tsx';
import { useHeat } from './useHeat.ts';
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
  const { span, ...heat } = useHeat(run, width);
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
        <HeatLegend colorScale={heat.colorScale} />
      </div>
      <div className="curriculum-plot" ref={plot}>
        <HeatMap
          {...{ ...heat, span, size }}
          focusScrubber={() => scrubber.current?.focus({ preventScroll: true })}
        />
        <Scrubber ref={scrubber} span={span} />
        <Ribbons history={run.history} span={span} width={width} />
      </div>
    </section>
  );
}

function useEscape(): (event: KeyboardEvent) => void {
  const { follow, hover } = useFocusActions();
  return ({ key }) => {
    if (key !== 'Escape') return;
    hover(null);
    follow();
  };
}
