import { useEffect, useState, type RefObject } from 'react';
import { useAnswer, type Answer } from '../../../store/answers.ts';
import { useFocus } from '../../../store/hooks.ts';
import type { Lineage, TaskSummary } from '../../../worker/protocol.ts';
import { Lanes } from './lanes.ts';
import { indexOfId } from './tree.ts';
import { mostInteresting } from './words.ts';

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

/** The lineage of a task in places that never change; null until it is known. */
export function useLineage(
  taskId: number | null,
  isVisible: boolean,
): Answer<Lineage> & { readonly lane: Int32Array } {
  const answer = useAnswer('lineage', isVisible && taskId !== null ? { taskId } : null, {
    every: LINEAGE_EVERY,
  });
  const [placed, setPlaced] = useState<Places>(NOWHERE);
  const current =
    answer.value && answer.value !== placed.lineage ? extend(placed, answer.value) : placed;
  if (current !== placed) setPlaced(current);
  return { ...answer, lane: current.lane };
}

interface Places {
  readonly lineage: Lineage | null;
  readonly lanes: Lanes;
  readonly lane: Int32Array;
}

const NOWHERE: Places = { lineage: null, lanes: new Lanes(), lane: new Int32Array(0) };

/** Lanes are kept as long as the same tree grows; placing twice is placing once. */
function extend({ lineage: before, lanes: known }: Places, lineage: Lineage): Places {
  const grows = before?.taskId === lineage.taskId && known.continues(lineage);
  const lanes = grows ? known : new Lanes();
  return { lineage, lanes, lane: lanes.place(lineage) };
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

export function useVisible(ref: RefObject<Element | null>): boolean {
  const [visible, setVisible] = useState(false);
  useEffect(() => {
    if (!ref.current) return undefined;
    const observer = new IntersectionObserver((entries) => {
      setVisible(entries.at(-1)?.isIntersecting ?? false);
    });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [ref]);
  return visible;
}
