/** The tree as rows of a nested list: those whose parents are unfolded, from the top. */
import { childrenOf, type Tree } from './tree.ts';

export interface Row {
  /** Index of the history. */
  readonly index: number;
  /** 1 for a root. */
  readonly level: number;
  /** Place among its siblings, from 1, and how many they are. */
  readonly place: number;
  readonly siblings: number;
  /** Null where there are no children. */
  readonly unfolded: boolean | null;
}

/** At most `most` rows in the order of the list. */
export function rowsOf(tree: Tree, isUnfolded: (index: number) => boolean, most: number): Row[] {
  const rows: Row[] = [];
  const add = (list: ArrayLike<number>, level: number): void => {
    for (let k = 0; k < list.length && rows.length < most; k++) {
      const index = list[k]!;
      const children = childrenOf(tree, index);
      const unfolded = children.length === 0 ? null : isUnfolded(index);
      rows.push({ index, level, place: k + 1, siblings: list.length, unfolded });
      if (unfolded) add(children, level + 1);
    }
  };
  add(tree.roots, 1);
  return rows;
}
