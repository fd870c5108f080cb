import { describe, expect, it } from 'vitest';
import { createRng } from '../../base/rng.ts';
import type { CompletionRecord, GroupRecord, StepRecord } from '../../schema/records.ts';
import { Archive } from './archive.ts';
import { dot, principalAxes } from './principal-axes.ts';

const rng = createRng(5).fork('vectors');

/** Points along two directions of a 16-dimensional space, with a little noise. */
function cloud(count: number, spread: readonly [number, number]): Float64Array[] {
  return Array.from({ length: count }, () =>
    new Float64Array(16).map((_, i) => {
      const along = i < 2 ? spread[i]! : 0.05;
      return along * (2 * rng.next() - 1);
    }),
  );
}

/** 32 groups of 8 attempts of four words, which settle on some as the steps go by. */
function stepOf(step: number): StepRecord {
  const settled = 1 - Math.exp(-step / 80);
  const word = (): string => `v${rng.next() < settled ? 1 : rng.int(4)}`;
  const completion = (): CompletionRecord => ({
    ...{ tokens: [word(), word(), word(), word()], feedback: [], logprobs: [-1, -1, -1, -1] },
    ...{ quality: 0.5, reward: 0.5, baseAdvantage: 0, advantage: 0, diversity: 0.5 },
    ...{ solved: false, valid: true, truncated: false, insertedAs: null },
  });
  const groups = Array.from({ length: 32 }, (): GroupRecord => ({
    start: {
      ...{ instance: null, taskId: 1, historyId: null, turn: 0, depth: 0, mode: 'solve' },
      ...{ source: 'fresh', earlier: [], latest: null },
      ...{ score: null, rank: null, probability: null, recency: null },
    },
    prompt: [],
    completions: Array.from({ length: 8 }, completion),
    learnability: 0.1,
  }));
  return { step, groups, metrics: { step }, evictedIds: [] };
}

describe('principalAxes', () => {
  it('finds the directions of most variance and their shares', () => {
    const { axes, explained } = principalAxes(cloud(800, [3, 1]), []);
    expect(Math.abs(axes[0]![0]!)).toBeGreaterThan(0.99);
    expect(Math.abs(axes[1]![1]!)).toBeGreaterThan(0.99);
    expect(Math.abs(dot(axes[0]!, axes[1]!))).toBeLessThan(1e-9);
    expect(explained[0]! / explained[1]!).toBeGreaterThan(7);
    expect(explained[0]! + explained[1]!).toBeLessThanOrEqual(1);
  });

  it('keeps the signs of the axes before, also when they change places', () => {
    const first = principalAxes(cloud(400, [3, 1]), []);
    const again = principalAxes(cloud(400, [3, 1]), first.axes);
    first.axes.forEach((axis, a) => expect(dot(axis, again.axes[a]!)).toBeGreaterThan(0.99));
    const turned = principalAxes(cloud(400, [1, 3]), first.axes);
    expect(dot(turned.axes[0]!, first.axes[1]!)).toBeGreaterThan(0.9);
    expect(dot(turned.axes[1]!, first.axes[0]!)).toBeGreaterThan(0.9);
  });

  it('finds directions again after a time without any variance', () => {
    const same = Array.from({ length: 20 }, () => new Float64Array(16).fill(0.25));
    const still = principalAxes(same, []);
    expect(still.explained).toEqual([0, 0]);
    const { explained } = principalAxes(cloud(400, [3, 1]), still.axes);
    expect(explained[0]).toBeGreaterThan(0.8);
    expect(principalAxes([], still.axes).explained).toEqual([0, 0]);
  });
});

describe('the map of a growing run', () => {
  const archive = new Archive();
  const grow = (from: number, to: number): void => {
    for (let step = from; step <= to; step++) archive.add(stepOf(step));
  };

  it('leaves points that stay where they were, and mostly keeps them', () => {
    grow(1, 60);
    const places = (): Map<string, readonly [number, number]> => {
      const { x, y, step, index } = archive.attemptMap(600);
      return new Map([...x].map((_, i) => [`${step[i]!} ${index[i]!}`, [x[i]!, y[i]!] as const]));
    };
    const before = places();
    grow(61, 64);
    const after = places();
    const stayed = [...before].filter(([key]) => after.has(key));
    expect(stayed.length / before.size).toBeGreaterThan(0.4);
    const [moved, size] = stayed.reduce<[number, number]>(
      ([sum, total], [key, [x, y]]) => {
        const [x2, y2] = after.get(key)!;
        return [sum + Math.hypot(x2 - x, y2 - y), total + Math.hypot(x, y)];
      },
      [0, 0],
    );
    expect(moved / size).toBeLessThan(0.35);
  });

  it('is of the size asked for, of all groups alike, and names the places of its points', () => {
    const { x, step, group, completion, index, text } = archive.attemptMap(600);
    expect(x.length).toBeLessThanOrEqual(600);
    expect(x.length).toBeGreaterThan(300);
    expect(new Set(group).size).toBe(32);
    step.forEach((at, i) => {
      const record = archive.record(at)!;
      const own = record.groups[group[i]!]!.completions[completion[i]!]!;
      expect(text[i]).toBe(own.tokens.join(' '));
      const all = record.groups.flatMap(({ completions }) => completions);
      expect(all[index[i]!]).toEqual(own);
    });
    expect(step.at(-1)).toBe(64);
  });
});
