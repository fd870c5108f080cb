/** Held-out quality against the number of self-improvement steps: the newest evaluation and its past. */
import type { Estimate } from '../../../schema/records.ts';
import { EVAL_POINTS } from '../../../schema/metrics.ts';
import type { Axis } from '../../charts/axis.ts';
import type { ChartData, SeriesData } from '../../charts/bucket.ts';
import type { ReferenceMark } from '../../charts/marks.ts';
import { csv } from '../../charts/csv.ts';
import type { Cell } from '../../charts/csv.ts';
import { otherStyle, overlayDash } from '../../charts/series.ts';
import type { Overlay, SeriesStyle } from '../../charts/series.ts';
import { shortLabels } from '../../../app/baselines.ts';
import type { Baseline } from '../../../app/baselines.ts';
import { isRecordedControl } from '../../../app/control.ts';
import type { ShownEvaluation, ShownPart } from '../../../app/run.ts';
import type { HeldOutSplit } from '../../../tasks/task.ts';
import type { DomainInfo } from '../../../training/session-info.ts';

/** Earlier evaluations shown behind the newest. */
const MOST_EARLIER = 6;

/** Of all evaluations, those that are shown. */
export interface HeldOutChoice {
  readonly split: string;
  /** Id of one domain of a mixture; null is the mean of all. */
  readonly domain: string | null;
  readonly domains: readonly Pick<DomainInfo, 'id' | 'label'>[];
}

type Shown = ShownEvaluation | ShownPart;

/** How many of the evaluations were there at a step; of later steps, at least the first. Null is now. */
export function madeBy(evaluations: readonly ShownEvaluation[], step: number | null): number {
  if (step === null) return evaluations.length;
  const made = evaluations.findLastIndex((evaluation) => evaluation.step <= step) + 1;
  return Math.max(made, Math.min(1, evaluations.length));
}

/** The recorded control as it stood at a step, so that both are compared after as much training. */
export function controlAt(one: Baseline, step: number): Baseline {
  if (!isRecordedControl(one)) return one;
  return { ...one, evaluations: one.evaluations.filter((made) => made.step <= step) };
}

/** The newest curves of runs that are compared with, each behind the run's own. */
export function heldOutOverlays(
  baselines: readonly Baseline[],
  choice: HeldOutChoice,
): readonly Overlay[] {
  const labels = shortLabels(baselines);
  return baselines.flatMap(({ id, slot, evaluations }, i) => {
    const { latest, data } = heldOutView(evaluations, choice);
    if (latest === null) return [];
    const curves = { ...data, series: data.series.slice(0, 2) };
    return [{ id, label: labels[i]!, dash: overlayDash(slot), data: curves }];
  });
}

/** Every evaluation that the choice shows, of the run and of those it is compared with. */
export function heldOutCsv(
  runs: readonly { readonly label: string; readonly evaluations: readonly ShownEvaluation[] }[],
  { split, domain }: HeldOutChoice,
): string {
  const rows = runs.flatMap(({ label, evaluations }) =>
    evaluations
      .filter((evaluation) => evaluation.split === split)
      .flatMap((evaluation) => ofDomain(evaluation, domain))
      .flatMap((shown) =>
        shown.quality.map((_, k): Cell[] => [label, shown.step, split, k, ...columnsAt(shown, k)]),
      ),
  );
  return csv([['run', 'step', 'split', 'k', ...HELD_OUT_COLUMNS], ...rows]);
}

const HELD_OUT_COLUMNS = [
  'quality',
  'quality_ci95',
  'solved',
  'solved_ci95',
  'resample_quality',
  'resample_quality_ci95',
];

function columnsAt({ quality, solved, resampleQuality }: Shown, k: number): Cell[] {
  return [quality[k], solved[k], resampleQuality[k]].flatMap((estimate) => [
    estimate?.mean ?? null,
    estimate?.ci95 ?? null,
  ]);
}

export interface HeldOutView {
  readonly latest: Shown | null;
  readonly data: ChartData;
  readonly styles: readonly SeriesStyle[];
  readonly xAxis: Axis;
  readonly marks: readonly ReferenceMark[];
}

/** The splits that all of the domains have, so that one evaluation can be made of them. */
export function sharedSplits([first, ...others]: readonly DomainInfo[]): readonly HeldOutSplit[] {
  const has = ({ splits }: DomainInfo, id: string): boolean =>
    splits.some((split) => split.id === id);
  return first?.splits.filter(({ id }) => others.every((other) => has(other, id))) ?? [];
}

export function heldOutView(
  evaluations: readonly ShownEvaluation[],
  { split, domain, domains }: HeldOutChoice,
): HeldOutView {
  const shown = evaluations
    .filter((evaluation) => evaluation.split === split)
    .flatMap((evaluation) => ofDomain(evaluation, domain));
  const latest = shown.at(-1) ?? null;
  if (latest === null) return { ...NOTHING, latest };
  const earlier = spread(shown.slice(0, -1), MOST_EARLIER);
  const parts = partsOf(latest);
  const depth = Math.max(1, latest.depth);
  return {
    latest,
    xAxis: { domain: [0, depth], ticks: EVAL_POINTS.filter((k) => k <= depth) },
    data: {
      xs: Array.from({ length: latest.depth + 1 }, (_, k) => k),
      series: [
        estimates(latest.quality),
        estimates(latest.resampleQuality),
        ...parts.map(({ quality }) => estimates(quality)),
        ...earlier.map(({ quality }) => estimates(quality)),
      ],
    },
    styles: [
      { ...SELF_IMPROVEMENT, label: `${nameOf(parts)}, step ${latest.step}` },
      RESAMPLING,
      ...parts.map(({ task }, i) =>
        otherStyle(domains.find(({ id }) => id === task)?.label ?? task, i + 2),
      ),
      ...earlier.map(({ step }) => ({ ...EARLIER, label: `Step ${step}` })),
    ],
    marks: trainedDepthMark(latest),
  };
}

function ofDomain(evaluation: ShownEvaluation, domain: string | null): Shown[] {
  if (domain === null) return [evaluation];
  return partsOf(evaluation).filter(({ task }) => task === domain);
}

function partsOf(evaluation: Shown): readonly ShownPart[] {
  return 'parts' in evaluation ? (evaluation.parts ?? []) : [];
}

function nameOf(parts: readonly ShownPart[]): string {
  return parts.length === 0 ? SELF_IMPROVEMENT.label : `Mean of ${parts.length} domains`;
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

function trainedDepthMark({ trainedDepth, depth }: Shown): ReferenceMark[] {
  if (trainedDepth <= 0 || trainedDepth > depth) return [];
  const words = `mean depth trained on: ${trainedDepth.toFixed(1)}`;
  return [{ x: trainedDepth, label: 'depth trained on', words }];
}

/** At most `most` of the items, evenly spread, the first included. */
export function spread<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, i) => items[Math.floor((i * items.length) / most)]!);
}
