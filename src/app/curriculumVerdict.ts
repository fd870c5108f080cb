/** Whether choosing where to practise can matter in a run as it stands, from its own metrics. */
import type { MetricId } from '../schema/metrics.ts';
import type { MetricHistory } from './history.ts';

/** `unknown`: nothing was chosen from a buffer yet, or too little to tell. */
export type CurriculumCase = 'unknown' | 'nothing-flat' | 'unpredictable' | 'can-matter';

export interface CurriculumVerdict {
  readonly case: CurriculumCase;
  /** Share of the chosen groups whose returns are all equal. */
  readonly zeroVariance: number;
  /** ρ of stored and realised S; NaN where it could not be measured. */
  readonly correlation: number;
  /** Share of chosen starts that can be solved, minus that of a uniform draw. */
  readonly solvableGain: number;
  /** How many steps it rests on. */
  readonly steps: number;
}

/** Steps that are averaged over. */
const WINDOW = 20;
const FEWEST = 5;
/** Below this share of flat groups there are hardly any rollouts to save. */
const NEXT_TO_NOTHING = 0.1;
/** Below this rank correlation a score says next to nothing about the next one. */
const NEAR_ZERO = 0.15;

/** Of the newest steps that chose from the buffer. */
export function curriculumVerdict(history: MetricHistory): CurriculumVerdict {
  const zeroVariance = recentMean(history, 'selected/zero_variance');
  const correlation = recentMean(history, 'selected/score_correlation').mean;
  const solvableGain = recentMean(history, 'selected_minus_uniform/solvable').mean;
  const measured = { zeroVariance: zeroVariance.mean, correlation, solvableGain };
  return { case: caseOf(zeroVariance, correlation), ...measured, steps: zeroVariance.count };
}

function caseOf(zeroVariance: Recent, correlation: number): CurriculumCase {
  if (zeroVariance.count < FEWEST) return 'unknown';
  if (zeroVariance.mean < NEXT_TO_NOTHING) return 'nothing-flat';
  // Where all scores are equal there is no correlation: they tell nothing apart.
  return correlation >= NEAR_ZERO ? 'can-matter' : 'unpredictable';
}

interface Recent {
  readonly mean: number;
  readonly count: number;
}

function recentMean({ columns, length }: MetricHistory, id: MetricId): Recent {
  const column = columns.get(id);
  let [sum, count] = [0, 0];
  for (let i = Math.max(0, length - WINDOW); column && i < length; i++) {
    const value = column[i]!;
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return { mean: sum / count, count };
}

/** One sentence, and the numbers that it rests on. */
export function verdictSentence({ case: found, ...of }: CurriculumVerdict): string | null {
  const flat = percent(of.zeroVariance);
  const rho = of.correlation.toFixed(2);
  switch (found) {
    case 'unknown':
      return null;
    case 'nothing-flat':
      return `No curriculum can matter here: only ${flat} of the chosen starts are flat, so there is next to nothing to avoid.`;
    case 'unpredictable':
      return `No curriculum can matter here: ${flat} of the chosen starts are flat, but stored learnability does not predict the next (ρ = ${Number.isNaN(of.correlation) ? '–' : rho}).`;
    case 'can-matter':
      return (
        `Choosing can matter here: ${flat} of the chosen starts are flat, and stored learnability predicts the next (ρ = ${rho}).` +
        (of.solvableGain > 0.02
          ? ` The share that can be solved is ${points(of.solvableGain)} higher among the chosen than in a uniform draw.`
          : '')
      );
    default:
      return found satisfies never;
  }
}

function points(difference: number): string {
  return `${Math.round(100 * difference)} points`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)}%`;
}
