import { describe, expect, it } from 'vitest';
import { layOut, type Tree } from './icicle.ts';

/** Two base tasks; histories 1 ← 2 ← 4 below the first, 3 below the second. */
const TREE: Tree = {
  nodes: Int32Array.from([-1, -1, 1, 1, 2, 4, -2, 3]),
  learnability: Float32Array.from([0.1, 0.2, 0.2, 0, 0.25, 0, 0.1, 0.05]),
  tasks: 2,
  histories: 4,
  parents: Int32Array.from([0, -1, 1, -2, 2]),
  depths: Uint16Array.from([0, 1, 2, 1, 3]),
};

describe('layOut', () => {
  it('nests histories below what they grew from, as wide as the groups spent on them', () => {
    const { id, task, parent, depth, start, count, own, total } = layOut(TREE, 1000);
    expect(total).toBe(8);
    expect([...id]).toEqual([0, 0, 1, 2, 3, 4]);
    expect([...task]).toEqual([0, 1, 0, 0, 1, 0]);
    expect([...parent]).toEqual([-1, -1, 0, 2, 1, 3]);
    expect([...depth]).toEqual([0, 0, 1, 2, 1, 3]);
    expect([...count]).toEqual([6, 2, 4, 2, 1, 1]);
    expect([...own]).toEqual([2, 1, 2, 1, 1, 1]);
    expect([...start]).toEqual([0, 6, 0, 0, 6, 0]);
  });

  it('means learnability over the groups that started right there', () => {
    const { learnability } = layOut(TREE, 1000);
    [0.15, 0.1, 0.1, 0.25, 0.05, 0].forEach((value, i) =>
      expect(learnability[i]).toBeCloseTo(value),
    );
  });

  it('leaves out what could not be seen', () => {
    // A part is 8/3 groups: the second task and the histories 2, 3, 4 are smaller.
    const { id, parent, count, task } = layOut(TREE, 3);
    expect([...id]).toEqual([0, 1]);
    expect([...count]).toEqual([6, 4]);
    expect([...parent]).toEqual([-1, 0]);
    expect([...task]).toEqual([0, 0]);
  });

  it('merges what is too narrow alone, depth by depth', () => {
    const many = 100;
    const tree: Tree = {
      nodes: Int32Array.from({ length: 2 * many }, (_, i) => (i < many ? -1 - i : i - many + 1)),
      learnability: new Float32Array(2 * many).fill(0.2),
      tasks: many,
      histories: many,
      parents: Int32Array.from({ length: many + 1 }, (_, id) => -id),
      depths: new Uint16Array(many + 1).fill(1),
    };
    const { id, depth, start, count, members, task, learnability } = layOut(tree, 20);
    expect([...id]).toEqual([0, 0]);
    expect([...depth]).toEqual([0, 1]);
    expect([...start]).toEqual([0, 0]);
    expect([...count]).toEqual([200, 100]);
    expect([...members]).toEqual([100, 100]);
    expect([...task]).toEqual([-1, -1]);
    expect(learnability[0]).toBeCloseTo(0.2);
  });

  it('is empty before the first step', () => {
    const { total, id } = layOut({ ...TREE, nodes: new Int32Array(0) }, 100);
    expect([total, id.length]).toEqual([0, 0]);
  });
});
