/** Test support: lineages from a list of insertions. */
import { TreeLayout } from './tree-layout.ts';
import type { Lineage } from './queries.ts';

export interface Insertion {
  /** How many insertions before this one the parent came; beyond the first it is the task itself. */
  readonly back: number;
  readonly turn: number;
  /** Whether it left the buffer in the step after. */
  readonly gone: boolean;
  readonly quality?: number;
}

/** @param lost how many of the oldest are no longer kept. */
export function lineageOfInsertions(insertions: readonly Insertion[], lost = 0): Lineage {
  const parents: number[] = [];
  const depths: number[] = [];
  insertions.forEach(({ back, turn }, i) => {
    const parent = i - 1 - back;
    const fits = parent >= 0 && insertions[parent]!.turn === turn;
    parents.push(fits ? parent : -1);
    depths.push(fits ? depths[parent]! + 1 : 1);
  });
  const kept = insertions.map((_, i) => i).slice(lost);
  const column = (of: (index: number) => number): number[] => kept.map(of);
  const qualities = column((i) => insertions[i]!.quality ?? (i % 5) / 4);
  const lineage = {
    taskId: 7,
    instance: null,
    id: Float64Array.from(column((i) => 3 * i + 1)),
    parent: Int32Array.from(column((i) => relative(parents[i]!, lost))),
    depth: Uint16Array.from(column((i) => depths[i]!)),
    turn: Uint8Array.from(column((i) => insertions[i]!.turn)),
    mode: Uint8Array.from(column((i) => (parents[i]! < 0 ? 0 : 1 + (i % 2)))),
    step: Int32Array.from(column((i) => i + 1)),
    quality: Float32Array.from(qualities),
    solved: Uint8Array.from(qualities, (quality) => Number(quality === 1)),
    score: Float32Array.from(column((i) => (i % 4) / 16)),
    uses: Uint16Array.from(column((i) => i % 4)),
    alive: Uint8Array.from(column((i) => Number(!insertions[i]!.gone))),
    leftAt: Int32Array.from(column((i) => (insertions[i]!.gone ? i + 2 : 0))),
  };
  return { ...lineage, lane: new TreeLayout().place(lineage) };
}

function relative(parent: number, lost: number): number {
  if (parent < 0) return -1;
  return parent < lost ? -2 : parent - lost;
}
