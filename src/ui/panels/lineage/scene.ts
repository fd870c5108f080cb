/** What is to be drawn, apart from where it is seen from. */
import { bestOf, isInBuffer, pathTo, type Tree } from './tree.ts';

export interface Scene {
  readonly tree: Tree;
  /** The step that is looked at; null is now. */
  readonly at: number | null;
  /** Histories on the way to the best one. */
  readonly best: ReadonlySet<number>;
}

export function sceneOf(tree: Tree, at: number | null): Scene {
  const best = bestOf(tree, at);
  return { tree, at, best: new Set(best === null ? [] : pathTo(tree, best)) };
}

export type EdgeKind = 'solve' | 'improve' | 'diverge';

const EDGE_KINDS = ['solve', 'improve', 'diverge'] as const;

export function edgeKind({ lineage }: Tree, index: number): EdgeKind {
  return EDGE_KINDS[lineage.mode[index]!]!;
}

/** Whether a history existed at the step that is looked at. */
export function existed({ tree, at }: Scene, index: number): boolean {
  return at === null || tree.lineage.step[index]! <= at;
}

/** Whether it could be selected then. */
export function wasInBuffer({ tree, at }: Scene, index: number): boolean {
  return isInBuffer(tree.lineage, index, at);
}
