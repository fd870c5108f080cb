/** The drawing itself, and the only place that knows recharts; loaded after the page has painted. */
import { memo } from 'react';
import { Area, ComposedChart, Line, ReferenceLine, XAxis, YAxis } from 'recharts';
import type { Axis } from './axis.ts';
import type { ChartData } from './bucket.ts';
import { PLOT } from './geometry.ts';
import { labelled } from './marks.ts';
import type { ReferenceMark } from './marks.ts';
import type { SeriesStyle } from './series.ts';

export interface PlotProps {
  readonly width: number;
  readonly data: ChartData;
  readonly styles: readonly SeriesStyle[];
  readonly stacked: boolean;
  readonly x: Axis;
  readonly y: Axis;
  readonly marks: readonly ReferenceMark[];
  readonly formatY: (value: number) => string;
}

interface Row {
  readonly x: number;
  readonly values: readonly (number | null)[];
  readonly bands: readonly (readonly [number, number] | null)[];
}

/** Fixed, so that recharts' memoised selectors see the same function every time. */
const getX = (row: Row): number => row.x;
const getters = Array.from({ length: 16 }, (_, i) => ({
  value: (row: Row) => row.values[i] ?? null,
  band: (row: Row) => row.bands[i] ?? null,
}));

const MARGIN = { top: PLOT.top, right: PLOT.right, bottom: 0, left: 0 };

function Plot({ width, data, styles, stacked, x, y, marks, formatY }: PlotProps) {
  const rows = toRows(data);
  return (
    <ComposedChart
      width={width}
      height={PLOT.height}
      data={rows}
      margin={MARGIN}
      accessibilityLayer={false}
      throttleDelay={1000}
    >
      <XAxis
        dataKey={getX}
        type="number"
        domain={[...x.domain]}
        ticks={[...x.ticks]}
        height={PLOT.bottom}
        tickLine={false}
        interval={0}
        allowDataOverflow
      />
      <YAxis
        type="number"
        domain={[...y.domain]}
        ticks={[...y.ticks]}
        tickFormatter={formatY}
        width={PLOT.left}
        tickLine={false}
        axisLine={false}
        interval={0}
        allowDataOverflow
      />
      {!stacked &&
        y.ticks.map((tick) => <ReferenceLine key={tick} y={tick} className="grid-line" />)}
      {stacked
        ? styles.map(stackedArea)
        : styles.flatMap((style, i) => lineWithBand(style, i, rows))}
      {markLines(marks, x)}
    </ComposedChart>
  );
}

export default memo(Plot);

function toRows(data: ChartData): Row[] {
  return data.xs.map((x, row) => ({
    x,
    values: data.series.map(({ values }) => values[row] ?? null),
    bands: data.series.map(({ bands }) => bands[row] ?? null),
  }));
}

function stackedArea(style: SeriesStyle, i: number) {
  return (
    <Area
      key={i}
      dataKey={getters[i]!.value}
      stackId="all"
      type="linear"
      fill={style.color}
      fillOpacity={1}
      stroke="var(--surface)"
      strokeWidth={0.75}
      isAnimationActive={false}
      dot={false}
      activeDot={false}
    />
  );
}

function lineWithBand(style: SeriesStyle, i: number, rows: readonly Row[]) {
  const few = rows.filter((row) => row.values[i] !== null).length <= 2;
  const line = (
    <Line
      key={`line ${i}`}
      dataKey={getters[i]!.value}
      type="linear"
      stroke={style.color}
      strokeWidth={style.width}
      strokeOpacity={style.faint === true ? 0.3 : 1}
      {...(style.dash === undefined ? {} : { strokeDasharray: style.dash })}
      isAnimationActive={false}
      dot={few && style.faint !== true ? { r: 2.5, fill: style.color, strokeWidth: 0 } : false}
      activeDot={false}
      connectNulls
    />
  );
  if (!style.band) return [line];
  return [
    <Area
      key={`band ${i}`}
      dataKey={getters[i]!.band}
      type="linear"
      fill={style.color}
      fillOpacity={0.16}
      stroke="none"
      isAnimationActive={false}
      dot={false}
      activeDot={false}
      connectNulls
    />,
    line,
  ];
}

function markLines(marks: readonly ReferenceMark[], x: Axis) {
  const span = x.domain[1] - x.domain[0];
  const named = labelled(marks, span * 0.3);
  return marks.map((mark) => (
    <ReferenceLine
      key={mark.x}
      x={mark.x}
      className="mark-line"
      ifOverflow="hidden"
      {...(named.has(mark) ? { label: markLabel(mark, x) } : {})}
    />
  ));
}

/** Above the plot; to the left of its line where the right edge is near. */
function markLabel(mark: ReferenceMark, { domain: [low, high] }: Axis) {
  const late = mark.x > low + (high - low) * 0.6;
  return {
    content: ({ viewBox }: { readonly viewBox?: object }) => (
      <text
        className="mark-label"
        x={viewBox && 'x' in viewBox ? Number(viewBox.x) : 0}
        y={PLOT.top - 4}
        textAnchor={late ? 'end' : 'start'}
      >
        {mark.label}
      </text>
    ),
  };
}
