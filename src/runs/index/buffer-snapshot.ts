/** The buffer as records tell it: what came, less what left. */
import type { BufferEntry } from '../../exit/buffer.ts';
import { completionAt, type ColumnarStep } from './columnar.ts';
import { type Vocabulary } from './vocabulary.ts';

export function bufferSnapshot(
  steps: readonly ColumnarStep[],
  words: Vocabulary,
): readonly BufferEntry[] {
  const rows = new Map<number, BufferEntry>();
  for (const packed of steps) {
    countUses(packed, rows);
    addInserted(packed, rows, words);
    for (const id of packed.evictedIds) rows.delete(id);
  }
  return [...rows.values()];
}

function countUses({ groups, step }: ColumnarStep, rows: ReadonlyMap<number, BufferEntry>): void {
  for (const { start, learnability } of groups) {
    const row = start.historyId === null ? undefined : rows.get(start.historyId);
    if (!row) continue;
    row.score = learnability;
    row.scoredStep = step;
    row.uses += 1;
  }
}

function addInserted(
  packed: ColumnarStep,
  rows: Map<number, BufferEntry>,
  words: Vocabulary,
): void {
  for (const { start, learnability, first, size } of packed.groups) {
    for (let index = first; index < first + size; index++) {
      const id = packed.completions.insertedAs[index]!;
      if (id === 0) continue;
      const { tokens, feedback, quality } = completionAt(packed, index, words);
      rows.set(id, {
        ...{ id, parentId: start.historyId, taskId: start.taskId, instance: start.instance },
        ...{ turn: start.turn, depth: start.depth + 1, mode: start.mode },
        ...{ score: learnability, createdStep: packed.step, scoredStep: packed.step, uses: 0 },
        history: { earlier: start.earlier, latest: { tokens, feedback, quality } },
      });
    }
  }
}
