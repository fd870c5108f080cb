import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Lineage } from './queries.ts';
import { TreeLayout } from './tree-layout.ts';
import { lineageOfInsertions, type Insertion } from './insertions.testing.ts';

/** Each insertion names its parent by how far back it lies; beyond the beginning is the task itself. */
const insertions = fc.array(fc.record({ back: fc.nat(12), turn: fc.nat(1), gone: fc.boolean() }), {
  maxLength: 120,
});

function lanesOf(lineage: Lineage): number[] {
  return [...new TreeLayout().place(lineage)];
}

describe('lanes', () => {
  it('never move when histories are added', () => {
    fc.assert(
      fc.property(insertions, fc.nat(), (list: readonly Insertion[], cut) => {
        const whole = lanesOf(lineageOfInsertions(list));
        const shorter = list.slice(0, cut % (list.length + 1));
        expect(lanesOf(lineageOfInsertions(shorter))).toEqual(whole.slice(0, shorter.length));
      }),
    );
  });

  it('never move when the oldest histories are no longer kept', () => {
    fc.assert(
      fc.property(insertions, fc.nat(), (list: readonly Insertion[], cut) => {
        const lanes = new TreeLayout();
        const before = [...lanes.place(lineageOfInsertions(list))];
        const lost = cut % (list.length + 1);
        expect([...lanes.place(lineageOfInsertions(list, lost))]).toEqual(before.slice(lost));
      }),
    );
  });

  it('hold one history of a depth each, and put every history one depth right of its parent', () => {
    fc.assert(
      fc.property(insertions, (list: readonly Insertion[]) => {
        const lineage = lineageOfInsertions(list);
        const lanes = lanesOf(lineage);
        const places = lanes.map((lane, i) => `${lineage.turn[i]} ${lineage.depth[i]} ${lane}`);
        expect(new Set(places).size).toBe(list.length);
        lineage.parent.forEach((parent, i) => {
          expect(lineage.depth[i]).toBe(parent < 0 ? 1 : lineage.depth[parent]! + 1);
        });
      }),
    );
  });

  it('are as near to the parent as they can be, below before above', () => {
    const fromTask = { back: 99, turn: 0, gone: false };
    const fromFirst = (back: number) => ({ ...fromTask, back });
    const list = [fromTask, fromTask, fromTask, fromTask, fromFirst(3), fromFirst(4), fromFirst(5)];
    expect(lanesOf(lineageOfInsertions(list))).toEqual([0, 1, -1, 2, 0, 1, -1]);
  });
});
