/**
 * The task space as nested intervals: a base task as wide as all groups spent on it and on what grew from
 * it, its histories below it. What is narrower than can be seen is merged, depth by depth, so that the
 * widths still add up.
 */
import type { Icicle } from './queries.ts';

export interface Tree {
  /** Where each group started: a history's id, or −1 − n for the n-th base task. */
  readonly nodes: Int32Array;
  readonly learnability: Float32Array;
  /** How many base tasks there are. */
  readonly tasks: number;
  /** Greatest id of a history. */
  readonly histories: number;
  /** [id] numbered as `nodes`, before the child; 0 where there is no such history. */
  readonly parents: Int32Array;
  /** [id] */
  readonly depths: Uint16Array;
}

type Columns = Omit<Icicle, 'from' | 'to' | 'tasks'> & {
  /** Numbers of the base tasks that are shown. */
  readonly tasks: readonly number[];
};

/** Per node, where a history stands at its id, and base tasks at the end, last one first. */
interface Counts {
  /** Groups that started at the node. */
  readonly own: Uint32Array;
  /** Sum of their learnability. */
  readonly sum: Float64Array;
  /** Groups that started at the node or below it. */
  readonly total: Uint32Array;
}

interface Block {
  readonly node: number;
  readonly parent: number;
  readonly depth: number;
  total: number;
  own: number;
  sum: number;
  members: number;
}

const MERGED = 0;

/** @param most how many parts of the whole can be told apart: pixels of its width. */
export function layOut(tree: Tree, most: number): Columns {
  const least = tree.nodes.length / most;
  const { shown, merged } = split(tree, countGroups(tree), least);
  const blocks = [...shown, ...merged.filter(({ total }) => total >= least)];
  return { ...columnsOf(blocks), total: tree.nodes.length };
}

function countGroups(tree: Tree): Counts {
  const { nodes, learnability, tasks, histories, parents } = tree;
  const size = histories + 1 + tasks;
  const at = (node: number): number => (node < 0 ? size + node : node);
  const own = new Uint32Array(size);
  const sum = new Float64Array(size);
  for (let g = 0; g < nodes.length; g++) {
    const index = at(nodes[g]!);
    own[index]!++;
    sum[index]! += learnability[g]!;
  }
  const total = own.slice();
  // Children have greater ids than their parents, so a node is complete when it is handed up.
  for (let id = histories; id > 0; id--) {
    if (total[id]! > 0) total[at(parents[id]!)]! += total[id]!;
  }
  return { own, sum, total };
}

/** What is wide enough to be shown, parents first, and the rest by the shown block that it lies below. */
function split(tree: Tree, counts: Counts, least: number): { shown: Block[]; merged: Block[] } {
  const size = counts.own.length;
  const shown: Block[] = [];
  /** [parent + 1][depth] */
  const piles: (Block | undefined)[][] = [[]];
  /** [node] index of the block that it is, or lies below; −1 is the whole. */
  const anchor = new Int32Array(size);
  const place = (index: number, node: number, parent: number, depth: number): void => {
    const total = counts.total[index]!;
    if (total === 0) return;
    const [own, sum] = [counts.own[index]!, counts.sum[index]!];
    if (total >= least) {
      anchor[index] = shown.push({ node, parent, depth, total, own, sum, members: 1 }) - 1;
      piles.push([]);
      return;
    }
    anchor[index] = parent;
    const pile = piles[parent + 1]!;
    const block = (pile[depth] ??= {
      ...{ node: MERGED, parent, depth, total: 0, own: 0, sum: 0, members: 0 },
    });
    block.total += total;
    block.own += own;
    block.sum += sum;
    block.members += 1;
  };
  for (let number = 0; number < tree.tasks; number++) place(size - 1 - number, -1 - number, -1, 0);
  for (let id = 1; id <= tree.histories; id++) {
    const parent = tree.parents[id]!;
    if (parent === 0) continue;
    place(id, id, anchor[parent < 0 ? size + parent : parent]!, tree.depths[id]!);
  }
  return { shown, merged: piles.flat().filter((block) => block !== undefined) };
}

function columnsOf(blocks: readonly Block[]): Omit<Columns, 'total'> {
  const starts = startsOf(blocks);
  const numberOf = numbersOf(blocks);
  return {
    id: Float64Array.from(blocks, ({ node }) => Math.max(0, node)),
    task: Int32Array.from(blocks, (_, i) => numberOf[i]!),
    parent: Int32Array.from(blocks, ({ parent }) => parent),
    depth: Uint16Array.from(blocks, ({ depth }) => depth),
    start: Float64Array.from(starts),
    count: Uint32Array.from(blocks, ({ total }) => total),
    own: Uint32Array.from(blocks, ({ own }) => own),
    learnability: Float32Array.from(blocks, ({ own, sum }) => (own > 0 ? sum / own : NaN)),
    members: Uint32Array.from(blocks, ({ members }) => members),
    tasks: blocks.flatMap(({ node }) => (node < 0 ? [-1 - node] : [])),
  };
}

/** Children side by side below their parent, the widest first, what is merged last. */
function startsOf(blocks: readonly Block[]): number[] {
  const order = blocks.map((_, i) => i);
  const isMerged = (i: number): number => Number(blocks[i]!.node === MERGED);
  order.sort((a, b) => isMerged(a) - isMerged(b) || blocks[b]!.total - blocks[a]!.total || a - b);
  const children = new Map<number, number[]>();
  for (const i of order) {
    const siblings = children.get(blocks[i]!.parent);
    if (siblings) siblings.push(i);
    else children.set(blocks[i]!.parent, [i]);
  }
  const starts = blocks.map(() => 0);
  const lay = (parent: number, from: number): void => {
    let x = from;
    for (const i of children.get(parent) ?? []) {
      starts[i] = x;
      // All that is merged below one block stands in one pile.
      if (blocks[i]!.node === MERGED) continue;
      lay(i, x);
      x += blocks[i]!.total;
    }
  };
  lay(-1, 0);
  return starts;
}

/** [block] place of its base task in the list of those shown; −1 for tasks that are merged. */
function numbersOf(blocks: readonly Block[]): number[] {
  let tasks = 0;
  const numbers: number[] = [];
  for (const { node, parent } of blocks) {
    numbers.push(node < 0 ? tasks++ : parent < 0 ? -1 : numbers[parent]!);
  }
  return numbers;
}
