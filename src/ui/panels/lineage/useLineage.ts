import { useState } from 'react';
import { useAnswer } from '../../../app/answers.ts';
import { useFocus } from '../../../app/hooks.ts';
import type { Lineage, TaskSummary } from '../../../runs/index/queries.ts';
import { indexOfId } from './tree.ts';
import { mostInteresting } from './labels.ts';

const TASKS_EVERY = 2500;
const LINEAGE_EVERY = 1000;
/** Tasks that can be chosen from. */
const MOST_TASKS = 300;

/** Base tasks to choose from, and the one that is shown: the one chosen, else the most interesting. */
export function useTasks(isVisible: boolean): {
  readonly tasks: readonly TaskSummary[];
  readonly taskId: number | null;
} {
  const chosen = useFocus((focus) => focus.taskId);
  const { value } = useAnswer('tasks', isVisible ? { limit: MOST_TASKS } : null, {
    every: TASKS_EVERY,
  });
  const [followed, setFollowed] = useState<number | null>(null);
  const next = value ? mostInteresting(value, followed) : followed;
  if (next !== followed) setFollowed(next);
  return { tasks: value ?? NO_TASKS, taskId: chosen ?? next };
}

const NO_TASKS: readonly TaskSummary[] = [];

/** The lineage of a task; null until it is known. */
export function useLineage(taskId: number | null, isVisible: boolean): Lineage | null {
  const { value } = useAnswer('lineage', isVisible && taskId !== null ? { taskId } : null, {
    every: LINEAGE_EVERY,
  });
  const [shown, setShown] = useState<Lineage | null>(null);
  // The same object again, so that nothing is drawn anew where nothing happened.
  const current = value && shown && isUnchanged(shown, value) ? shown : value;
  if (current !== shown) setShown(current);
  return current;
}

/** Whether two answers say the same: what is said of a history changes only by uses, scores and leaving. */
function isUnchanged(a: Lineage, b: Lineage): boolean {
  const isSame = (x: ArrayLike<number>, y: ArrayLike<number>): boolean => {
    if (x.length !== y.length) return false;
    for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
    return true;
  };
  return (
    a.taskId === b.taskId &&
    isSame(a.id, b.id) &&
    isSame(a.parent, b.parent) &&
    isSame(a.leftAt, b.leftAt) &&
    isSame(a.uses, b.uses) &&
    isSame(a.score, b.score) &&
    isSame(a.quality, b.quality)
  );
}

/** The turn that is shown: the one chosen, unless a history of another is looked at. */
export function turnInView(
  lineage: Lineage,
  chosen: number | null,
  historyId: number | null,
): number {
  const index = historyId === null ? -1 : indexOfId(lineage, historyId);
  if (index >= 0) return lineage.turn[index]!;
  return chosen ?? 0;
}
