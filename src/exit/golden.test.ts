/** Agreement with an independent float64 implementation. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { advantages, groupsOf, learnability } from './advantage.ts';
import { diversity } from './diversity.ts';
import { selectionProbabilities } from './priority.ts';

interface Reference {
  readonly rewards: number[];
  readonly groupSize: number;
  readonly advantages: number[];
  readonly learnability: number[];
  readonly embeddings: number[][];
  readonly diversity: number[];
  readonly buffer: { scores: number[]; kappa: number; probabilities: number[] };
}

function load(name: string): Reference {
  const url = new URL(`../golden/fixtures/${name}/reference.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as Reference;
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, 10));
}

describe.each(['tied', 'untied'])('golden values, %s', (name) => {
  const reference = load(name);

  it('advantages', () => {
    const { rewards, groupSize } = reference;
    expectClose(advantages(rewards, groupSize, 'group'), reference.advantages);
  });

  it('learnability', () => {
    const groups = groupsOf(reference.rewards, reference.groupSize);
    expectClose(groups.map(learnability), reference.learnability);
  });

  it('diversity', () => {
    const groups = groupsOf(reference.embeddings, reference.groupSize);
    expectClose(groups.flatMap(diversity), reference.diversity);
  });

  it('selection probabilities', () => {
    const { scores, kappa, probabilities } = reference.buffer;
    const ages = scores.map(() => 1);
    const actual = selectionProbabilities(scores, ages, {
      priority: 'softmax',
      priorityScale: 'raw',
      priorityStrength: kappa,
      uniformShare: 0,
      stalenessWeight: 0,
    });
    expectClose(actual, probabilities);
  });
});
