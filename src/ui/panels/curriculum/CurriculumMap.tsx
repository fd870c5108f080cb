import { useMemo, useRef } from 'react';
import { useWidth } from '../../charts/useSize.ts';
import { useScheduledRun } from '../../charts/useScheduledDraw.ts';
import { HeatLegend } from './HeatLegend.tsx';
import { HeatMap } from './HeatMap.tsx';
import { useHeat } from './useHeat.ts';
import '../../charts/charts.css';
import './curriculum.css';

const HEIGHT = 260;

/** The heat map of the first screen once more, beside what is said of it: what it shows is chosen for both. */
export function CurriculumMap() {
  const frame = useRef<HTMLElement>(null);
  const plot = useRef<HTMLDivElement>(null);
  const run = useScheduledRun(frame);
  const width = useWidth(plot);
  const heat = useHeat(run, width);
  const size = useMemo(() => ({ width, height: HEIGHT }), [width]);
  const { label } = heat.colorScale.quantity;
  return (
    <figure className="curriculum-map" ref={frame} aria-label={`Where it starts, by ${label}`}>
      <figcaption>
        Revisions already made, step by step; colour: {label.toLowerCase()}
        <HeatLegend colorScale={heat.colorScale} />
      </figcaption>
      <div className="curriculum-plot" ref={plot}>
        <HeatMap {...{ ...heat, size }} focusScrubber={() => undefined} />
      </div>
    </figure>
  );
}
