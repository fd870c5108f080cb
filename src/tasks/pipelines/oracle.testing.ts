/**
 * The grader again, written apart from it: its own table of words, its own metrics, its own nearest
 * neighbours and its own scaling. What it needs of the rest is the table and which rows are left out.
 */
import { foldsOf } from '../tables/folds.ts';
import type { Table } from '../tables/table.ts';

const GRAMMAR =
  /^(keep|median|flag) (raw|standard|rank) (all|products|pca3|best3) (linear|neighbours|tree|forest|bayes|boosting) (small|medium|large) (weak|strong) (alone|bagged)$/;

/** Whether the words are a pipeline at all. */
export function isWellFormed(words: readonly string[]): boolean {
  return words.every((word) => !word.includes(' ')) && GRAMMAR.test(words.join(' '));
}

/** Why a well-formed pipeline cannot work, as far as that can be told without training anything. */
export function foreseenFault(table: Table, text: string): string | undefined {
  const [impute, , features, model] = text.split(' ');
  const gappy = table.columns.filter((_, i) => table.rows.some((row) => row[i] === null)).length;
  if (gappy > 0 && impute === 'keep') return 'missing';
  const width = table.columns.length + (impute === 'flag' ? gappy : 0);
  if ((features === 'pca3' || features === 'best3') && width < 3) return 'columns';
  if (table.classes.length === 0 && model === 'bayes') return 'kind';
  return undefined;
}

/** Accuracy, F1 of class 1, RMSE, R²; from counts and sums, in one pass. */
export function scoreByHand(
  metric: string,
  truth: readonly number[],
  guess: readonly number[],
): number {
  let [hits, truePositive, falsePositive, falseNegative] = [0, 0, 0, 0];
  let [sum, squares, errors] = [0, 0, 0];
  for (let i = 0; i < truth.length; i++) {
    const [t, g] = [truth[i]!, guess[i]!];
    if (t === g) hits++;
    if (t === 1 && g === 1) truePositive++;
    if (t !== 1 && g === 1) falsePositive++;
    if (t === 1 && g !== 1) falseNegative++;
    sum += t;
    squares += t * t;
    errors += (t - g) * (t - g);
  }
  const n = truth.length;
  if (metric === 'accuracy') return hits / n;
  if (metric === 'rmse') return Math.sqrt(errors / n);
  if (metric === 'r2') return 1 - errors / (squares - (sum * sum) / n);
  const precision = truePositive / (truePositive + falsePositive || 1);
  const recall = truePositive / (truePositive + falseNegative || 1);
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

/** How far from the best constant prediction to a perfect one. */
export function skillByHand(
  table: Table,
  truth: readonly number[],
  guess: readonly number[],
): number {
  const { metric, targets, classes } = table;
  const constants =
    classes.length > 0
      ? classes.map((_, label) => label)
      : [targets.reduce((a, b) => a + b, 0) / targets.length];
  const dummies = constants.map((value) =>
    scoreByHand(metric, targets, Array<number>(targets.length).fill(value)),
  );
  const dummy = metric === 'rmse' ? dummies[0]! : Math.max(...dummies);
  const perfect = metric === 'rmse' ? 0 : 1;
  return Math.max(-1, Math.min(1, (scoreByHand(metric, truth, guess) - dummy) / (perfect - dummy)));
}

/**
 * Validation skill of `keep raw all neighbours SIZE weak alone` or of the same with `standard`, on a table
 * without gaps. The neighbours of a row are all training rows sorted by distance.
 */
export function neighboursByHand(table: Table, k: number, standard: boolean): number {
  const folds = foldsOf(table);
  const truth: number[] = [];
  const guess: number[] = [];
  for (const fold of new Set(folds)) {
    const inside = folds.flatMap((own, i) => (own === fold ? [] : [i]));
    const rows = standard ? standardized(table, inside) : table.rows.map((row) => row.map(Number));
    folds.forEach((own, i) => {
      if (own !== fold) return;
      const near = inside
        .map((j) => ({ j, distance: Math.hypot(...rows[j]!.map((v, c) => v - rows[i]![c]!)) }))
        .sort((a, b) => a.distance - b.distance)
        .slice(0, k)
        .map(({ j }) => table.targets[j]!);
      truth.push(table.targets[i]!);
      guess.push(table.classes.length > 0 ? mode(near) : near.reduce((a, b) => a + b, 0) / k);
    });
  }
  return skillByHand(table, truth, guess);
}

function standardized(table: Table, inside: readonly number[]): number[][] {
  const stats = table.columns.map((_, c) => {
    const own = inside.map((i) => Number(table.rows[i]![c]));
    const centre = own.reduce((a, b) => a + b, 0) / own.length;
    const variance = own.reduce((a, b) => a + b * b, 0) / own.length - centre * centre;
    return { centre, deviation: Math.sqrt(variance) };
  });
  return table.rows.map((row) =>
    row.map((value, c) => (Number(value) - stats[c]!.centre) / stats[c]!.deviation),
  );
}

function mode(labels: readonly number[]): number {
  const best = [...new Set(labels)].map((label) => ({
    label,
    votes: labels.filter((other) => other === label).length,
  }));
  return best.sort((a, b) => b.votes - a.votes)[0]!.label;
}
