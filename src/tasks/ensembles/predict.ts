/** What one single model predicts: for rows of its table that were left out, and for rows that no table has. */
import { createRng, hashString } from '../../base/rng.ts';
import { keyOf, type Pipeline } from '../tables/choices.ts';
import { split, train, type Training } from '../tables/evaluate.ts';
import { FOLDS, foldsOf } from '../tables/folds.ts';
import type { Table } from '../tables/table.ts';

/** One class or number per row. */
export interface Predictions {
  /** Of the table's rows, each by a model that was not trained on it. */
  readonly leftOut: readonly number[];
  /** By a model trained on the whole table. */
  readonly unseen: readonly number[];
}

/** Null where the pipeline fails on the table. The same table and pipeline always get the same. */
export function predictAll(
  table: Table,
  pipeline: Pipeline,
  unseen: Table['rows'],
): Predictions | null {
  const rows = numbersOf(table.rows);
  const folds = foldsOf(table);
  const fit = (fold: number): ReturnType<typeof train> => {
    const inside = folds.flatMap((own, i) => (own === fold ? [] : [i]));
    const rng = createRng(hashString(keyOf(pipeline), fold));
    const training: Training = {
      ...split(rows, table, inside),
      table,
      pipeline,
      rng,
      checkTime: () => undefined,
    };
    return train(training);
  };
  try {
    const leftOut = new Array<number>(rows.length);
    for (let fold = 0; fold < FOLDS; fold++) {
      const outside = folds.flatMap((own, i) => (own === fold ? [i] : []));
      const predicted = fit(fold)(outside.map((row) => rows[row]!));
      outside.forEach((row, i) => (leftOut[row] = predicted[i]!));
    }
    return { leftOut, unseen: fit(FOLDS)(numbersOf(unseen)) };
  } catch {
    // A stage that cannot do its work, or a package that gives up on numbers that it cannot bear.
    return null;
  }
}

function numbersOf(rows: Table['rows']): number[][] {
  return rows.map((row) => row.map((value) => value ?? NaN));
}
