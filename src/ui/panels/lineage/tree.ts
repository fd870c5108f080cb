/** The histories of one turn as a tree in its places, and how to get about in it. */
import { sortedIndexOf } from '../../../base/binarySearch.ts';
import type { Lineage } from '../../../runs/index/queries.ts';

/** The histories of one depth. */
export interface Column {
  /** The first lane of `at`. */
  readonly first: number;
  /** Lane − first → index of the history; -1 where the lane is free. */
  readonly at: Int32Array;
}

export interface Tree {
  readonly lineage: Lineage;
  readonly turn: number;
  /** How many histories the turn has. */
  readonly size: number;
  /** By depth; those of depth 0 are none. */
  readonly columns: readonly Column[];
  /** Least and greatest lane. */
  readonly span: readonly [number, number];
  /** Children of `i`: `children[starts[i]] … children[starts[i + 1] - 1]`, by lane. */
  readonly children: Int32Array;
  readonly starts: Uint32Array;
  /** Children of the task, and histories whose parent is not kept any more, by depth and lane. */
  readonly roots: Int32Array;
}

const NONE = -1;

export function buildTree(lineage: Lineage, turn: number): Tree {
  const columns = columnsOf(lineage, turn);
  const inOrder = indicesOf(columns, lineage.id.length);
  let span: readonly [number, number] = [0, 0];
  for (const { first, at } of columns) {
    if (at.length > 0) {
      span = [Math.min(span[0], first), Math.max(span[1], first + at.length - 1)];
    }
  }
  return {
    ...{ lineage, turn, columns, span, size: inOrder.length },
    ...childLists(lineage.parent, inOrder),
    roots: inOrder.filter((index) => lineage.parent[index]! < 0),
  };
}

/** All histories by depth and lane. */
function indicesOf(columns: readonly Column[], most: number): Int32Array {
  const indices = new Int32Array(most);
  let size = 0;
  for (const { at } of columns) {
    for (const index of at) if (index !== NONE) indices[size++] = index;
  }
  return indices.subarray(0, size);
}

function columnsOf({ depth, lane, turn: turns }: Lineage, turn: number): Column[] {
  const spans: [number, number][] = [];
  forTurn(turns, turn, (i) => {
    const at = lane[i]!;
    const known = spans[depth[i]!];
    spans[depth[i]!] = known ? [Math.min(known[0], at), Math.max(known[1], at)] : [at, at];
  });
  const columns = Array.from(spans, (span): Column => {
    if (!span) return { first: 0, at: new Int32Array(0) };
    return { first: span[0], at: new Int32Array(span[1] - span[0] + 1).fill(NONE) };
  });
  forTurn(turns, turn, (i) => {
    const { first, at } = columns[depth[i]!]!;
    at[lane[i]! - first] = i;
  });
  return columns;
}

function forTurn(turns: Uint8Array, turn: number, visit: (index: number) => void): void {
  for (let i = 0; i < turns.length; i++) if (turns[i] === turn) visit(i);
}

function childLists(parent: Int32Array, inOrder: Int32Array): Pick<Tree, 'children' | 'starts'> {
  const starts = new Uint32Array(parent.length + 1);
  for (const i of inOrder) if (parent[i]! >= 0) starts[parent[i]! + 1]! += 1;
  for (let i = 0; i < parent.length; i++) starts[i + 1]! += starts[i]!;
  const next = starts.slice();
  const children = new Int32Array(starts.at(-1)!);
  for (const i of inOrder) if (parent[i]! >= 0) children[next[parent[i]!]!++] = i;
  return { children, starts };
}

export function childrenOf({ children, starts }: Tree, index: number): Int32Array {
  return children.subarray(starts[index], starts[index + 1]);
}

/** The history at a place; null where there is none. */
export function historyAt({ columns }: Tree, depth: number, lane: number): number | null {
  const column = columns[depth];
  const index = column?.at[lane - column.first] ?? NONE;
  return index === NONE ? null : index;
}

export type Direction = 'parent' | 'child' | 'up' | 'down';

/** Where an arrow key leads: up and down to the next sibling, else to the next history of that depth. */
export function neighbour(tree: Tree, index: number, direction: Direction): number | null {
  switch (direction) {
    case 'parent': {
      const parent = tree.lineage.parent[index]!;
      return parent < 0 ? null : parent;
    }
    case 'child':
      return nearestChild(tree, index);
    case 'up':
      return beside(tree, index, -1);
    case 'down':
      return beside(tree, index, 1);
    default:
      return direction satisfies never;
  }
}

function nearestChild(tree: Tree, index: number): number | null {
  const { lane } = tree.lineage;
  const distance = (child: number): number => Math.abs(lane[child]! - lane[index]!);
  return [...childrenOf(tree, index)].sort((a, b) => distance(a) - distance(b))[0] ?? null;
}

function beside(tree: Tree, index: number, by: 1 | -1): number | null {
  const parent = tree.lineage.parent[index]!;
  const siblings = parent < 0 ? null : childrenOf(tree, parent);
  const sibling = siblings?.[siblings.indexOf(index) + by];
  if (sibling !== undefined) return sibling;
  const { first, at } = tree.columns[tree.lineage.depth[index]!]!;
  for (let k = tree.lineage.lane[index]! - first + by; k >= 0 && k < at.length; k += by) {
    if (at[k] !== NONE) return at[k]!;
  }
  return null;
}

/** From the history up to its root. */
export function pathTo({ lineage: { parent } }: Tree, index: number): number[] {
  const path = [];
  for (let at = index; at >= 0; at = parent[at]!) path.push(at);
  return path;
}

/**
 * The history of the best quality, the earliest of equals; null without histories.
 * @param until only those that existed after this step; null is all.
 */
export function bestOf({ lineage, turn }: Tree, until: number | null): number | null {
  const { quality, step, turn: turns } = lineage;
  let best: number | null = null;
  for (let i = 0; i < quality.length; i++) {
    if (turns[i] !== turn || (until !== null && step[i]! > until)) continue;
    if (best === null || quality[i]! > quality[best]!) best = i;
  }
  return best;
}

/** Index of a history in the lineage; -1 where it is not there. Ids rise. */
export function indexOfId({ id }: Lineage, wanted: number): number {
  return sortedIndexOf(wanted, id);
}

/** Turns that have histories. */
export function turnsOf({ turn }: Lineage): number[] {
  return [...new Set(turn)].sort((a, b) => a - b);
}

/** Whether a history was in the buffer after a step; null is now. */
export function isInBuffer({ leftAt, step }: Lineage, index: number, at: number | null): boolean {
  if (at === null) return leftAt[index] === 0;
  return step[index]! <= at && (leftAt[index] === 0 || leftAt[index]! > at);
}
