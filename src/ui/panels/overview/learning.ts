/** What of held-out evaluations the first screen says: shares solved, or mean qualities, over training. */
import type { ShownEvaluation } from '../../../app/run.ts';
import { TEST_SPLIT } from '../../../app/run.ts';
import type { Estimate } from '../../../schema/records.ts';

export type Measure = 'solved' | 'quality';

export interface LearningPoint {
  readonly step: number;
  /** After K revisions. */
  readonly revised: Estimate;
  /** The best of K + 1 independent attempts, or of as many as the revisions cost where they have a price. */
  readonly resampled: Estimate;
}

/** Oldest first; only what was evaluated on the test split. */
export function learningCurve(
  evaluations: readonly ShownEvaluation[],
  measure: Measure,
): readonly LearningPoint[] {
  return ofTest(evaluations).map((evaluation) => ({
    step: evaluation.step,
    revised: evaluation[measure].at(-1)!,
    resampled: resampled(evaluation, measure).at(-1)!,
  }));
}

function resampled(evaluation: ShownEvaluation, measure: Measure): readonly Estimate[] {
  return measure === 'solved'
    ? (evaluation.equalCostSolved ?? evaluation.resampleSolved)
    : (evaluation.equalCostQuality ?? evaluation.resampleQuality);
}

/** What revising is compared with. */
export function freshWords(evaluations: readonly ShownEvaluation[], depth: number): string {
  const isPriced = ofTest(evaluations).some(({ cost }) => cost !== undefined);
  return isPriced ? 'fresh tries for the same cost' : `best of ${depth + 1} fresh tries`;
}

export function ofTest(evaluations: readonly ShownEvaluation[]): readonly ShownEvaluation[] {
  return evaluations.filter(({ split, solved }) => split === TEST_SPLIT && solved.length > 0);
}

/** Whether its chains of attempts were kept; known without reading them. */
export function hasExamples(
  evaluation: ShownEvaluation,
): evaluation is ShownEvaluation & Required<Pick<ShownEvaluation, 'examples'>> {
  return evaluation.examples !== undefined;
}

/** The newest one at a step; the first where all come later. */
export function pointAt<T extends { readonly step: number }>(
  points: readonly T[],
  step: number | null,
): T | undefined {
  if (step === null) return points.at(-1);
  return points.findLast((one) => one.step <= step) ?? points[0];
}

/** Shares where anything is ever solved; else there is only quality to tell. */
export function defaultMeasure(evaluations: readonly ShownEvaluation[]): Measure {
  const isSolved = ofTest(evaluations).some(({ solved }) => solved.at(-1)!.mean > 0);
  return isSolved || evaluations.length === 0 ? 'solved' : 'quality';
}

/** `88%` of tasks solved; `0.88` of quality. */
export function formatMeasure(value: number, measure: Measure): string {
  return measure === 'solved' ? `${Math.round(100 * value)}%` : value.toFixed(2);
}
