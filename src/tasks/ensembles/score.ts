/**
 * How ensembles are judged. Members predict together: numbers by their mean, classes by their vote; a row
 * on which several classes have most votes counts for each of them in equal parts. Rows of the table, each
 * predicted by models that were not trained on it, say what a person may know: the validation skill, and
 * which member is weakest. Rows that no table has say how good the ensemble is, and nothing else.
 */
import { createRng, hashString, type Rng } from '../../base/rng.ts';
import { dummyScore, mean, PERFECT } from '../tables/metrics.ts';
import type { Table } from '../tables/table.ts';
import { MEMBERS } from './members.ts';
import type { PredictedTable } from './predictions.ts';

/** Indices of `MEMBERS`, all different. */
export type Ensemble = readonly number[];

/** Members of an ensemble. */
export const SIZE = 3;

/** Ensembles drawn at random, that others are ranked among. */
const REFERENCE = 5000;
/** Share of them that may be better where an ensemble counts as solved. */
export const TOP = 0.01;
/** Skills are kept to this many parts of one, so that equal ones are equal. */
const PARTS = 1e6;

type Part = 'leftOut' | 'unseen';

/**
 * Skill on the rows of the table, left out: 0 predicts like the best constant, 1 perfectly; -Infinity
 * where no member works.
 */
export function validationSkill(predicted: PredictedTable, members: Ensemble): number {
  return skillOn(predicted, members, 'leftOut');
}

/**
 * Its place among ensembles drawn at random, by the rows that no table has: the logarithm of the share
 * that is not worse, which is 1 from the best percent on. In [0, 1].
 */
export function qualityOf(predicted: PredictedTable, members: Ensemble): number {
  const skill = skillOn(predicted, members, 'unseen');
  if (skill === -Infinity) return 0;
  const reference = referenceOf(predicted);
  const better = reference.length - countUpTo(reference, skill);
  return Math.min(1, Math.log((better + 1) / (reference.length + 1)) / Math.log(TOP));
}

/** The place of the member without which the others do best; null where none stands out. */
export function weakestOf(predicted: PredictedTable, members: Ensemble): number | null {
  const without = members.map((_, i) => {
    const others = members.filter((__, j) => j !== i);
    return skillOn(predicted, others, 'leftOut');
  });
  const best = Math.max(...without);
  return best === Math.min(...without) ? null : without.indexOf(best);
}

/** As many different members, each equally likely. */
export function drawEnsemble(rng: Rng): Ensemble {
  const members: number[] = [];
  while (members.length < SIZE) {
    const member = rng.int(MEMBERS.length);
    if (!members.includes(member)) members.push(member);
  }
  return members;
}

const REFERENCES = new WeakMap<PredictedTable, Float64Array>();

/** Skills of the ensembles drawn at random, rising. */
function referenceOf(predicted: PredictedTable): Float64Array {
  const known = REFERENCES.get(predicted);
  if (known) return known;
  const rng = createRng(hashString(predicted.table.name)).fork('reference ensembles');
  const skills = Float64Array.from({ length: REFERENCE }, () =>
    skillOn(predicted, drawEnsemble(rng), 'unseen'),
  ).sort();
  REFERENCES.set(predicted, skills);
  return skills;
}

/** How many of the rising values are at most as large. */
function countUpTo(rising: Float64Array, value: number): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function skillOn(predicted: PredictedTable, members: Ensemble, part: Part): number {
  const { table, predictions } = predicted;
  const columns = members
    .toSorted((a, b) => a - b)
    .flatMap((member) => {
      const one = predictions[member];
      return one ? [one[part]] : [];
    });
  if (columns.length === 0) return -Infinity;
  const truth = part === 'leftOut' ? table.targets : predicted.unseenTargets;
  const score =
    table.classes.length > 0 ? voteScore(table, truth, columns) : meanScore(table, truth, columns);
  const dummy = dummyOf(predicted, part);
  return Math.round(((score - dummy) / (PERFECT[table.metric] - dummy)) * PARTS) / PARTS;
}

const DUMMIES = new WeakMap<PredictedTable, Record<Part, number>>();

function dummyOf(predicted: PredictedTable, part: Part): number {
  const { table, unseenTargets } = predicted;
  const known = DUMMIES.get(predicted) ?? {
    leftOut: dummyScore(table),
    unseen: dummyScore({ ...table, targets: [...unseenTargets] }),
  };
  DUMMIES.set(predicted, known);
  return known[part];
}

type Columns = readonly (readonly number[])[];

/** Root mean squared error, or share of the variance explained, of the mean prediction. */
function meanScore({ metric }: Table, truth: readonly number[], columns: Columns): number {
  const centre = mean(truth);
  let [squares, around] = [0, 0];
  for (let row = 0; row < truth.length; row++) {
    let sum = 0;
    for (const column of columns) sum += column[row]!;
    squares += (sum / columns.length - truth[row]!) ** 2;
    around += (centre - truth[row]!) ** 2;
  }
  return metric === 'rmse' ? Math.sqrt(squares / truth.length) : 1 - squares / around;
}

/** Accuracy, or F1 of class 1, of the vote. */
function voteScore({ metric, classes }: Table, truth: readonly number[], columns: Columns): number {
  const votes = new Array<number>(classes.length);
  let [right, rightOnes, ones, claimed] = [0, 0, 0, 0];
  for (let row = 0; row < truth.length; row++) {
    votes.fill(0);
    for (const column of columns) votes[column[row]!]!++;
    let [most, winners] = [0, 0];
    for (const own of votes) {
      if (own > most) [most, winners] = [own, 1];
      else if (own === most) winners++;
    }
    const hit = votes[truth[row]!] === most ? 1 / winners : 0;
    right += hit;
    if (truth[row] === 1) {
      ones++;
      rightOnes += hit;
    }
    if (votes[1] === most) claimed += 1 / winners;
  }
  if (metric === 'accuracy') return right / truth.length;
  return rightOnes === 0 ? 0 : (2 * rightOnes) / (ones + claimed);
}
