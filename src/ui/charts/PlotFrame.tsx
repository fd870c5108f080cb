import { memo } from 'react';
import type { Axis } from './axis.ts';
import { heightOf, pixelOf, PLOT } from './geometry.ts';
import { labelled } from './marks.ts';
import type { ReferenceMark } from './marks.ts';

export interface PlotFrameProps {
  readonly width: number;
  readonly x: Axis;
  readonly y: Axis;
  readonly marks: readonly ReferenceMark[];
  readonly formatY: (value: number) => string;
}

/**
 * Axes, grid and marks around the series. Drawn here and not by recharts, where each of these dozen
 * lines costs a round through its store: without them a redraw takes half as long.
 */
function Frame({ width, x, y, marks, formatY }: PlotFrameProps) {
  const bottom = PLOT.height - PLOT.bottom;
  const named = labelled(marks, (x.domain[1] - x.domain[0]) * 0.3);
  const shown = marks.filter((mark) => mark.x >= x.domain[0] && mark.x <= x.domain[1]);
  return (
    <svg className="plot-frame" width={width} height={PLOT.height} aria-hidden="true">
      {y.ticks.map((tick) => (
        <g key={tick} transform={`translate(0 ${heightOf(tick, y.domain)})`}>
          <line className="grid-line" x1={PLOT.left} x2={width - PLOT.right} />
          <text x={PLOT.left - 6} dy="0.32em" textAnchor="end">
            {formatY(tick)}
          </text>
        </g>
      ))}
      <line className="axis-line" x1={PLOT.left} x2={width - PLOT.right} y1={bottom} y2={bottom} />
      {x.ticks.map((tick) => (
        <text key={tick} x={pixelOf(tick, x.domain, width)} y={bottom + 15} textAnchor="middle">
          {tick}
        </text>
      ))}
      {shown.map((mark) => (
        <Mark key={mark.x} {...{ mark, x, width, bottom }} named={named.has(mark)} />
      ))}
    </svg>
  );
}

export const PlotFrame = memo(Frame);

interface MarkProps {
  readonly mark: ReferenceMark;
  readonly named: boolean;
  readonly x: Axis;
  readonly width: number;
  readonly bottom: number;
}

/** The label stands above the plot; to the left of its line where the right edge is near. */
function Mark({ mark, named, x: { domain }, width, bottom }: MarkProps) {
  const at = pixelOf(mark.x, domain, width);
  const late = mark.x > domain[0] + (domain[1] - domain[0]) * 0.6;
  return (
    <g className="mark" transform={`translate(${at} 0)`}>
      <line className="mark-line" y1={PLOT.top} y2={bottom} />
      {named && (
        <text className="mark-label" y={PLOT.top - 4} textAnchor={late ? 'end' : 'start'}>
          {mark.label}
        </text>
      )}
    </g>
  );
}
