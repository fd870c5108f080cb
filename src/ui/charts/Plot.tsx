/** The drawing itself, and the only place that knows recharts; loaded after the page has painted. */
import { memo } from 'react';
import { Area, ComposedChart, Line, XAxis, YAxis } from 'recharts';
import type { Axis } from './axis.ts';
import type { ChartData } from './bucket.ts';
import { PLOT } from './geometry.ts';
import type { SeriesStyle } from './series.ts';

export interface PlotProps {
  readonly width: number;
  readonly data: ChartData;
  readonly styles: readonly SeriesStyle[];
  readonly stacked: boolean;
  readonly x: Axis;
  readonly y: Axis;
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

/** Hidden axes take no room: the margin is the frame's. */
const MARGIN = { top: PLOT.top, right: PLOT.right, bottom: PLOT.bottom, left: PLOT.left };

function Plot({ width, data, styles, stacked, x, y }: PlotProps) {
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
      <XAxis hide dataKey={getX} type="number" domain={[...x.domain]} allowDataOverflow />
      <YAxis hide type="number" domain={[...y.domain]} allowDataOverflow />
      {stacked
        ? styles.map(stackedArea)
        : styles.flatMap((style, i) => lineWithBand(style, i, rows))}
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
  // Background is drawn as plain paths, with the other curves behind the lines.
  if (style.faint === true) return [];
  const few = rows.filter((row) => row.values[i] !== null).length <= 2;
  const line = (
    <Line
      key={`line ${i}`}
      dataKey={getters[i]!.value}
      type="linear"
      stroke={style.color}
      strokeWidth={style.width}
      {...(style.dash === undefined ? {} : { strokeDasharray: style.dash })}
      isAnimationActive={false}
      dot={few ? { r: 2.5, fill: style.color, strokeWidth: 0 } : false}
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
