import { memo } from 'react';
import { tightAxis } from '../../charts/axis.ts';
import { labelled } from '../../charts/marks.ts';
import type { ReferenceMark } from '../../charts/marks.ts';
import type { HeatColumns } from './columns.ts';
import { xOf, yOf } from './geometry.ts';
import type { Span } from './geometry.ts';
import { columnPoints, pathOf } from './lines.ts';
import type { Size } from './lines.ts';

export interface HeatFrameProps {
  readonly columns: HeatColumns;
  readonly span: Span;
  readonly size: Size;
  readonly marks: readonly ReferenceMark[];
}

/** Axes, changes of parameters, and the mean depths over the cells. */
function Frame({ columns, span, size, marks }: HeatFrameProps) {
  const { width, height } = size;
  const path = (points: Parameters<typeof pathOf>[0]): string =>
    pathOf(points, columns.rows, span, size);
  return (
    <svg className="heat-frame" width={width} height={height} aria-hidden="true">
      <Depths rows={columns.rows} height={height} />
      <Steps span={span} size={size} />
      <Line kind="mean" path={path(columnPoints(columns, 'depth', span.first))} />
      <Line kind="control" path={path(columnPoints(columns, 'control', span.first))} />
      <Marks {...{ marks, span, size }} />
    </svg>
  );
}

export const HeatFrame = memo(Frame);

/** With a casing in the colour of the ground, so that it is told from every cell. */
function Line({ kind, path }: { readonly kind: string; readonly path: string }) {
  return (
    <g className={`heat-line ${kind}`}>
      <path className="casing" d={path} />
      <path d={path} />
    </g>
  );
}

function Depths({ rows, height }: { readonly rows: number; readonly height: number }) {
  const step = [1, 2, 5, 10, 20].find((size) => rows / size <= height / 24) ?? 20;
  const depths = Array.from({ length: Math.ceil(rows / step) }, (_, i) => i * step);
  return depths.map((depth) => (
    <text key={depth} x={-8} y={yOf(depth, rows) * height} dy="0.32em" textAnchor="end">
      {depth}
    </text>
  ));
}

function Steps({ span, size: { width, height } }: { readonly span: Span; readonly size: Size }) {
  const { ticks } = tightAxis(span.first, span.first + span.capacity - 1, width < 500 ? 4 : 8);
  return ticks.map((tick) => (
    <g key={tick} transform={`translate(${xOf(tick, span) * width} ${height})`}>
      <line className="tick" y2={4} />
      <text y={19} textAnchor="middle">
        {tick}
      </text>
    </g>
  ));
}

function Marks({ marks, span, size }: Pick<HeatFrameProps, 'marks' | 'span' | 'size'>) {
  const named = labelled(marks, span.capacity * (size.width < 500 ? 0.5 : 0.2));
  return marks.map((mark) => {
    const x = xOf(mark.x, span) * size.width;
    const late = x > size.width * 0.7;
    return (
      <g key={mark.x} className="heat-mark" transform={`translate(${x} 0)`}>
        <path d="M-4 -7H4L0 0Z" />
        <line y2={size.height} />
        {named.has(mark) && (
          <text x={late ? -8 : 8} y={-3} textAnchor={late ? 'end' : 'start'}>
            {mark.label}
          </text>
        )}
      </g>
    );
  });
}
