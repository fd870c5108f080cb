/** How series are told apart: by colour and by dash, so that neither is needed alone. */
import type { ChartData } from './bucket.ts';
import { metric } from '../../schema/metrics.ts';
import type { MetricId } from '../../schema/metrics.ts';

export interface SeriesStyle {
  readonly label: string;
  readonly symbol?: string | undefined;
  readonly unit?: string | undefined;
  readonly help?: string | undefined;
  /** A CSS colour; custom properties follow the theme without a redraw. */
  readonly color: string;
  readonly dash: string | undefined;
  readonly width: number;
  /** Whether the range of each bucket, or the interval, is drawn behind the line. */
  readonly band: boolean;
  /** Background to the others: drawn faint, and not in the legend. */
  readonly faint?: boolean;
}

/** Another run behind the shown one: its colours are the metrics' colours, its dashes are its own. */
export interface Overlay {
  readonly id: number;
  readonly label: string;
  readonly dash: string;
  /** Its series in the order of the chart's styles; those it lacks are absent or empty. */
  readonly data: ChartData;
}

/** Unlike the dashes that tell metrics apart. */
const OVERLAY_DASHES = ['3 2.5', '9 3', '1.2 2.6', '7 2.5 1.2 2.5', '4 2 4 5'] as const;

/** By the slot of a baseline; the recorded control has the last one. */
export function overlayDash(slot: number): string {
  return OVERLAY_DASHES[slot % OVERLAY_DASHES.length]!;
}

const DASHES = [undefined, '6 3', '2 3', '8 3 2 3', '1 4', '12 4'] as const;

/** Styles of a chart's metrics in the order given; the first is the plain one. */
export function seriesStyles(ids: readonly MetricId[], banded: boolean): SeriesStyle[] {
  return ids.map((id, i) => {
    const { label, symbol, unit, help } = metric(id);
    return {
      label,
      symbol,
      unit,
      help,
      color: `var(--series-${(i % 6) + 1})`,
      dash: DASHES[i % DASHES.length],
      width: i === 0 ? 2 : 1.5,
      band: banded && i === 0,
    };
  });
}

/** A line beside the plain one that is no metric of its own: the `index`-th of the chart. */
export function otherStyle(label: string, index: number): SeriesStyle {
  return {
    label,
    color: `var(--series-${(index % 6) + 1})`,
    dash: DASHES[index % DASHES.length],
    width: 1.5,
    band: false,
  };
}

/** Shades from shallow to deep, perceptually even; the order is the meaning, so no dashes. */
export function depthStyles(ids: readonly MetricId[]): SeriesStyle[] {
  return ids.map((id, i) => ({
    label: metric(id).label,
    help: metric(id).help,
    color: `var(--depth-${i + 1})`,
    dash: undefined,
    width: 1,
    band: false,
  }));
}
