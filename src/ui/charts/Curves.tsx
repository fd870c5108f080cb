import { memo } from 'react';
import type { Axis } from './axis.ts';
import type { ChartData } from './bucket.ts';
import { heightOf, pixelOf, PLOT } from './geometry.ts';
import type { Overlay, SeriesStyle } from './series.ts';

export interface CurvesProps {
  readonly width: number;
  readonly x: Axis;
  readonly y: Axis;
  readonly data: ChartData;
  readonly styles: readonly SeriesStyle[];
  readonly overlays: readonly Overlay[];
}

/**
 * What stands behind the lines: the same without smoothing, faint, and other runs, dashed. Plain paths, as
 * each further line in recharts would cost ten milliseconds a redraw.
 */
function Background({ width, x, y, data, styles, overlays }: CurvesProps) {
  const path = (xs: readonly number[], values: readonly (number | null)[]): string =>
    pathOf(xs, values, { x, y, width });
  return (
    <svg className="plot-curves" width={width} height={PLOT.height} aria-hidden="true">
      {styles.map((style, i) => {
        const raw = data.series[i]?.raw;
        if (!raw) return null;
        return <path key={i} className="raw" stroke={style.color} d={path(data.xs, raw)} />;
      })}
      {overlays.map(({ id, dash, data: other }) =>
        styles.map((style, i) => {
          const values = other.series[i]?.values;
          if (!values || style.faint === true) return null;
          const d = path(other.xs, values);
          return d && <path key={`${id} ${i}`} stroke={style.color} strokeDasharray={dash} d={d} />;
        }),
      )}
    </svg>
  );
}

export const Curves = memo(Background);

/** A line through what was measured; on a logarithmic axis, through what is positive. */
export function pathOf(
  xs: readonly number[],
  values: readonly (number | null)[],
  { x, y, width }: { readonly x: Axis; readonly y: Axis; readonly width: number },
): string {
  let path = '';
  for (let i = 0; i < xs.length; i++) {
    const value = values[i] ?? null;
    if (value === null || (y.log === true && value <= 0)) continue;
    if (x.log === true && xs[i]! <= 0) continue;
    const left = pixelOf(xs[i]!, x, width).toFixed(1);
    path += `${path === '' ? 'M' : 'L'}${left} ${heightOf(value, y).toFixed(1)}`;
  }
  return path;
}
