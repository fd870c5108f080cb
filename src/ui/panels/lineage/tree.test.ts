import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fit, holds, keepInView, scrollTo, zoom } from './camera.ts';
import { lineageOfInsertions, type Insertion } from '../../../runs/index/insertions.testing.ts';
import {
  bestOf,
  buildTree,
  childrenOf,
  historyAt,
  indexOfId,
  isInBuffer,
  neighbour,
  pathTo,
  turnsOf,
  type Tree,
} from './tree.ts';

const insertions = fc.array(fc.record({ back: fc.nat(9), turn: fc.nat(1), gone: fc.boolean() }), {
  minLength: 1,
  maxLength: 80,
});

function treeOf(list: readonly Insertion[], turn = 0): Tree {
  return buildTree(lineageOfInsertions(list), turn);
}

const task = (quality: number): Insertion => ({ back: 99, turn: 0, gone: false, quality });
const after = (back: number, quality: number): Insertion => ({ ...task(quality), back });

/** The task has 0 and 1; 2, 3 and 4 are children of 0, 5 of 2. */
const small = treeOf([task(0.25), task(0.5), after(1, 0.5), after(2, 1), after(3, 0), after(2, 1)]);

describe('a tree', () => {
  it('finds every history where it stands, and under its parent', () => {
    fc.assert(
      fc.property(insertions, fc.nat(1), (list: readonly Insertion[], turn) => {
        const tree = treeOf(list, turn);
        const { lineage } = tree;
        const own = list.flatMap((insertion, i) => (insertion.turn === turn ? [i] : []));
        expect(tree.size).toBe(own.length);
        for (const i of own) {
          expect(historyAt(tree, lineage.depth[i]!, lineage.lane[i]!)).toBe(i);
          const parent = lineage.parent[i]!;
          if (parent < 0) expect(tree.roots).toContain(i);
          else expect(childrenOf(tree, parent)).toContain(i);
        }
        const listed = tree.roots.length + tree.children.length;
        expect(listed).toBe(own.length);
      }),
    );
  });

  it('is walked by direction', () => {
    expect([...childrenOf(small, 0)]).toEqual([4, 2, 3]);
    expect(neighbour(small, 0, 'child')).toBe(2);
    expect(neighbour(small, 2, 'parent')).toBe(0);
    expect(neighbour(small, 2, 'up')).toBe(4);
    expect(neighbour(small, 2, 'down')).toBe(3);
    expect(neighbour(small, 0, 'down')).toBe(1);
    expect(neighbour(small, 0, 'parent')).toBeNull();
    expect(neighbour(small, 5, 'child')).toBeNull();
  });

  it('knows the way to the best quality, the earliest of equals, as of a step', () => {
    expect(bestOf(small, null)).toBe(3);
    expect(pathTo(small, 5)).toEqual([5, 2, 0]);
    expect(bestOf(small, 3)).toBe(1);
    expect(bestOf(small, 0)).toBeNull();
  });

  it('finds histories by id, and knows turns', () => {
    expect(indexOfId(small.lineage, 10)).toBe(3);
    expect(indexOfId(small.lineage, 11)).toBe(-1);
    expect(turnsOf(lineageOfInsertions([task(1), { ...task(1), turn: 1 }]))).toEqual([0, 1]);
  });

  it('knows what was in the buffer after a step', () => {
    const { lineage } = treeOf([{ ...task(1), gone: true }]);
    expect([0, 1, 2, null].map((at) => isInBuffer(lineage, 0, at))).toEqual([
      ...[false, true, false, false],
    ]);
  });
});

describe('the camera', () => {
  const size = { width: 900, height: 480 };

  it('fits a tree into the view', () => {
    fc.assert(
      fc.property(insertions, (list: readonly Insertion[]) => {
        const tree = treeOf(list);
        const camera = fit(tree, size);
        expect(holds(camera, tree, size)).toBe(true);
        const kept = keepInView(camera, tree, size);
        expect(kept.x).toBeCloseTo(camera.x, 6);
        expect(kept.y).toBeCloseTo(camera.y, 6);
      }),
    );
  });

  it('zooms around a point and back', () => {
    const camera = fit(small, size);
    const there = zoom(camera, 1.2, { x: 200, y: 100 });
    expect(there.sx).toBeCloseTo(1.2 * camera.sx);
    const back = zoom(there, 1 / 1.2, { x: 200, y: 100 });
    expect(back.x).toBeCloseTo(camera.x);
    expect(back.y).toBeCloseTo(camera.y);
  });

  it('moves to what is to be seen, and stays where that is seen already', () => {
    const camera = { x: 0, y: 0, sx: 100, sy: 20 };
    expect(scrollTo(camera, 4, 10, size)).toEqual(camera);
    const moved = scrollTo(camera, 20, 100, size);
    expect(moved.x + 20 * moved.sx).toBeLessThan(size.width);
    expect(moved.y + 100 * moved.sy).toBeLessThan(size.height);
  });
});
