/** The drawing itself, and the only place that knows recharts; loaded after the page has painted. */
import { memo, useMemo } from 'react';
import { Area, ComposedChart, Line, XAxis, YAxis } from 'recharts';
import type { LineDrawShapeProps } from 'recharts';
import type { Axis } from './axis.ts';
import type { ChartData } from './bucket.ts';
import { PLOT, share } from './geometry.ts';
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
  const rows = useMemo(() => toRows(data, x, y), [data, x, y]);
  const dotted = seriesOfFew(rows, styles.length);
  const marks = useMemo(
    () =>
      stacked
        ? styles.map(stackedArea)
        : styles.flatMap((style, i) => lineWithBand(style, i, (dotted & (1 << i)) !== 0)),
    [styles, stacked, dotted],
  );
  return (
    <ComposedChart
      width={width}
      height={PLOT.height}
      data={rows}
      margin={MARGIN}
      accessibilityLayer={false}
      throttleDelay={1000}
    >
      {AXES}
      {marks}
    </ComposedChart>
  );
}

/**
 * recharts gets places between 0 and 1, so that its axes are always the same: each that changes costs a
 * round through its store, with all that listens to it.
 */
const UNIT = [0, 1] as const;
const AXES = [
  <XAxis key="x" hide dataKey={getX} type="number" domain={UNIT} ticks={UNIT} allowDataOverflow />,
  <YAxis key="y" hide type="number" domain={UNIT} ticks={UNIT} allowDataOverflow />,
];

export default memo(Plot);

/** A bit for each series whose one or two values no line would show: equal while they are the same. */
function seriesOfFew(rows: readonly Row[], count: number): number {
  let bits = 0;
  for (let i = 0; i < count; i++) {
    if (rows.filter(({ values }) => (values[i] ?? null) !== null).length <= 2) bits |= 1 << i;
  }
  return bits;
}

/** What has no place on a logarithmic axis is left out. */
function toRows(data: ChartData, x: Axis, y: Axis): Row[] {
  const rows = data.xs.map((one, row) => ({
    x: share(one, x),
    values: data.series.map(({ values }) => placed(values[row] ?? null, y)),
    bands: data.series.map(({ bands }) => placedBand(bands[row] ?? null, y)),
  }));
  return x.log === true ? rows.filter((row) => Number.isFinite(row.x)) : rows;
}

function placed(value: number | null, y: Axis): number | null {
  return value === null || (y.log === true && value <= 0) ? null : share(value, y);
}

/** What reaches below a logarithmic axis ends at its foot. */
function placedBand(
  band: readonly [number, number] | null,
  y: Axis,
): readonly [number, number] | null {
  const high = placed(band?.[1] ?? null, y);
  return high === null ? null : [placed(band?.[0] ?? null, y) ?? 0, high];
}

/**
 * The path alone: recharts' own curve measures its length at every redraw, which makes the browser lay
 * out the page in the middle of it.
 */
function drawLine({
  points = [],
  stroke,
  strokeWidth,
  strokeDasharray,
  clipPath,
}: LineDrawShapeProps) {
  let d = '';
  for (const { x, y } of points) {
    if (x === null || y === null) continue;
    d += `${d === '' ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
  }
  return <path fill="none" {...{ d, stroke, strokeWidth, strokeDasharray, clipPath }} />;
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

function lineWithBand(style: SeriesStyle, i: number, few: boolean) {
  // Background is drawn as plain paths, with the other curves behind the lines.
  if (style.faint === true) return [];
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
      shape={drawLine}
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
