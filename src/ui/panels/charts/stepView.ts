/** What a chart over training shows: the run, the runs it is compared with, and how they are to be drawn. */
import { metric } from '../../../schema/metrics.ts';
import type { MetricId } from '../../../schema/metrics.ts';
import { shortLabels } from '../../../app/baselines.ts';
import type { Baseline } from '../../../app/baselines.ts';
import type { ChartSettings } from '../../../app/chart-settings.ts';
import type { RunState } from '../../../app/run.ts';
import type { Axis } from '../../charts/axis.ts';
import { chartData } from '../../charts/bucket.ts';
import type { Bucketing, ChartData } from '../../charts/bucket.ts';
import { placeMarks, referenceMarks } from '../../charts/marks.ts';
import type { ReferenceMark } from '../../charts/marks.ts';
import { depthStyles, overlayDash, seriesStyles } from '../../charts/series.ts';
import type { Overlay, SeriesStyle } from '../../charts/series.ts';
import { X_SCALES, xAxisOf } from '../../charts/x.ts';
import type { StepChartSpec } from './catalog.ts';

export interface StepView {
  readonly data: ChartData;
  readonly styles: readonly SeriesStyle[];
  readonly overlays: readonly Overlay[];
  readonly marks: readonly ReferenceMark[];
  readonly xAxis: Axis;
  readonly formatX: (x: number) => string;
  readonly caption: string;
  readonly logY: boolean;
  readonly domain: readonly [number, number] | undefined;
}

/** A stack draws every bucket once per layer. */
const MOST_STACKED = 100;

export interface StepSources {
  readonly run: RunState;
  readonly settings: ChartSettings;
  /** The runs that it is compared with. */
  readonly compared: readonly Baseline[];
}

export function stepView(
  { ids, stacked = false }: StepChartSpec,
  { run, settings, compared }: StepSources,
): StepView {
  const { smoothing, x, logX, band } = settings;
  const bucketing = { ids, smoothing, x, ...(stacked ? { most: MOST_STACKED } : {}) };
  const data = chartData(run.history, bucketing);
  const overlays = stacked ? [] : overlaysOf(compared, bucketing);
  const xs = [data, ...overlays.map((overlay) => overlay.data)].flatMap((one) => one.xs);
  return {
    data,
    overlays,
    styles: stacked ? depthStyles(ids) : seriesStyles(ids, band),
    marks: placeMarks(referenceMarks(run.marks), data),
    xAxis: xAxisOf(x, logX, xs),
    formatX: X_SCALES[x].format,
    caption: X_SCALES[x].label,
    logY: !stacked && isLog(ids, settings),
    domain: sharedDomain(ids),
  };
}

function overlaysOf(compared: readonly Baseline[], bucketing: Bucketing): Overlay[] {
  const labels = shortLabels(compared);
  return compared.flatMap(({ id, slot, history }, i) => {
    if (!bucketing.ids.some((metricId) => history.columns.has(metricId))) return [];
    const data = chartData(history, bucketing);
    return [{ id, label: labels[i]!, dash: overlayDash(slot), data }];
  });
}

function isLog(ids: readonly MetricId[], { y }: ChartSettings): boolean {
  return y === 'log' || (y === 'auto' && ids.every((id) => metric(id).scale === 'log'));
}

/** The axis is fixed only where every metric has the same bounds. */
function sharedDomain(ids: readonly MetricId[]): readonly [number, number] | undefined {
  const domains = ids.map((id) => metric(id).domain);
  const [first] = domains;
  return domains.every((d) => d?.[0] === first?.[0] && d?.[1] === first?.[1]) ? first : undefined;
}
