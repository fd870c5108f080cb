/** How histories descend from each other: read off the groups that they came from. */
import type { StartRecord } from '../../schema/records.ts';
import { MODES } from '../../tasks/task.ts';
import type { HistoryDetail, Lineage, TaskSummary } from './queries.ts';
import type { TreeLayout } from './tree-layout.ts';
import { completionAt, SOLVED, type ColumnarGroup, type ColumnarStep } from './columnar.ts';
import { type Vocabulary } from './vocabulary.ts';

/** A history where it came into being. */
interface Insertion {
  readonly id: number;
  readonly packed: ColumnarStep;
  readonly group: number;
  readonly index: number;
}

function* insertions(
  steps: readonly ColumnarStep[],
  admits: (group: ColumnarGroup) => boolean,
): Generator<Insertion> {
  for (const packed of steps) {
    for (let group = 0; group < packed.groups.length; group++) {
      const one = packed.groups[group]!;
      if (!admits(one)) continue;
      for (let index = one.first; index < one.first + one.size; index++) {
        const id = packed.completions.insertedAs[index]!;
        if (id > 0) yield { id, packed, group, index };
      }
    }
  }
}

/** An instance in words; null where its domain has none for it. */
export type Describe = (instance: StartRecord['instance']) => string | null;

/** Base tasks with the most histories first. */
export function tasksOf(
  steps: readonly ColumnarStep[],
  limit: number,
  describe: Describe,
): readonly TaskSummary[] {
  const tasks = new Map<number, { -readonly [K in keyof TaskSummary]: TaskSummary[K] }>();
  for (const { packed, group, index } of insertions(steps, () => true)) {
    const { start } = packed.groups[group]!;
    const known = tasks.get(start.taskId) ?? {
      ...{ taskId: start.taskId, instance: start.instance, text: null, lastStep: packed.step },
      ...{ histories: 0, deepest: 0, best: 0 },
    };
    known.histories += 1;
    known.deepest = Math.max(known.deepest, start.depth + 1);
    known.best = Math.max(known.best, packed.completions.quality[index]!);
    known.lastStep = packed.step;
    tasks.set(start.taskId, known);
  }
  return [...tasks.values()]
    .sort((a, b) => b.histories - a.histories || b.lastStep - a.lastStep)
    .slice(0, limit)
    .map((task) => ({ ...task, text: describe(task.instance) }));
}

/** In the order of ids, so that parents stand before their children. */
export function lineageOf(
  steps: readonly ColumnarStep[],
  taskId: number,
  layout: TreeLayout,
): Lineage {
  const own = [...insertions(steps, ({ start }) => start.taskId === taskId)].sort(
    (a, b) => a.id - b.id,
  );
  const indexOf = new Map(own.map(({ id }, i) => [id, i]));
  const startOf = ({ packed, group }: Insertion) => packed.groups[group]!.start;
  const { score, uses } = selections(steps, own, indexOf);
  const leftAt = departures(steps, indexOf);
  const places = {
    id: Float64Array.from(own, ({ id }) => id),
    parent: Int32Array.from(own, (insertion) => {
      const { historyId } = startOf(insertion);
      return historyId === null ? FROM_TASK : (indexOf.get(historyId) ?? PARENT_GONE);
    }),
    depth: Uint16Array.from(own, (insertion) => startOf(insertion).depth + 1),
    turn: Uint8Array.from(own, (insertion) => startOf(insertion).turn),
  };
  return {
    taskId,
    instance: own[0] ? startOf(own[0]).instance : null,
    ...places,
    lane: layout.place(places),
    mode: Uint8Array.from(own, (insertion) => MODES.indexOf(startOf(insertion).mode)),
    step: Int32Array.from(own, ({ packed }) => packed.step),
    quality: Float32Array.from(own, ({ packed, index }) => packed.completions.quality[index]!),
    solved: Uint8Array.from(own, ({ packed, index }) =>
      Number((packed.completions.flags[index]! & SOLVED) !== 0),
    ),
    score,
    uses,
    alive: Uint8Array.from(leftAt, (step) => Number(step === 0)),
    leftAt,
  };
}

const FROM_TASK = -1;
const PARENT_GONE = -2;

/** The last score of each history, and how often it was selected. */
function selections(
  steps: readonly ColumnarStep[],
  own: readonly Insertion[],
  indexOf: ReadonlyMap<number, number>,
): Pick<Lineage, 'score' | 'uses'> {
  const score = Float32Array.from(own, ({ packed, group }) => packed.groups[group]!.learnability);
  const uses = new Uint16Array(own.length);
  for (const { groups } of steps) {
    for (const { start, learnability } of groups) {
      const index = start.historyId === null ? undefined : indexOf.get(start.historyId);
      if (index === undefined) continue;
      score[index] = learnability;
      uses[index]! += 1;
    }
  }
  return { score, uses };
}

/** The step in which each history left; 0 where it has not. */
function departures(
  steps: readonly ColumnarStep[],
  indexOf: ReadonlyMap<number, number>,
): Int32Array {
  const leftAt = new Int32Array(indexOf.size);
  for (const { evictedIds, step } of steps) {
    for (const id of evictedIds) {
      const index = indexOf.get(id);
      if (index !== undefined) leftAt[index] = step;
    }
  }
  return leftAt;
}

/** Null where the archive did not see the history come, or has let go of it. */
export function historyDetail(
  steps: readonly ColumnarStep[],
  id: number,
  words: Vocabulary,
): HistoryDetail | null {
  const insertion = findInsertion(steps, id);
  if (!insertion) return null;
  const { packed, group, index } = insertion;
  const { start, first } = packed.groups[group]!;
  return {
    id,
    step: packed.step,
    group,
    completion: index - first,
    start,
    attempt: completionAt(packed, index, words),
  };
}

/** From the newest step back, each looked through as one array: a page asks for what it just saw. */
function findInsertion(steps: readonly ColumnarStep[], id: number): Insertion | undefined {
  for (let at = steps.length - 1; at >= 0; at--) {
    const packed = steps[at]!;
    const index = packed.completions.insertedAs.indexOf(id);
    if (index < 0) continue;
    const group = packed.groups.findIndex(({ first, size }) => index < first + size);
    return { id, packed, group, index };
  }
  return undefined;
}
