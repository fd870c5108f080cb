import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../lib/rng.ts';
import type { Config } from '../spec/params.ts';
import {
  createBufferState,
  decayScores,
  find,
  insert,
  openBuffer,
  rescore,
  setContent,
  settle,
  taskIdOf,
  use,
} from './buffer.ts';
import type { Candidate, HistoryBuffer } from './buffer.ts';
import { Columns } from './columns.ts';

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
  return buffer.state.entries.map(({ instance }) => instance);
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
    settle(buffer, { ...none, bufferCapacity: 1 }, rng);
    expect(tasksOf(buffer)).toEqual([1]);
    expect(insert(buffer, candidate(0, 'a'), 5)).toMatchObject({ id: 3, createdStep: 5, uses: 0 });
  });
});

describe('settle', () => {
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
          if (step % 7 === 0) settle(buffer, { maxUses: 0, bufferCapacity: cap, eviction }, rng);
        });
        const before = buffer.state.entries.length;
        const left = settle(buffer, { maxUses: 0, bufferCapacity: cap, eviction }, rng);
        const { entries } = buffer.state;
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
      expect(settle(buffer, { maxUses: 0, bufferCapacity: 3, eviction }, createRng(3))).toBe(2);
      return tasksOf(buffer);
    };
    expect(after('oldest')).toEqual([2, 3, 4]);
    expect(after('lowest')).toEqual([0, 2, 4]);
    expect(after('random')).toHaveLength(3);
  });

  it('retires entries that were used often enough', () => {
    const buffer = filled([0.1, 0.1, 0.1]);
    use(buffer, 1);
    use(buffer, 1);
    expect(settle(buffer, none, rng)).toBe(0);
    expect(settle(buffer, { ...none, maxUses: 3 }, rng)).toBe(0);
    expect(settle(buffer, { ...none, maxUses: 2 }, rng)).toBe(1);
    expect(tasksOf(buffer)).toEqual([0, 2]);
  });
});

it('decayScores multiplies every score', () => {
  const buffer = filled([0.2, 0.1]);
  decayScores(buffer, 0.5);
  expect(buffer.state.entries.map(({ score }) => score)).toEqual([0.1, 0.05]);
});

it('rescore notes when', () => {
  const buffer = filled([0.2, 0.1]);
  const entry = buffer.state.entries[1]!;
  rescore(buffer, entry, 0.03, 9);
  expect(entry).toMatchObject({ score: 0.03, scoredStep: 9, createdStep: 1 });
  expect(buffer.state.entries[0]).toMatchObject({ score: 0.2, scoredStep: 0 });
});

it('keeps the columns as the entries are, whatever happens to them', () => {
  const evictions = fc.constantFrom<Config['eviction'][]>('lowest', 'oldest', 'random');
  const action = fc.record({
    what: fc.constantFrom('insert', 'rescore', 'use', 'decay', 'settle', 'content'),
    number: fc.nat(1000),
    score: fc.double({ min: 0, max: 0.25, noNaN: true }),
    eviction: evictions,
  });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
      const buffer = filled([0.1, 0.2]);
      const { state } = buffer;
      actions.forEach(({ what, number, score, eviction }, step) => {
        const at = number % Math.max(1, state.entries.length);
        const entry = state.entries[at];
        if (what === 'insert') insert(buffer, candidate(number, 'a', score), step);
        if (what === 'rescore' && entry) rescore(buffer, entry, score, step);
        if (what === 'use' && entry) use(buffer, at);
        if (what === 'decay') decayScores(buffer, 0.9);
        if (what === 'settle') {
          settle(buffer, { maxUses: 3, bufferCapacity: 5 + (number % 90), eviction }, rng);
        }
        if (what === 'content') setContent(buffer, number % 9 === 0 ? 'none' : 'histories');
      });
      const expected = new Columns(state.entries);
      expect(buffer.columns.length).toBe(state.entries.length);
      for (const name of ['score', 'scoredStep', 'createdStep', 'depth', 'uses'] as const) {
        expect(buffer.columns[name], name).toEqual(expected[name]);
      }
    }),
  );
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
  expect(find(buffer, base(7))).toBe(buffer.state.entries[0]);
  expect(setContent(buffer, 'base')).toBe(0);
  expect(setContent(buffer, 'histories')).toBe(1);
});

it('taskIdOf is a safe integer that depends on the task alone', () => {
  const ids = Array.from({ length: 2000 }, (_, i) => taskIdOf({ dials: [i, 1] }));
  expect(new Set(ids).size).toBe(2000);
  expect(ids.every(Number.isSafeInteger)).toBe(true);
  expect(taskIdOf({ dials: [5, 1] })).toBe(ids[5]);
});
