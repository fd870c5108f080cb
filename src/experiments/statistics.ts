/**
 * What a handful of runs says about an arm, after Agarwal et al., "Deep Reinforcement Learning at the
 * Edge of the Statistical Precipice", arXiv 2108.13264: the definitions are those of its library
 * `rliable` 1.2.0, whose values `statistics.test.ts` holds these to.
 *
 * Scores are [runs][tasks]: a run is a seed, a task is what rliable calls one (a domain, not a held-out
 * instance of it). All draws come from the seed given, so that a table is the same bytes every time.
 */
import { createRng, type Rng } from '../base/rng.ts';
import { mean, meanWithInterval } from '../base/statistics.ts';

/** [runs][tasks], at least one of each, every run with as many tasks. */
export type Scores = readonly (readonly number[])[];

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface IntervalEstimate {
  readonly value: number;
  /** Null of fewer than two runs: one run says nothing about the spread of runs. */
  readonly interval: Interval | null;
}

export interface BootstrapOptions {
  /** Of the random draws. */
  readonly seed: number;
  /** How often runs are drawn anew; 2,000 where absent, which leaves an end of an interval a noise of about a thirtieth of its width. */
  readonly resamples?: number;
  /** Share of the resamples that lies within; 0.95 where absent. */
  readonly level?: number;
}

const RESAMPLES = 2000;
const LEVEL = 0.95;

/** Mean over tasks of the means over runs. */
export function aggregateMean(scores: Scores): number {
  return mean(scores.map((run) => mean(run)));
}

/** Mean of what is left of all scores, runs and tasks together, without a quarter (rounded down) at each end. */
export function interquartileMean(scores: Scores): number {
  const sorted = Float64Array.from(scores.flat()).sort();
  const cut = Math.floor(sorted.length / 4);
  return mean(sorted.subarray(cut, sorted.length - cut));
}

/** By how much scores miss the target on average; what is above it counts as the target. */
export function optimalityGap(scores: Scores, target = 1): number {
  return target - mean(scores.flat().map((score) => Math.min(score, target)));
}

/**
 * The chance that a run of X is better than one of Y on the same task, averaged over tasks: Mann and
 * Whitney's U over the number of pairs, equal scores counting half.
 * @throws RangeError if the two differ in their number of tasks.
 */
export function probabilityOfImprovement(x: Scores, y: Scores): number {
  const [tasks, others] = [taskCount(x), taskCount(y)];
  if (tasks !== others)
    throw new RangeError(`tasks of y: got ${others}, expected ${tasks}, as in x`);
  const chances = Array.from({ length: tasks }, (_, task) => {
    let wins = 0;
    for (const run of x) for (const other of y) wins += win(run[task]!, other[task]!);
    return wins / (x.length * y.length);
  });
  return mean(chances);
}

function win(a: number, b: number): number {
  return a === b ? 0.5 : Number(a > b);
}

/**
 * The statistic and its percentile interval under a stratified bootstrap: on each task of each matrix
 * runs are drawn anew with replacement, independently of the other tasks. Where several matrices are
 * given, each is drawn for itself, and may have its own number of runs.
 */
export function bootstrapEstimate(
  samples: readonly Scores[],
  statistic: (...resampled: Scores[]) => number,
  options: BootstrapOptions,
): IntervalEstimate {
  const value = statistic(...samples);
  if (samples.some((scores) => scores.length < 2)) return { value, interval: null };
  const { seed, resamples = RESAMPLES, level = LEVEL } = options;
  const rng = createRng(seed).fork('bootstrap');
  // Written over by every resample: a statistic reads them and keeps nothing.
  const drawn = samples.map((scores) => scores.map((run) => [...run]));
  const values = Float64Array.from({ length: resamples }, () => {
    samples.forEach((scores, s) => resample(scores, drawn[s]!, rng));
    return statistic(...drawn);
  }).sort();
  const tail = (1 - level) / 2;
  return { value, interval: { low: quantile(values, tail), high: quantile(values, 1 - tail) } };
}

function resample(scores: Scores, into: number[][], rng: Rng): void {
  for (const run of into) {
    for (let task = 0; task < run.length; task++) {
      run[task] = scores[Math.floor(rng.next() * scores.length)]![task]!;
    }
  }
}

/** Between the two nearest values in proportion, as numpy's default. `sorted` rises and is not empty. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (at - below);
}

/** Mean and Student's 95% interval. */
export function meanEstimate(values: readonly number[]): IntervalEstimate {
  const { mean: value, ci95 } = meanWithInterval(values);
  return {
    value,
    interval: values.length < 2 ? null : { low: value - ci95, high: value + ci95 },
  };
}

export interface PairedDifference {
  /** Mean of x − y. */
  readonly difference: number;
  /** Pairs in which x is larger; a tie counts half. */
  readonly wins: number;
  readonly pairs: number;
  /** Student's 95% interval. */
  readonly student: Interval | null;
  /** Percentile interval of the mean of pairs drawn anew. */
  readonly bootstrap: Interval | null;
}

/**
 * Differences between two arms whose runs belong together: arms of a seed start from the same weights
 * and are judged on the same held-out tasks.
 * @throws RangeError if there is not one y for each x.
 */
export function pairedDifference(
  x: readonly number[],
  y: readonly number[],
  options: BootstrapOptions,
): PairedDifference {
  if (x.length !== y.length) {
    throw new RangeError(`y: got ${y.length} values, expected ${x.length}, one for each of x`);
  }
  const differences = x.map((value, i) => value - y[i]!);
  const { value: difference, interval: student } = meanEstimate(differences);
  const column = differences.map((one) => [one]);
  return {
    difference,
    wins: x.reduce((sum, value, i) => sum + win(value, y[i]!), 0),
    pairs: x.length,
    student,
    bootstrap: bootstrapEstimate([column], aggregateMean, options).interval,
  };
}

/**
 * The same over held-out tasks: `x[s][t]` is what seed s reached on its task t. Tasks are drawn anew
 * within each seed, so the interval speaks of other held-out tasks for these very policies, and says
 * nothing of other seeds. Each seed counts the same, however many tasks it has.
 * @throws RangeError if there is not one y for each x.
 */
export function pairedDifferenceOverTasks(
  x: Scores,
  y: Scores,
  options: BootstrapOptions,
): PairedDifference {
  const differences = x.map((tasks, s) => {
    if (y[s]?.length === tasks.length) return tasks.map((value, t) => value - y[s]![t]!);
    const expected = `${tasks.length}, one for each of x`;
    throw new RangeError(`y[${s}]: got ${y[s]?.length ?? 0} values, expected ${expected}`);
  });
  const difference = mean(differences.map((tasks) => mean(tasks)));
  const wins = x.flatMap((tasks, s) => tasks.map((value, t) => win(value, y[s]![t]!)));
  const enough = differences.every((tasks) => tasks.length >= 2);
  return {
    difference,
    wins: wins.reduce((sum, one) => sum + one, 0),
    pairs: wins.length,
    student: enough ? around(difference, stratifiedHalfWidth(differences)) : null,
    bootstrap: enough ? taskBootstrap(differences, options) : null,
  };
}

/** The half-widths of independent means, each over its own tasks, as that of their mean. */
function stratifiedHalfWidth(differences: Scores): number {
  return (
    Math.hypot(...differences.map((tasks) => meanWithInterval(tasks).ci95)) / differences.length
  );
}

function taskBootstrap(differences: Scores, options: BootstrapOptions): Interval {
  const { seed, resamples = RESAMPLES, level = LEVEL } = options;
  const rng = createRng(seed).fork('tasks');
  const values = Float64Array.from({ length: resamples }, () => {
    let total = 0;
    for (const tasks of differences) total += resampledMean(tasks, rng);
    return total / differences.length;
  }).sort();
  const tail = (1 - level) / 2;
  return { low: quantile(values, tail), high: quantile(values, 1 - tail) };
}

function resampledMean(values: readonly number[], rng: Rng): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[Math.floor(rng.next() * values.length)]!;
  return sum / values.length;
}

function around(center: number, halfWidth: number): Interval {
  return { low: center - halfWidth, high: center + halfWidth };
}

function taskCount(scores: Scores): number {
  return scores[0]!.length;
}
