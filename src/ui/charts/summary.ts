/** A chart in one sentence, for those who do not see it. */
import { formatNumber } from '../format.ts';
import type { ChartData } from './bucket.ts';
import type { SeriesStyle } from './series.ts';

/** The last measured value of a series and where. */
export function latestOf(
  data: ChartData,
  index: number,
): { readonly x: number; readonly value: number } | null {
  const values = data.series[index]?.values ?? [];
  for (let i = values.length - 1; i >= 0; i--) {
    const value = values[i] ?? null;
    if (value !== null) return { x: data.xs[i]!, value };
  }
  return null;
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
    return [`${style.label} ${formatNumber(latest.value)} at ${xLabel} ${latest.x}`];
  });
  return parts.length === 0 ? `${title}: no values yet.` : `${title}. ${parts.join('; ')}.`;
}
