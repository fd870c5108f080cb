/** The buffer as a page shows it: counts by depth and recency, and one page of a sorted table. */
import type { BufferCell, BufferQuery, BufferRow, BufferView } from '../protocol.ts';
import { DEEPEST_PROFILED, RECENCY_BINS } from '../../spec/bins.ts';

export function bufferView(
  rows: readonly BufferRow[],
  step: number,
  { sort, offset, limit }: BufferQuery,
): BufferView {
  const sorted = [...rows].sort((a, b) => KEYS[sort.by](a) - KEYS[sort.by](b) || a.id - b.id);
  if (sort.descending) sorted.reverse();
  return {
    step,
    size: rows.length,
    cells: cellsOf(rows, step),
    rows: sorted.slice(offset, offset + limit),
  };
}

const KEYS = {
  score: ({ score }) => score,
  depth: ({ depth }) => depth,
  quality: ({ latest }) => latest?.quality ?? -1,
  created: ({ createdStep }) => createdStep,
  uses: ({ uses }) => uses,
} as const satisfies Record<BufferQuery['sort']['by'], (row: BufferRow) => number>;

/** One cell per depth and recency that occurs. */
function cellsOf(rows: readonly BufferRow[], step: number): BufferCell[] {
  const cells = new Map<string, { -readonly [K in keyof BufferCell]: BufferCell[K] }>();
  for (const row of rows) {
    const depth = Math.min(row.depth, DEEPEST_PROFILED);
    const bin = recencyBin(step - row.createdStep);
    const key = `${depth} ${bin}`;
    const cell = cells.get(key) ?? { depth, bin, count: 0, learnability: 0 };
    cell.learnability = (cell.learnability * cell.count + row.score) / (cell.count + 1);
    cell.count += 1;
    cells.set(key, cell);
  }
  return [...cells.values()];
}

export function recencyBin(age: number): number {
  return RECENCY_BINS.findLastIndex(({ from }) => age >= from);
}
