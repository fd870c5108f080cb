import { describe, expect, it } from 'vitest';
import { createRng } from '../base/rng.ts';
import { DEFAULT_CONFIG } from '../schema/params.ts';
import { createBufferState, entriesOf, openBuffer, use } from './buffer.ts';
import type { HistoryBuffer } from './buffer.ts';
import { createSelector } from './selector.ts';

const config = { ...DEFAULT_CONFIG, maxUses: 0 };

function filled(scores: readonly number[]): HistoryBuffer {
  const entries = scores.map((score, i) => ({
    id: i + 1,
    parentId: null,
    taskId: i,
    instance: i,
    turn: 0,
    depth: 1,
    mode: 'solve' as const,
    history: { earlier: [] },
    score,
    createdStep: 0,
    scoredStep: 0,
    uses: 0,
  }));
  return openBuffer({ content: 'histories', blocks: [entries], nextId: scores.length + 1 });
}

describe('createSelector', () => {
  it('draws as often as the probabilities say', () => {
    const buffer = filled([0.25, 0.1, 0, 0.2]);
    const selector = createSelector(buffer, 1, config);
    const rng = createRng(5);
    const draws = Array.from({ length: 20000 }, () => selector.draw(rng)!);
    const described = selector.describe(draws);
    const chance = new Map(described.map(({ entry, probability }) => [entry.id, probability]));
    expect([...chance.values()].reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
    for (const { id, uses } of entriesOf(buffer.state)) {
      expect(uses / draws.length).toBeCloseTo(chance.get(id)!, 1.7);
    }
  });

  it('says the score and the rank it had', () => {
    const selector = createSelector(filled([0.1, 0.2, 0.2]), 1, config);
    const rng = createRng(2);
    const draws = Array.from({ length: 20 }, () => selector.draw(rng)!);
    for (const { entry, score, rank } of selector.describe(draws)) {
      expect(score).toBe(entry.score);
      expect(rank).toBe(entry.id === 1 ? 2 : 0);
    }
  });

  it('uses no entry more than allowed, then gives null', () => {
    const buffer = filled([0.25, 0, 0]);
    use(buffer, { page: buffer.pages.list[0]!, row: 1 });
    const selector = createSelector(buffer, 1, { ...config, maxUses: 2, priorityStrength: 100 });
    const rng = createRng(1);
    const drawn = Array.from({ length: 5 }, () => selector.draw(rng)?.entry.id);
    expect(drawn.toSorted()).toEqual([1, 1, 2, 3, 3]);
    expect(selector.draw(rng)).toBeNull();
  });

  it('leaves the proportions of the rest as they were when entries are used up', () => {
    const last = [0, 0, 0, 0];
    const rng = createRng(3);
    for (let round = 0; round < 12000; round++) {
      const selector = createSelector(filled([0.1, 0.1, 0.1, 0.1]), 1, { ...config, maxUses: 1 });
      const order = last.map(() => selector.draw(rng)!.entry.id - 1);
      last[order[3]!]! += 1;
    }
    for (const count of last) expect(Math.abs(count - 3000)).toBeLessThan(200);
  });

  it('gives null for an empty buffer', () => {
    const buffer = openBuffer(createBufferState());
    expect(createSelector(buffer, 1, config).draw(createRng(1))).toBeNull();
  });
});
