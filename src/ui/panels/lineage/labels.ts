/** The lineage in words. */
import type { TaskSummary } from '../../../runs/index/queries.ts';
import { formatFixed, formatNumber } from '../../format.ts';
import { edgeKind, existed, wasInBuffer, type Scene } from './scene.ts';
import { childrenOf } from './tree.ts';

/** A history as it is said aloud and shown below the tree. */
export function historyLabel(scene: Scene, index: number): string {
  const { lineage } = scene.tree;
  const children = childrenOf(scene.tree, index).length;
  const parts = [
    `History ${lineage.id[index]!}`,
    `depth ${lineage.depth[index]!}`,
    edgeKind(scene.tree, index),
    `quality ${formatFixed(lineage.quality[index]!)}${lineage.solved[index] === 1 ? ', solved' : ''}`,
    existed(scene, index) ? bufferLabel(scene, index) : `not before step ${lineage.step[index]!}`,
    count(children, 'child', 'children'),
  ];
  return parts.join(', ');
}

export function bufferLabel(scene: Scene, index: number): string {
  return wasInBuffer(scene, index) ? 'in the buffer' : 'left the buffer';
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${formatNumber(n)} ${n === 1 ? one : many}`;
}

/** What distinguishes a task in the list. */
export function taskSummary({ histories, deepest, best }: TaskSummary): string {
  const words = [
    count(histories, 'history', 'histories'),
    `depth ${deepest}`,
    `best ${formatFixed(best)}`,
  ];
  return words.join(' · ');
}

/** The instance as a person would type it, in one line; else a number. */
export function taskName({ text, taskId }: Pick<TaskSummary, 'text' | 'taskId'>): string {
  return text?.replaceAll(/\s*\n\s*/g, ' ; ') ?? `task ${taskId.toString(36)}`;
}

/** Tasks whose name has every word that was typed. */
export function matchingTasks(
  tasks: readonly TaskSummary[],
  typed: string,
): readonly TaskSummary[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return tasks;
  return tasks.filter((task) => {
    const name = taskName(task).toLowerCase();
    return words.every((word) => name.includes(word));
  });
}

/** How much there is to see in a tree. */
function interest({ histories, deepest }: TaskSummary): number {
  return histories * deepest;
}

/**
 * The task whose tree shows the most. The one shown stays until another has half as much again: a view that
 * jumps between equals cannot be read.
 */
export function mostInteresting(
  tasks: readonly TaskSummary[],
  shown: number | null,
): number | null {
  const current = tasks.find(({ taskId }) => taskId === shown);
  const top = tasks.reduce<TaskSummary | undefined>(
    (best, task) => (best === undefined || interest(task) > interest(best) ? task : best),
    undefined,
  );
  if (!top) return null;
  return current && interest(top) < 1.5 * interest(current) ? current.taskId : top.taskId;
}
