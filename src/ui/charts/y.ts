/** The y axis of a chart: it encloses everything that is drawn. */
import { roundAxis, roundLogAxis } from './axis.ts';
import type { Axis } from './axis.ts';
import type { ChartData } from './bucket.ts';
import type { Overlay, SeriesStyle } from './series.ts';

export interface YOptions {
  /** Fixed bounds of y, where the quantity has them. */
  readonly domain?: readonly [number, number] | undefined;
  readonly log?: boolean | undefined;
}

export function yAxisOf(
  data: ChartData,
  styles: readonly SeriesStyle[],
  overlays: readonly Overlay[],
  { domain, log = false }: YOptions,
): Axis {
  if (domain && !log) return { ...roundAxis(...domain, 5), domain };
  const { min, max, least } = drawnValues(data, styles, overlays);
  return log ? roundLogAxis(least, max) : roundAxis(min, max);
}

/** Extremes, 0 included, and the least that is positive. */
function drawnValues(
  data: ChartData,
  styles: readonly SeriesStyle[],
  overlays: readonly Overlay[],
): { min: number; max: number; least: number } {
  let [min, max, least] = [0, 0, Infinity];
  const take = (value: number | null): void => {
    if (value === null) return;
    min = Math.min(min, value);
    max = Math.max(max, value);
    if (value > 0) least = Math.min(least, value);
  };
  data.series.forEach(({ values, raw, bands }, i) => {
    values.forEach(take);
    raw?.forEach(take);
    if (styles[i]?.band === true) bands.forEach((band) => band?.forEach(take));
  });
  for (const overlay of overlays) overlay.data.series.forEach(({ values }) => values.forEach(take));
  return { min, max, least };
}
