/** Trains a pipeline and scores it, by cross-validation on the table's fixed folds. */
import { createRng, hashString, type Rng } from '../../base/rng.ts';
import { keyOf, type Pipeline } from './choices.ts';
import { PipelineError, type Fault } from './fault.ts';
import { FOLDS, foldsOf } from './folds.ts';
import { dummyScore, mean, skillOf } from './metrics.ts';
import { fitModel, type Fit, type Predict } from './models.ts';
import { prepare, type Rows } from './prepare.ts';
import type { Table } from './table.ts';

/** Skills (`skillOf`) of the rows left out, pooled over the folds, and of those trained on; or why not. */
export type Score =
  | { readonly kind: 'scored'; readonly validation: number; readonly training: number }
  | { readonly kind: 'failed'; readonly fault: Fault };

/** Models of a bag. */
const BAG = 3;
/** Longest that a pipeline may take, in milliseconds. */
export const TIME_LIMIT = 4000;

export interface EvaluateOptions {
  /** Milliseconds. */
  readonly limit?: number;
  readonly now?: () => number;
}

/** The same table and pipeline always get the same score, unless time runs out. */
export function evaluate(
  table: Table,
  pipeline: Pipeline,
  { limit = TIME_LIMIT, now = () => performance.now() }: EvaluateOptions = {},
): Score {
  const end = now() + limit;
  const checkTime = (): void => {
    if (now() > end) throw new PipelineError('timeout');
  };
  try {
    const score = crossValidate(conditioned(table), pipeline, checkTime);
    return isScore(score) ? score : { kind: 'failed', fault: 'degenerate' };
  } catch (error) {
    // A package that gives up on numbers that it cannot bear has no prediction either.
    const fault = error instanceof PipelineError ? error.fault : 'degenerate';
    return { kind: 'failed', fault };
  }
}

function isScore({ validation, training }: Score & { kind: 'scored' }): boolean {
  return Number.isFinite(validation) && Number.isFinite(training);
}

/** Beyond these, sums of squares and what models add to numbers are lost in rounding. */
const EXTREME = { magnitude: 1e9, spread: 1e-6 };

/**
 * Targets that are very large, or nearly the same, in units of their spread around their mean. Skills are
 * the same in any unit.
 */
function conditioned(table: Table): Table {
  const { classes, targets } = table;
  if (classes.length > 0) return table;
  const magnitude = Math.max(...targets.map(Math.abs));
  const unit = magnitude || 1;
  const centre = mean(targets.map((value) => value / unit));
  const spread = Math.sqrt(mean(targets.map((value) => (value / unit - centre) ** 2)));
  if (magnitude < EXTREME.magnitude && spread > EXTREME.spread) return table;
  return { ...table, targets: targets.map((value) => (value / unit - centre) / (spread || 1)) };
}

function crossValidate(
  table: Table,
  pipeline: Pipeline,
  checkTime: () => void,
): Score & { kind: 'scored' } {
  const rows = table.rows.map((row) => row.map((value) => value ?? NaN));
  const folds = foldsOf(table);
  const dummy = dummyScore(table);
  const left = { truth: [] as number[], predicted: [] as number[] };
  const trained: number[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const inside = folds.flatMap((own, i) => (own === fold ? [] : [i]));
    const outside = folds.flatMap((own, i) => (own === fold ? [i] : []));
    const rng = createRng(hashString(keyOf(pipeline), fold));
    const task: Training = { ...split(rows, table, inside), table, pipeline, rng, checkTime };
    const predict = train(task);
    trained.push(skillOf(table.metric, dummy, task.targets, predict(task.rows)));
    left.truth.push(...outside.map((row) => table.targets[row]!));
    left.predicted.push(...predict(outside.map((row) => rows[row]!)));
  }
  const validation = skillOf(table.metric, dummy, left.truth, left.predicted);
  return { kind: 'scored', validation, training: Math.round(mean(trained) * 1e4) / 1e4 };
}

/** What the chosen rows say. */
export function split(
  rows: Rows,
  { targets }: Table,
  chosen: readonly number[],
): { rows: Rows; targets: readonly number[] } {
  return {
    rows: chosen.map((row) => rows[row]!),
    targets: chosen.map((row) => targets[row]!),
  };
}

export interface Training extends Pick<Fit, 'rows' | 'targets' | 'pipeline' | 'checkTime'> {
  readonly table: Table;
  readonly rng: Rng;
}

/** @throws PipelineError if a stage cannot do its work. */
export function train({ rows, targets, table, pipeline, rng, checkTime }: Training): Predict {
  checkTime();
  const transform = prepare(pipeline, table, rows, targets);
  const whole = { rows: transform(rows), targets };
  const fit = (some: Pick<Fit, 'rows' | 'targets'>): Predict => {
    checkTime();
    return fitModel({
      ...some,
      classes: table.classes.length,
      pipeline,
      seed: rng.int(2 ** 31 - 1),
      checkTime,
    });
  };
  if (pipeline.ensemble === 'alone') {
    const predict = fit(whole);
    return (asked) => predict(transform(asked));
  }
  const members = Array.from({ length: BAG }, () => fit(resample(whole, table, rng)));
  return (asked) => together(members, transform(asked), table);
}

/** As many rows drawn with replacement, class by class, so that none gets lost. */
function resample(
  { rows, targets }: Pick<Fit, 'rows' | 'targets'>,
  { classes }: Table,
  rng: Rng,
): Pick<Fit, 'rows' | 'targets'> {
  const pools =
    classes.length === 0
      ? [targets.map((_, i) => i)]
      : classes.map((_, label) => targets.flatMap((target, i) => (target === label ? [i] : [])));
  const drawn = pools.flatMap((pool) => pool.map(() => rng.pick(pool)));
  return { rows: drawn.map((i) => rows[i]!), targets: drawn.map((i) => targets[i]!) };
}

/** The mean, or the class with most votes, the first of equals. */
function together(members: readonly Predict[], asked: Rows, { classes }: Table): number[] {
  const predictions = members.map((predict) => predict(asked));
  return asked.map((_, row) => {
    const own = predictions.map((predicted) => predicted[row]!);
    return classes.length === 0 ? mean(own) : majority(own, classes.length);
  });
}

function majority(votes: readonly number[], classes: number): number {
  const counts = Array.from({ length: classes }, (_, label) => count(votes, label));
  return counts.indexOf(Math.max(...counts));
}

function count(votes: readonly number[], label: number): number {
  return votes.filter((vote) => vote === label).length;
}
