/** A chart in one sentence, for those who do not see it. */
import { formatNumber } from '../format.ts';
import type { ChartData } from './bucket.ts';
import type { SeriesStyle } from './series.ts';

/** The last measured value of a series and where. */
export function latestOf(
  data: ChartData,
  index: number,
): { readonly at: number; readonly value: number } | null {
  const values = data.series[index]?.values ?? [];
  for (let at = values.length - 1; at >= 0; at--) {
    const value = values[at] ?? null;
    if (value !== null) return { at, value };
  }
  return null;
}

/** Where a bucket stands: `step 12`, or `k = 4` where `xLabel` is `k =`. */
export function placeOf({ xs, steps }: ChartData, xLabel: string, at: number): string {
  return steps ? `step ${steps[at]}` : `${xLabel} ${xs[at]}`;
}

export function summarise(
  title: string,
  xLabel: string,
  styles: readonly SeriesStyle[],
  data: ChartData,
): string {
  const parts = styles.flatMap((style, i) => {
    const latest = latestOf(data, i);
    if (style.faint === true || latest === null) return [];
    const place = placeOf(data, xLabel, latest.at);
    return [`${style.label} ${formatNumber(latest.value)} at ${place}`];
  });
  return parts.length === 0 ? `${title}: no values yet.` : `${title}. ${parts.join('; ')}.`;
}

/** The values of one bucket, in words. */
export function valuesAt(styles: readonly SeriesStyle[], data: ChartData, at: number): string {
  const parts = styles.flatMap((style, i) => {
    const value = data.series[i]?.values[at] ?? null;
    return style.faint === true || value === null ? [] : [`${style.label} ${formatNumber(value)}`];
  });
  return parts.length === 0 ? 'not measured' : parts.join('; ');
}
