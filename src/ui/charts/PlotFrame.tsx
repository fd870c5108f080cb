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
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
  /** What x counts, written at the end of its axis. */
  readonly caption: string;
}

/** Pixels that a letter of the caption takes, at most. */
const LETTER = 6.5;

/**
 * Axes, grid and marks around the series. Drawn here and not by recharts, where each of these dozen
 * lines costs a round through its store: without them a redraw takes half as long.
 */
function Frame({ width, x, y, marks, formatX, formatY, caption }: PlotFrameProps) {
  const bottom = PLOT.height - PLOT.bottom;
  const end = width - PLOT.right;
  const lastLabelLeft = end - caption.length * LETTER - 18;
  return (
    <svg className="plot-frame" width={width} height={PLOT.height} aria-hidden="true">
      {y.ticks.map((tick) => (
        <g key={tick} transform={`translate(0 ${heightOf(tick, y)})`}>
          <line className="grid-line" x1={PLOT.left} x2={end} />
          <text x={PLOT.left - 6} dy="0.32em" textAnchor="end">
            {formatY(tick)}
          </text>
        </g>
      ))}
      <line className="axis-line" x1={PLOT.left} x2={end} y1={bottom} y2={bottom} />
      {x.ticks
        .map((tick) => ({ tick, left: pixelOf(tick, x, width) }))
        .filter(({ left }) => left <= lastLabelLeft)
        .map(({ tick, left }) => (
          <text key={tick} x={left} y={bottom + 15} textAnchor="middle">
            {formatX(tick)}
          </text>
        ))}
      <text className="caption" x={end} y={bottom + 15} textAnchor="end">
        {caption}
      </text>
      <Marks {...{ marks, x, width, bottom }} />
    </svg>
  );
}

export const PlotFrame = memo(Frame);

interface MarksProps {
  readonly marks: readonly ReferenceMark[];
  readonly x: Axis;
  readonly width: number;
  readonly bottom: number;
}

/** A label stands above the plot; to the left of its line where the right edge is near. */
function Marks({ marks, x, width, bottom }: MarksProps) {
  const placed = marks
    .filter((mark) => mark.x >= x.domain[0] && mark.x <= x.domain[1])
    .map((mark) => ({ ...mark, x: pixelOf(mark.x, x, width) }));
  const named = labelled(placed, (width - PLOT.left - PLOT.right) * 0.3);
  return placed.map((mark, i) => (
    <g key={i} className="mark" transform={`translate(${mark.x} 0)`}>
      <line className="mark-line" y1={PLOT.top} y2={bottom} />
      {named.has(mark) && (
        <text
          className="mark-label"
          y={PLOT.top - 4}
          textAnchor={mark.x > width * 0.6 ? 'end' : 'start'}
        >
          {mark.label}
        </text>
      )}
    </g>
  ));
}
