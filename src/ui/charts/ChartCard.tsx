import { useId, useMemo, useRef, useState } from 'react';
import type { PointerEvent, ReactNode, RefObject } from 'react';
import { Symbol } from '../controls/Symbol.tsx';
import { formatNumber } from '../format.ts';
import { roundAxis, tightAxis } from './axis.ts';
import type { Axis } from './axis.ts';
import type { ChartData } from './bucket.ts';
import { nearestIndex, pixelOf, PLOT } from './geometry.ts';
import { ChartLegend } from './ChartLegend.tsx';
import type { ReferenceMark } from './marks.ts';
import { PlotFrame } from './PlotFrame.tsx';
import { drawPlot } from './plotLoader.ts';
import type { SeriesStyle } from './series.ts';
import { summarise } from './summary.ts';
import { TableTwin } from './TableTwin.tsx';
import { useWidth } from './useSize.ts';
import './charts.css';

export interface ChartCardProps {
  readonly title: string;
  readonly symbol?: string | undefined;
  /** One line under the title. */
  readonly explanation: string;
  /** What chooses which numbers the chart shows. */
  readonly controls?: ReactNode;
  readonly styles: readonly SeriesStyle[];
  readonly data: ChartData;
  readonly stacked?: boolean;
  /** What x counts, as in "step 12". */
  readonly xLabel: string;
  /** Where absent, round ticks between the first and the last x. */
  readonly xAxis?: Axis;
  /** Fixed bounds of y, where the quantity has them. */
  readonly domain?: readonly [number, number] | undefined;
  readonly marks: readonly ReferenceMark[];
  /** Said in place of an empty plot. */
  readonly empty: string;
  readonly className?: string;
  readonly children?: ReactNode;
  /** The element whose visibility decides whether the chart is drawn. */
  readonly frame: RefObject<HTMLElement | null>;
}

/** A chart with everything that makes it readable: names, values, and a table of the same numbers. */
export function ChartCard(props: ChartCardProps) {
  const { title, symbol, explanation, styles, data, xLabel, marks, frame } = props;
  const headingId = useId();
  const [cursor, setCursor] = useState<number | null>(null);
  const at = cursor !== null && cursor < data.xs.length ? cursor : null;
  return (
    <article className={`chart ${props.className ?? ''}`} aria-labelledby={headingId} ref={frame}>
      <h3 id={headingId}>
        {title} {symbol && <Symbol of={symbol} />}
      </h3>
      <div className="chart-head">
        <p className="chart-explanation">{explanation}</p>
        {props.controls}
      </div>
      <ChartLegend styles={styles} data={data} at={at} xLabel={xLabel} />
      <PlotArea {...props} at={at} setCursor={setCursor} />
      <div className="chart-below">
        {props.children}
        <TableTwin title={title} styles={styles} data={data} xLabel={xLabel} marks={marks} />
      </div>
    </article>
  );
}

interface PlotAreaProps extends ChartCardProps {
  readonly at: number | null;
  readonly setCursor: (index: number | null) => void;
}

function PlotArea({ at, setCursor, ...props }: PlotAreaProps) {
  const { title, styles, data, xLabel, marks, stacked = false, domain, xAxis } = props;
  const ref = useRef<HTMLDivElement>(null);
  const width = useWidth(ref);
  const x = useMemo(() => xAxis ?? tightAxis(data.xs[0] ?? 0, data.xs.at(-1) ?? 1), [xAxis, data]);
  const y = useMemo(() => yAxis(data, styles, domain), [data, styles, domain]);
  const onPointerMove = (event: PointerEvent): void => {
    const left = ref.current?.getBoundingClientRect().left ?? 0;
    setCursor(nearestIndex(data.xs, x.domain, event.clientX - left, width));
  };
  return (
    <div
      className="plot"
      ref={ref}
      role="img"
      aria-label={summarise(title, xLabel, styles, data)}
      onPointerMove={onPointerMove}
      onPointerLeave={() => setCursor(null)}
      style={{ height: PLOT.height }}
    >
      {isEmpty(data) && <p className="plot-empty">{props.empty}</p>}
      {!isEmpty(data) && width > 0 && (
        <PlotFrame {...{ width, x, y, marks }} formatY={formatNumber} />
      )}
      {/* Drawn without data too: the first drawing is the dearest, and comes before training then. */}
      {width > 0 && drawPlot({ width, data, styles, stacked, x, y })}
      {at !== null && !isEmpty(data) && (
        <span className="cursor" style={{ left: pixelOf(data.xs[at]!, x.domain, width) }} />
      )}
    </div>
  );
}

function isEmpty(data: ChartData): boolean {
  return data.series.every(({ values }) => values.every((value) => value === null));
}

function yAxis(
  data: ChartData,
  styles: readonly SeriesStyle[],
  domain: readonly [number, number] | undefined,
): Axis {
  if (domain) return { ...roundAxis(...domain, 5), domain };
  let min = 0;
  let max = 0;
  data.series.forEach(({ values, bands }, i) => {
    for (const value of values) {
      if (value !== null) [min, max] = [Math.min(min, value), Math.max(max, value)];
    }
    if (styles[i]?.band !== true) return;
    for (const band of bands) {
      if (band) [min, max] = [Math.min(min, band[0]), Math.max(max, band[1])];
    }
  });
  return roundAxis(min, max);
}
