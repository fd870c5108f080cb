import { describe, expect, it } from 'vitest';
import { createRng } from '../base/rng.ts';
import { withTaskSubset } from './subset.ts';
import { createMixture, domainIdOf, sharedVocabulary } from './mixture.ts';
import { taskById } from './registry.ts';
import { EMPTY_HISTORY, type Grade } from './task.ts';

const [small, large] = [taskById('locks'), taskById('locks-large')];

const mixture = (weights: Record<string, number>) =>
  createMixture({ id: 'both', label: 'Both', parts: [small, large], weights: () => weights });

const share = (weights: Record<string, number>): number => {
  const rng = createRng(5);
  const task = mixture(weights);
  const draws = Array.from({ length: 1000 }, () => task.sample('train', rng).domain);
  return draws.filter((domain) => domain === 'locks').length / draws.length;
};

describe('a mixture', () => {
  it('draws domains by weight', () => {
    expect(share({ locks: 3, 'locks-large': 1 })).toBeCloseTo(0.75, 1);
    expect(share({ locks: 0, 'locks-large': 1 })).toBe(0);
    expect(share({ locks: 1, 'locks-large': 0 })).toBe(1);
  });

  it('draws uniformly where nothing has a weight', () => {
    expect(share({ locks: 0, 'locks-large': 0 })).toBeCloseTo(0.5, 1);
  });

  it('follows weights that change while it is used', () => {
    const weights = { locks: 1, 'locks-large': 0 };
    const task = mixture(weights);
    const rng = createRng(1);
    expect(task.sample('train', rng).domain).toBe('locks');
    Object.assign(weights, { locks: 0, 'locks-large': 1 });
    expect(task.sample('train', rng).domain).toBe('locks-large');
  });

  it('asks and grades as the domain itself does', async () => {
    const task = mixture({ locks: 1, 'locks-large': 1 });
    const rng = createRng(2);
    for (let i = 0; i < 20; i++) {
      const mixed = task.sample('test', rng);
      const own = taskById(mixed.domain);
      expect(task.prompt(mixed, EMPTY_HISTORY, 'solve')).toEqual(
        own.prompt(mixed.instance, EMPTY_HISTORY, 'solve'),
      );
      const words = task.demonstrate(mixed, EMPTY_HISTORY, 'solve', createRng(i));
      const grade: Grade = await task.grade(mixed, EMPTY_HISTORY, words);
      expect(grade).toEqual(await own.grade(mixed.instance, EMPTY_HISTORY, words));
    }
  });

  it('has room for the longest of its domains, and every word once', () => {
    const task = mixture({});
    expect(task.maxCompletionTokens).toBe(large.maxCompletionTokens);
    expect(task.maxPromptTokens).toBe(large.maxPromptTokens);
    expect(task.vocabulary).toEqual(sharedVocabulary([small]));
  });

  it('refuses an instance of a foreign domain', () => {
    expect(() => mixture({}).turns({ domain: 'chess', instance: null })).toThrow(
      'domain: got "chess", expected one of locks, locks-large',
    );
  });
});

describe('domainIdOf', () => {
  it('names the domain of a base task of a mixture, and none of any other', () => {
    expect(domainIdOf({ domain: 'locks', instance: { descriptors: [] } })).toBe('locks');
    for (const other of [null, 1, [1], { domain: 'locks' }, small.sample('train', createRng(1))]) {
      expect(domainIdOf(other)).toBeNull();
    }
  });
});

describe('few tasks', () => {
  it('are distinct, few, and the same for the same seed', () => {
    const drawn = (count: number, seed: number): string[] => {
      const [task, rng] = [withTaskSubset(small, count, seed), createRng(9)];
      const all = Array.from({ length: 200 }, () => JSON.stringify(task.sample('train', rng)));
      return [...new Set(all)].toSorted();
    };
    expect(drawn(1, 3)).toHaveLength(1);
    expect(drawn(5, 3)).toHaveLength(5);
    expect(drawn(5, 3)).toEqual(drawn(5, 3));
    expect(drawn(5, 3)).not.toEqual(drawn(5, 4));
  });

  it('leave held-out tasks as they are', () => {
    const task = withTaskSubset(small, 1, 3);
    expect(task.sample('test', createRng(1))).toEqual(small.sample('test', createRng(1)));
  });
});
