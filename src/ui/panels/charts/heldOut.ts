/** Held-out quality against the number of self-improvement steps: the newest evaluation and its past. */
import type { Estimate, Evaluation } from '../../../exit/records.ts';
import { EVAL_POINTS } from '../../../spec/metrics.ts';
import type { Axis } from '../../charts/axis.ts';
import type { ChartData, SeriesData } from '../../charts/bucket.ts';
import type { ReferenceMark } from '../../charts/marks.ts';
import type { SeriesStyle } from '../../charts/series.ts';

/** Earlier evaluations shown behind the newest. */
const MOST_EARLIER = 6;

export interface HeldOutView {
  readonly latest: Evaluation | null;
  readonly data: ChartData;
  readonly styles: readonly SeriesStyle[];
  readonly xAxis: Axis;
  readonly marks: readonly ReferenceMark[];
}

export function heldOutView(evaluations: readonly Evaluation[]): HeldOutView {
  const latest = evaluations.at(-1) ?? null;
  if (latest === null) return { ...NOTHING, latest };
  const earlier = spread(evaluations.slice(0, -1), MOST_EARLIER);
  const depth = Math.max(1, latest.depth);
  return {
    latest,
    xAxis: { domain: [0, depth], ticks: EVAL_POINTS.filter((k) => k <= depth) },
    data: {
      xs: Array.from({ length: latest.depth + 1 }, (_, k) => k),
      series: [
        estimates(latest.quality),
        estimates(latest.resampleQuality),
        ...earlier.map(({ quality }) => estimates(quality)),
      ],
    },
    styles: [
      { ...SELF_IMPROVEMENT, label: `Self-improvement, step ${latest.step}` },
      RESAMPLING,
      ...earlier.map(({ step }) => ({ ...EARLIER, label: `Step ${step}` })),
    ],
    marks: trainedDepthMark(latest),
  };
}

const SELF_IMPROVEMENT: SeriesStyle = {
  label: 'Self-improvement',
  help: 'Mean quality of the last attempt after k self-improvement steps, with a 95% interval.',
  color: 'var(--series-1)',
  dash: undefined,
  width: 2.25,
  band: true,
};

const RESAMPLING: SeriesStyle = {
  label: 'Resampling control',
  help: 'Best of k + 1 independent first attempts: the same number of attempts, without revising any.',
  color: 'var(--series-2)',
  dash: '6 3',
  width: 1.5,
  band: true,
};

const EARLIER: SeriesStyle = {
  label: 'Earlier',
  color: 'var(--series-1)',
  dash: undefined,
  width: 1,
  band: false,
  faint: true,
};

const NOTHING: Omit<HeldOutView, 'latest'> = {
  data: { xs: [], series: [] },
  styles: [SELF_IMPROVEMENT, RESAMPLING],
  xAxis: { domain: [0, 16], ticks: EVAL_POINTS },
  marks: [],
};

function estimates(list: readonly Estimate[]): SeriesData {
  return {
    values: list.map(({ mean }) => mean),
    bands: list.map(({ mean, ci95 }) => [Math.max(0, mean - ci95), Math.min(1, mean + ci95)]),
  };
}

function trainedDepthMark({ trainedDepth, depth }: Evaluation): ReferenceMark[] {
  if (trainedDepth <= 0 || trainedDepth > depth) return [];
  const words = `mean depth trained on: ${trainedDepth.toFixed(1)}`;
  return [{ x: trainedDepth, label: 'depth trained on', words }];
}

/** At most `most` of the items, evenly spread, the first included. */
export function spread<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, i) => items[Math.floor((i * items.length) / most)]!);
}
