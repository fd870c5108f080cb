import { describe, expect, it } from 'vitest';
import { lineageOfInsertions } from '../../../runs/index/insertions.testing.ts';
import type { TaskSummary } from '../../../runs/index/queries.ts';
import { rowsOf } from './rows.ts';
import { edgeKind, existed, sceneOf, wasInBuffer } from './scene.ts';
import { buildTree } from './tree.ts';
import { historyLabel, matchingTasks, mostInteresting, taskSummary, taskName } from './labels.ts';

function task(
  taskId: number,
  histories: number,
  deepest: number,
  text: string | null,
): TaskSummary {
  return { taskId, histories, deepest, text, instance: null, best: 0.5, lastStep: 9 };
}

const insertion = (back: number, quality: number, gone = false) => ({
  back,
  turn: 0,
  gone,
  quality,
});

/** 1 and 2 continue 0, 3 continues 2. */
const insertions = [
  insertion(9, 0.25, true),
  insertion(0, 0.5),
  insertion(1, 1),
  insertion(0, 0.75),
];
const tree = buildTree(lineageOfInsertions(insertions), 0);

describe('the list of tasks', () => {
  const tasks = [task(1, 9, 2, 'A1 B2\n= v0'), task(2, 4, 4, 'A3 B2 = v1'), task(3, 2, 1, null)];

  it('is searched by words in any order', () => {
    const found = (typed: string) => matchingTasks(tasks, typed).map(({ taskId }) => taskId);
    expect([found(''), found('b2'), found('v1 a3'), found('nowhere')]).toEqual([
      ...[[1, 2, 3], [1, 2], [2], []],
    ]);
    expect(tasks.map(taskName)).toEqual(['A1 B2 ; = v0', 'A3 B2 = v1', 'task 3']);
    expect(taskSummary(tasks[0]!)).toBe('9 histories · depth 2 · best 0.50');
  });

  it('follows the largest tree, but not from one to its equal', () => {
    expect(mostInteresting(tasks, null)).toBe(1);
    expect(mostInteresting(tasks, 2)).toBe(2);
    expect(mostInteresting(tasks, 3)).toBe(1);
    expect(mostInteresting([], 3)).toBeNull();
  });
});

describe('a scene', () => {
  it('is as of a step: what existed, what was in the buffer, and the best of it', () => {
    const scene = sceneOf(tree, 1);
    expect([...scene.best]).toEqual([0]);
    expect([0, 1].map((index) => existed(scene, index))).toEqual([true, false]);
    expect([0, 1].map((index) => wasInBuffer(scene, index))).toEqual([true, false]);
    expect([...sceneOf(tree, null).best]).toEqual([2, 0]);
  });

  it('is said in words', () => {
    expect(historyLabel(sceneOf(tree, null), 2)).toBe(
      'History 7, depth 2, improve, quality 1.00, solved, in the buffer, 1 child',
    );
    expect(historyLabel(sceneOf(tree, 2), 2)).toContain('not before step 3');
    expect([0, 1, 2].map((index) => edgeKind(tree, index))).toEqual([
      'solve',
      'diverge',
      'improve',
    ]);
  });
});

describe('the nested list', () => {
  it('holds the children of what is unfolded, each with its place', () => {
    expect(rowsOf(tree, () => false, 300)).toEqual([
      { index: 0, level: 1, place: 1, siblings: 1, unfolded: false },
    ]);
    const rows = rowsOf(tree, (index) => index === 0, 300);
    expect(
      rows.map(({ index, level, place, unfolded }) => [index, level, place, unfolded]),
    ).toEqual([
      ...[
        [0, 1, 1, true],
        [1, 2, 1, null],
        [2, 2, 2, false],
      ],
    ]);
    expect(rowsOf(tree, () => true, 2).length).toBe(2);
  });
});
