import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../base/rng.ts';
import type { Config } from '../schema/params.ts';
import {
  createBufferState,
  decayScores,
  entriesOf,
  entryAt,
  find,
  insert,
  openBuffer,
  rescore,
  setContent,
  evict,
  sumUp,
  taskIdOf,
  use,
} from './buffer.ts';
import type { Candidate, HistoryBuffer } from './buffer.ts';
import { PAGE_SIZE } from './buffer-page.ts';

const rng = createRng(1);
const none = { maxUses: 0, bufferCapacity: 8, eviction: 'oldest' } as const;

function candidate(task: number, word: string, score = 0.1): Candidate {
  const latest = { tokens: [word], feedback: [], quality: 0 };
  return {
    parentId: null,
    taskId: taskIdOf(task),
    instance: task,
    turn: 0,
    depth: 1,
    mode: 'solve',
    history: { earlier: [], latest },
    score,
  };
}

function base(task: number): Candidate {
  return { ...candidate(task, ''), depth: 0, history: { earlier: [] } };
}

function filled(scores: readonly number[]): HistoryBuffer {
  const buffer = openBuffer(createBufferState());
  scores.forEach((score, i) => insert(buffer, candidate(i, 'a', score), i));
  return buffer;
}

function tasksOf(buffer: HistoryBuffer): unknown[] {
  return entriesOf(buffer.state).map(({ instance }) => instance);
}

describe('insert', () => {
  it('rejects the exact duplicate, after a round trip through JSON too', () => {
    const buffer = openBuffer(createBufferState());
    expect(insert(buffer, candidate(1, 'a'), 1)?.id).toBe(1);
    expect(insert(buffer, candidate(1, 'b'), 1)?.id).toBe(2);
    expect(insert(buffer, candidate(2, 'a'), 1)?.id).toBe(3);
    expect(insert(buffer, candidate(1, 'a', 0.2), 2)).toBeNull();
    const copy = openBuffer(structuredClone(buffer.state));
    expect(insert(copy, candidate(2, 'a'), 2)).toBeNull();
    expect(copy.state).toEqual(buffer.state);
  });

  it('takes a history back once it has left, under a new id', () => {
    const buffer = filled([0.1, 0.2]);
    evict(buffer, { ...none, bufferCapacity: 1 }, rng);
    expect(tasksOf(buffer)).toEqual([1]);
    expect(insert(buffer, candidate(0, 'a'), 5)).toMatchObject({ id: 3, createdStep: 5, uses: 0 });
  });
});

describe('evict', () => {
  it('never leaves more than the capacity, nor a duplicate, nor ids out of order', () => {
    const evictions = fc.constantFrom<Config['eviction'][]>('lowest', 'oldest', 'random');
    const inserts = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 30 }), fc.double({ min: 0, max: 0.25, noNaN: true })),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(evictions, inserts, fc.integer({ min: 1, max: 20 }), (eviction, items, cap) => {
        const buffer = openBuffer(createBufferState());
        items.forEach(([task, score], step) => {
          insert(buffer, candidate(task, 'a', score), step);
          if (step % 7 === 0) evict(buffer, { maxUses: 0, bufferCapacity: cap, eviction }, rng);
        });
        const before = entriesOf(buffer.state).length;
        const left = evict(buffer, { maxUses: 0, bufferCapacity: cap, eviction }, rng);
        const entries = entriesOf(buffer.state);
        expect(entries.length).toBeLessThanOrEqual(cap);
        expect(left).toBe(before - entries.length);
        expect(left === 0 || entries.length === cap).toBe(true);
        expect(new Set(tasksOf(buffer)).size).toBe(entries.length);
        expect(buffer.byKey.size).toBe(entries.length);
        const ids = entries.map(({ id }) => id);
        expect(ids).toEqual(ids.toSorted((a, b) => a - b));
      }),
    );
  });

  it('lets go whom the rule names', () => {
    const scores = [0.2, 0.05, 0.1, 0.05, 0.05];
    const after = (eviction: Config['eviction']): unknown[] => {
      const buffer = filled(scores);
      expect(evict(buffer, { maxUses: 0, bufferCapacity: 3, eviction }, createRng(3))).toBe(2);
      return tasksOf(buffer);
    };
    expect(after('oldest')).toEqual([2, 3, 4]);
    expect(after('lowest')).toEqual([0, 2, 4]);
    expect(after('random')).toHaveLength(3);
  });

  it('retires entries that were used often enough', () => {
    const buffer = filled([0.1, 0.1, 0.1]);
    const second = { page: buffer.pages.list[0]!, row: 1 };
    use(buffer, second);
    use(buffer, second);
    expect(evict(buffer, none, rng)).toBe(0);
    expect(evict(buffer, { ...none, maxUses: 3 }, rng)).toBe(0);
    expect(evict(buffer, { ...none, maxUses: 2 }, rng)).toBe(1);
    expect(tasksOf(buffer)).toEqual([0, 2]);
  });
});

it('decayScores multiplies every score', () => {
  const buffer = filled([0.2, 0.1]);
  decayScores(buffer, 0.5);
  expect(entriesOf(buffer.state).map(({ score }) => score)).toEqual([0.1, 0.05]);
});

it('rescore notes when', () => {
  const buffer = filled([0.2, 0.1]);
  const entry = entriesOf(buffer.state)[1]!;
  rescore(buffer, { page: buffer.pages.list[0]!, row: 1 }, 0.03, 9);
  expect(entry).toMatchObject({ score: 0.03, scoredStep: 9, createdStep: 1 });
  expect(entriesOf(buffer.state)[0]).toMatchObject({ score: 0.2, scoredStep: 0 });
});

describe('whatever happens to it', () => {
  const action = fc.record({
    what: fc.constantFrom('insert', 'rescore', 'use', 'decay', 'evict', 'content'),
    number: fc.nat(1000),
    score: fc.double({ min: 0, max: 0.25, noNaN: true }),
    eviction: fc.constantFrom<Config['eviction'][]>('lowest', 'oldest', 'random'),
  });
  type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

  function act(
    buffer: HistoryBuffer,
    { what, number, score, eviction }: Action,
    step: number,
  ): void {
    const { list } = buffer.pages;
    const page = list[number % Math.max(1, list.length)];
    const ref = page && { page, row: number % page.size };
    switch (what) {
      case 'insert':
        // Several at once, so that the buffer comes to many pages.
        for (let i = 0; i < number; i++)
          insert(buffer, candidate(1000 * step + i, 'a', score), step);
        return;
      case 'rescore':
        if (ref) rescore(buffer, ref, score, step);
        return;
      case 'use':
        if (ref) use(buffer, ref);
        return;
      case 'decay':
        return decayScores(buffer, 0.9);
      case 'evict':
        evict(buffer, { maxUses: 3, bufferCapacity: 5 + 2 * number, eviction }, rng);
        return;
      case 'content':
        setContent(buffer, number % 9 === 0 ? 'none' : 'histories');
    }
  }

  function acted(actions: readonly Action[]): HistoryBuffer {
    const buffer = filled([0.1, 0.2]);
    actions.forEach((one, step) => {
      act(buffer, one, step);
      // What is derived from the state has to follow what changes after it was asked for.
      buffer.pages.applyPriority(weighing);
    });
    return buffer;
  }

  const weighing = { factor: 8, top: 0.25 };
  const histories = fc.array(action, { maxLength: 40 }).map(acted);

  it('knows what it would know if it were opened anew, to the last bit', () => {
    fc.assert(
      fc.property(histories, (buffer) => {
        const fresh = openBuffer(structuredClone(buffer.state));
        const entries = entriesOf(buffer.state);
        const scores = entries.map(({ score }) => score);
        expect(sumUp(buffer)).toEqual(sumUp(fresh));
        expect([...buffer.byKey]).toEqual([...fresh.byKey]);
        expect(buffer.scores.highest()).toBe(Math.max(0, ...scores));
        expect(buffer.scores.ranksOf(scores)).toEqual(fresh.scores.ranksOf(scores));
        expect(buffer.pages.applyPriority(weighing)).toEqual(fresh.pages.applyPriority(weighing));
        buffer.pages.list.forEach((page, i) => {
          const { weights } = fresh.pages.list[i]!;
          expect(page.weights.slice(0, page.size)).toEqual(weights.slice(0, page.size));
        });
        for (const entry of entries) expect(entryAt(buffer.pages.find(entry))).toBe(entry);
      }),
    );
  });

  it('lies in order in few pages, none of them empty', () => {
    fc.assert(
      fc.property(histories, ({ state, pages: { list } }) => {
        const ids = entriesOf(state).map(({ id }) => id);
        expect(ids).toEqual(ids.toSorted((a, b) => a - b));
        expect(list.map(({ entries }) => entries)).toEqual(state.blocks);
        const sizes = list.map(({ size }) => size);
        for (const size of sizes) expect(size > 0 && size <= PAGE_SIZE).toBe(true);
        for (let i = 1; i < sizes.length; i++) {
          expect(sizes[i - 1]! + sizes[i]!).toBeGreaterThan(PAGE_SIZE);
        }
      }),
    );
  });
});

it('setContent keeps one kind of start', () => {
  const buffer = filled([0.1, 0.1]);
  expect(setContent(buffer, 'histories')).toBe(0);
  insert(buffer, base(7), 3);
  expect(setContent(buffer, 'none')).toBe(3);
  insert(buffer, candidate(1, 'a'), 4);
  insert(buffer, base(7), 4);
  expect(setContent(buffer, 'base')).toBe(1);
  expect(tasksOf(buffer)).toEqual([7]);
  expect(entryAt(find(buffer, base(7))!)).toBe(entriesOf(buffer.state)[0]);
  expect(setContent(buffer, 'base')).toBe(0);
  expect(setContent(buffer, 'histories')).toBe(1);
});

it('taskIdOf is a safe integer that depends on the task alone', () => {
  const ids = Array.from({ length: 2000 }, (_, i) => taskIdOf({ dials: [i, 1] }));
  expect(new Set(ids).size).toBe(2000);
  expect(ids.every(Number.isSafeInteger)).toBe(true);
  expect(taskIdOf({ dials: [5, 1] })).toBe(ids[5]);
});
