/** What the parts of a run say of one another: steps that agree, and values within what they measure. */
import type { MetricRow } from '../schema/metrics.ts';
import type { DomainEvaluation, Estimate, Evaluation, ParamChange } from '../schema/records.ts';
import { RunFormatError } from './checks.ts';

const RUN = 'run.json';
const METRICS = 'metrics.jsonl';

/** More than training does; beyond it, steps are no longer told apart as text is. */
const MOST_STEPS = 1e12;

interface Checked {
  readonly step: number;
  readonly marks: readonly ParamChange[];
  readonly evaluations: readonly Evaluation[];
  readonly exitState: unknown;
}

/** @throws RunFormatError naming the field, its value and what was expected. */
export function checkRun({ step, marks, evaluations, exitState }: Checked): void {
  if (step > MOST_STEPS) refuse(RUN, 'step', step, `at most ${MOST_STEPS}`);
  const own = stepOf(exitState);
  if (own !== undefined && own !== step) {
    refuse(RUN, 'exitState.step', own, `${step}, the step of the run`);
  }
  // What was turned last may not have been used yet.
  checkOrder('marks', marks, { least: 1, most: step + 1 });
  checkOrder('evaluations', evaluations, { least: 0, most: step });
  evaluations.forEach((evaluation, i) => checkEvaluation(evaluation, `evaluations.${i}`));
}

/** Of a state that has one: whoever continues the run checks the rest. */
function stepOf(exitState: unknown): number | undefined {
  if (typeof exitState !== 'object' || exitState === null || !('step' in exitState))
    return undefined;
  return typeof exitState.step === 'number' ? exitState.step : undefined;
}

function checkOrder(
  field: string,
  list: readonly { readonly step: number }[],
  { least, most }: { least: number; most: number },
): void {
  let last = least;
  list.forEach(({ step }, i) => {
    if (step < last || step > most) {
      refuse(
        RUN,
        `${field}.${i}.step`,
        step,
        `${last} to ${most}: steps rise, and none is to come`,
      );
    }
    last = step;
  });
}

/** @throws RunFormatError unless the last row is of the last step. */
export function checkRows(rows: readonly MetricRow[], { step }: Pick<Checked, 'step'>): void {
  const last = rows.at(-1)?.step ?? 0;
  if (last === step) return;
  refuse(METRICS, 'the last step', last, `${step}, the step of ${RUN}`);
}

type Range = readonly [least: number, most: number];

const SHARE: Range = [0, 1];
/** Of an estimate's mean. */
const RANGES = {
  quality: SHARE,
  solved: SHARE,
  bestQuality: SHARE,
  bestSolved: SHARE,
  resampleQuality: SHARE,
  resampleSolved: SHARE,
  equalCostQuality: SHARE,
  equalCostSolved: SHARE,
  cost: [0, 1e9],
  distinct: SHARE,
  netCorrections: [-100, 100],
  wrongToRight: [0, 100],
  rightToWrong: [0, 100],
} as const satisfies Partial<Record<keyof Evaluation, Range>>;

/** Means of numbers within a range may leave it by a rounding. */
const ROUNDING = 1e-9;
/** More than anyone evaluates. */
const MOST_COUNT = 1e6;

function checkEvaluation(evaluation: Evaluation | DomainEvaluation, where: string): void {
  for (const [field, range] of Object.entries(RANGES)) {
    const value = evaluation[field as keyof typeof RANGES];
    if (value === undefined) continue;
    const estimates = 'mean' in value ? [value] : value;
    for (const estimate of estimates) checkEstimate(estimate, range, `${where}.${field}`);
  }
  for (const field of ['tasks', 'samples', 'depth', 'trainedDepth'] as const) {
    const value = evaluation[field];
    if (value < 0 || value > MOST_COUNT) {
      refuse(RUN, `${where}.${field}`, value, `0 to ${MOST_COUNT}`);
    }
  }
  checkTurns(evaluation, where);
  if ('parts' in evaluation) {
    evaluation.parts.forEach((part, i) => checkEvaluation(part, `${where}.parts.${i}`));
  }
}

/** A turn is solved or not; a conversation is paid once per turn. */
function checkTurns(
  { turns = [], taskReturn }: DomainEvaluation | Evaluation,
  where: string,
): void {
  turns.forEach((turn, i) => {
    for (const estimate of Object.values(turn)) {
      checkEstimate(estimate, SHARE, `${where}.turns.${i}`);
    }
  });
  for (const estimate of Object.values(taskReturn ?? {})) {
    checkEstimate(estimate, [0, Math.max(1, turns.length)], `${where}.taskReturn`);
  }
}

function checkEstimate({ mean, ci95 }: Estimate, [least, most]: Range, where: string): void {
  if (mean < least - ROUNDING || mean > most + ROUNDING) {
    refuse(RUN, `${where}.mean`, mean, `${least} to ${most}`);
  }
  if (ci95 < 0) refuse(RUN, `${where}.ci95`, ci95, 'at least 0');
}

function refuse(file: string, field: string, value: number, expected: string): never {
  throw new RunFormatError(file, `${field}: got ${value}, expected ${expected}`);
}
