/** Test support: a lineage of any size, alike every time, shaped as those of a run on one task alone. */
import { TreeLayout } from '../../runs/index/tree-layout.ts';
import type { Lineage } from '../../runs/index/queries.ts';
import { noise } from './fakeRecords.ts';

const PER_STEP = 32;
const FRESH_SHARE = 0.3;

export function fakeLineage(size: number): Lineage {
  const column = (of: (index: number) => number): number[] =>
    Array.from({ length: size }, (_, i) => of(i));
  const parent = column(parentOf);
  const depth = new Uint16Array(size);
  const quality = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    const from = parent[i]!;
    const before = from < 0 ? 0.3 : quality[from]!;
    depth[i] = from < 0 ? 1 : depth[from]! + 1;
    quality[i] = Math.round(8 * Math.min(1, Math.max(0, before + 0.25 * noise(i, 5) + 0.03))) / 8;
  }
  const leftAt = column((i) => (i < size - 512 ? Math.floor(i / PER_STEP) + 17 : 0));
  const lineage = {
    taskId: 0,
    instance: { descriptors: [0, 0, 7], shifts: [0, 1, 0, 2] },
    id: Float64Array.from(column((i) => i + 1)),
    parent: Int32Array.from(parent),
    depth,
    turn: new Uint8Array(size),
    mode: Uint8Array.from(column((i) => (parent[i]! < 0 ? 0 : noise(i, 4) > 0.6 ? 2 : 1))),
    step: Int32Array.from(column((i) => Math.floor(i / PER_STEP) + 1)),
    quality,
    solved: Uint8Array.from(quality, (value) => Number(value === 1)),
    score: Float32Array.from(column((i) => 0.125 + 0.125 * noise(i, 6))),
    uses: Uint16Array.from(column((i) => Math.round(1.5 + 1.5 * noise(i, 7)))),
    alive: Uint8Array.from(leftAt, (step) => Number(step === 0)),
    leftAt: Int32Array.from(leftAt),
  };
  return { ...lineage, lane: new TreeLayout().place(lineage) };
}

/** A fresh one, or one of the last few hundred. */
function parentOf(index: number): number {
  if (index < 4 || Math.abs(noise(index, 1)) < FRESH_SHARE) return -1;
  const back = 1 + Math.floor(Math.abs(noise(index, 2)) * Math.min(index - 1, 400));
  return index - back;
}
