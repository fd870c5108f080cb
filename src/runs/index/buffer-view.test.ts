import { describe, expect, it } from 'vitest';
import type { BufferEntry } from '../../exit/buffer.ts';
import type { BufferQuery } from './queries.ts';
import { createBufferViewer } from './buffer-view.ts';

const MODES = ['solve', 'improve', 'diverge'] as const;

function entryOf(id: number): BufferEntry {
  const words = [id % 4, (id >> 2) % 4, (id >> 4) % 4].map((value) => `v${value}`);
  return {
    ...{ id, parentId: null, taskId: id % 50, instance: null, turn: 0, depth: 1 + (id % 9) },
    ...{ mode: MODES[id % 3]!, score: (0.25 * ((id * 7919) % 1009)) / 1009, uses: id % 3 },
    ...{ createdStep: Math.floor(id / 256), scoredStep: Math.floor(id / 256) },
    history: { earlier: [], latest: { tokens: words, feedback: ['✓'], quality: (id % 13) / 12 } },
  };
}

const QUERY: BufferQuery = {
  ...{ depth: null, bin: null, modes: [], text: '', offset: 0, limit: 150 },
  sort: { by: 'score', descending: true },
};

describe('a page of a large buffer', () => {
  const entries = Array.from({ length: 100_000 }, (_, i) => entryOf(i + 1));
  const stored = { entries, step: 391 };

  it('is that of the whole order, wherever it lies', () => {
    const view = createBufferViewer();
    const sorted = [...entries].sort((a, b) => b.score - a.score || b.id - a.id);
    for (const offset of [0, 50_000, 99_900]) {
      const page = view(stored, { ...QUERY, offset });
      expect(page.rows.map(({ id }) => id)).toEqual(
        sorted.slice(offset, offset + 150).map(({ id }) => id),
      );
    }
  });

  it('costs what one reading costs, not a sort', () => {
    const view = createBufferViewer();
    const ask = (): number => timed(() => view(stored, QUERY));
    const sortAll = (): number => timed(() => [...entries].sort((a, b) => a.score - b.score));
    const best = (once: () => number): number => Math.min(...Array.from({ length: 3 }, once));
    expect(best(ask)).toBeLessThan(best(sortAll) / 2);
  });
});

describe('turns', () => {
  it('are told of the whole buffer, wherever the page lies and whatever the filter', () => {
    const single = Array.from({ length: 300 }, (_, i) => entryOf(i + 1));
    const ask = (entries: readonly BufferEntry[]): boolean =>
      createBufferViewer()({ entries, step: 1 }, { ...QUERY, modes: ['solve'], limit: 5 }).hasTurns;
    expect(ask(single)).toBe(false);
    expect(ask([...single, { ...entryOf(301), mode: 'diverge', turn: 1 }])).toBe(true);
  });
});

describe('a search by text', () => {
  it('finds what came after it was first asked, and forgets what left', () => {
    const view = createBufferViewer();
    const query = { ...QUERY, text: 'v1 v2', sort: { by: 'id', descending: false } } as const;
    const entries = Array.from({ length: 100 }, (_, i) => entryOf(i + 1));
    const expected = (some: readonly BufferEntry[]): number[] =>
      some
        .filter(({ history }) => /v1 v2/.test(history.latest!.tokens.join(' ')))
        .map(({ id }) => id);
    const ask = (some: readonly BufferEntry[]): number[] =>
      view({ entries: some, step: 1 }, query).rows.map(({ id }) => id);
    expect(ask(entries.slice(0, 60))).toEqual(expected(entries.slice(0, 60)));
    expect(ask(entries.slice(20))).toEqual(expected(entries.slice(20)));
    expect(ask(entries.slice(0, 10))).toEqual(expected(entries.slice(0, 10)));
    expect(ask(entries).length).toBeGreaterThan(0);
  });
});

function timed(work: () => unknown): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}
