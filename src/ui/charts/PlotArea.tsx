import { useMemo, useRef } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { formatTick } from '../format.ts';
import { tightAxis } from './axis.ts';
import type { Axis } from './axis.ts';
import type { ChartData } from './bucket.ts';
import { movedBy } from './cursor.ts';
import type { ChartCursor } from './cursor.ts';
import { Curves } from './Curves.tsx';
import { nearestIndex, pixelOf, PLOT } from './geometry.ts';
import type { ReferenceMark } from './marks.ts';
import { PlotFrame } from './PlotFrame.tsx';
import { renderPlot } from './plotLoader.ts';
import type { Overlay, SeriesStyle } from './series.ts';
import { placeOf, summarise, valuesAt } from './summary.ts';
import { useWidth } from './useSize.ts';
import { yAxisOf } from './y.ts';

export interface PlotAreaProps {
  readonly title: string;
  readonly styles: readonly SeriesStyle[];
  readonly data: ChartData;
  /** Other runs, behind this one. */
  readonly overlays?: readonly Overlay[];
  readonly stacked?: boolean;
  /** What a chart that is not one over steps has on x, as in "k = 12". */
  readonly xLabel: string;
  /** Where absent, round ticks between the first and the last x. */
  readonly xAxis?: Axis;
  readonly formatX?: (x: number) => string;
  /** At the end of the x axis; `xLabel` if absent. */
  readonly caption?: string;
  /** Fixed bounds of y, where the quantity has them. */
  readonly domain?: readonly [number, number] | undefined;
  readonly logY?: boolean;
  readonly marks: readonly ReferenceMark[];
  readonly cursor: ChartCursor;
  /** Said in place of an empty plot. */
  readonly empty: string;
}

const NO_OVERLAYS: readonly Overlay[] = [];

/** The drawing, and over it the cursor that a pointer or the keyboard moves. */
export function PlotArea(props: PlotAreaProps) {
  const { title, styles, data, marks, xLabel, stacked = false, domain, logY, cursor } = props;
  const { overlays = NO_OVERLAYS, formatX = String, caption = xLabel } = props;
  const ref = useRef<HTMLDivElement>(null);
  const width = useWidth(ref);
  const x = useMemo(
    () => props.xAxis ?? tightAxis(data.xs[0] ?? 0, data.xs.at(-1) ?? 1),
    [props.xAxis, data],
  );
  const y = useMemo(
    () => yAxisOf(data, styles, overlays, { domain, log: logY }),
    [data, styles, overlays, domain, logY],
  );
  const empty = isEmpty(data) && overlays.length === 0;
  return (
    <div className="plot" ref={ref} style={{ height: PLOT.height }}>
      <div className="plot-drawing" role="img" aria-label={summarise(title, xLabel, styles, data)}>
        {empty && <p className="plot-empty">{props.empty}</p>}
        {!empty && width > 0 && (
          <>
            <PlotFrame {...{ width, x, y, marks, formatX, caption }} formatY={formatTick} />
            {!stacked && <Curves {...{ width, x, y, data, styles, overlays }} />}
          </>
        )}
        {/* Drawn without data too: the first drawing is the dearest, and comes before training then. */}
        {width > 0 && renderPlot({ width, data, styles, stacked, x, y })}
      </div>
      {!isEmpty(data) && <Cursor {...{ title, styles, data, xLabel, formatX, cursor, x, width }} />}
    </div>
  );
}

function isEmpty(data: ChartData): boolean {
  return data.series.every(({ values }) => values.every((value) => value === null));
}

type CursorProps = Pick<PlotAreaProps, 'title' | 'styles' | 'data' | 'xLabel' | 'cursor'> & {
  readonly x: Axis;
  readonly formatX: (x: number) => string;
  readonly width: number;
};

/** A slider along x: what a pointer hovers, arrow keys reach as well. */
function Cursor({ title, styles, data, xLabel, formatX, cursor, x, width }: CursorProps) {
  const { at, pinned, move, pin, release } = cursor;
  const last = data.xs.length - 1;
  const current = at ?? pinned ?? last;
  const indexAt = (event: PointerEvent | React.MouseEvent): number => {
    const { left } = event.currentTarget.getBoundingClientRect();
    return nearestIndex(data.xs, x, event.clientX - left, width);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = movedBy(event.key, current, data.xs.length);
    if (next !== null) move(next);
    else if (event.key === 'Enter' && pin) pin(current);
    else if (event.key === 'Escape') release();
    else return;
    event.preventDefault();
  };
  const leftOf = (index: number): number => pixelOf(data.xs[index]!, x, width);
  const place = placeOf(data, xLabel, current);
  const shownAt = (index: number): number => data.steps?.[index] ?? data.xs[index]!;
  return (
    <div
      className={pin ? 'plot-cursor pins' : 'plot-cursor'}
      role="slider"
      tabIndex={0}
      aria-label={`Cursor of ${title}`}
      aria-valuemin={shownAt(0)}
      aria-valuemax={shownAt(last)}
      aria-valuenow={shownAt(current)}
      aria-valuetext={`${place}${current === pinned ? ', pinned' : ''}: ${valuesAt(styles, data, current)}`}
      onPointerMove={(event) => move(indexAt(event))}
      onPointerLeave={() => move(null)}
      onBlur={() => move(null)}
      onClick={pin && ((event) => pin(indexAt(event)))}
      onKeyDown={onKeyDown}
    >
      {pinned !== null && <span className="pin" style={{ left: leftOf(pinned) }} />}
      {at !== null && (
        <span className="cursor" style={{ left: leftOf(at) }}>
          <span className={leftOf(at) > width * 0.6 ? 'cursor-place late' : 'cursor-place'}>
            {place}
            {data.steps && data.steps !== data.xs && `, ${formatX(data.xs[at]!)}`}
          </span>
        </span>
      )}
    </div>
  );
}
