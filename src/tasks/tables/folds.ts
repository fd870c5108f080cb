/** The fixed split of a table for cross-validation. */
import { createRng, hashString } from '../../base/rng.ts';
import type { Table } from './table.ts';

export const FOLDS = 3;

/** The fold in which each row is left out; every fold gets its share of every class. */
export function foldsOf({ name, targets, classes }: Table): number[] {
  const order = createRng(hashString(name)).permutation(targets.length);
  if (classes.length > 0) order.sort((a, b) => targets[a]! - targets[b]!);
  const folds = new Array<number>(targets.length);
  order.forEach((row, position) => (folds[row] = position % FOLDS));
  return folds;
}
