import { describe, expect, it } from 'vitest';
import { createRng } from '../lib/rng.ts';
import { DEFAULT_CONFIG } from '../spec/params.ts';
import type { BufferEntry } from './buffer.ts';
import { createSelector } from './selector.ts';

const config = { ...DEFAULT_CONFIG, maxUses: 0 };

function entries(scores: readonly number[]): BufferEntry[] {
  return scores.map((score, i) => ({
    id: i + 1,
    parentId: null,
    taskId: i,
    instance: i,
    turn: 0,
    depth: 1,
    mode: 'solve',
    history: { earlier: [] },
    score,
    createdStep: 0,
    scoredStep: 0,
    uses: 0,
  }));
}

describe('createSelector', () => {
  it('draws as often as the probabilities say', () => {
    const stored = entries([0.25, 0.1, 0, 0.2]);
    const selector = createSelector(stored, 1, config);
    const rng = createRng(5);
    const chance = new Map<number, number>();
    const draws = 20000;
    for (let i = 0; i < draws; i++) {
      const { entry, probability } = selector.draw(rng)!;
      chance.set(entry.id, probability);
    }
    expect([...chance.values()].reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
    for (const { id, uses } of stored) expect(uses / draws).toBeCloseTo(chance.get(id)!, 1.7);
  });

  it('says the score and the rank it had', () => {
    const selector = createSelector(entries([0.1, 0.2, 0.2]), 1, config);
    const rng = createRng(2);
    for (let i = 0; i < 20; i++) {
      const { entry, score, rank } = selector.draw(rng)!;
      expect(score).toBe(entry.score);
      expect(rank).toBe(entry.id === 1 ? 2 : 0);
    }
  });

  it('uses no entry more than allowed, then gives null', () => {
    const stored = entries([0.25, 0, 0]);
    stored[1]!.uses = 1;
    const selector = createSelector(stored, 1, { ...config, maxUses: 2, priorityStrength: 100 });
    const rng = createRng(1);
    const drawn = Array.from({ length: 5 }, () => selector.draw(rng)?.entry.id);
    expect(drawn.toSorted()).toEqual([1, 1, 2, 3, 3]);
    expect(selector.draw(rng)).toBeNull();
  });

  it('gives null for an empty buffer', () => {
    expect(createSelector([], 1, config).draw(createRng(1))).toBeNull();
  });
});
