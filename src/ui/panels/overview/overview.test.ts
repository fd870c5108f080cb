import { describe, expect, it } from 'vitest';
import type { ExampleChain } from '../../../schema/records.ts';
import type { ShownEvaluation } from '../../../app/run.ts';
import { filmOf, filmWords } from './film.ts';
import { defaultMeasure, learningCurve, pointAt } from './learning.ts';

function chain(solved: readonly number[]): ExampleChain {
  const attempts = solved.map((one, k) => ({
    ...{ tokens: [String(k)], feedback: [], quality: one },
    solved: one === 1,
  }));
  return { domain: 'locks', instance: null, attempts };
}

describe('a filmstrip', () => {
  it('ends where an agent would stop, and says if going on would break it', () => {
    const one = chain([0, 0, 1, 1, 0]);
    const film = filmOf(one, 5);
    expect(film.frames.map(({ k }) => k)).toEqual([0, 1, 2]);
    expect(film.frames.map(({ before }) => before?.tokens[0])).toEqual([undefined, '0', '1']);
    expect([film.solvedAt, film.brokenAt, film.skipped]).toEqual([2, 4, 0]);
    expect(filmWords(film, one.attempts)).toBe('solved at try 3; try 5 breaks it');
  });

  it('shows the first attempts and the last of a long one', () => {
    const one = chain([...Array<number>(15).fill(0), 0.25, 0]);
    const film = filmOf(one, 5);
    expect(film.frames.map(({ k }) => k)).toEqual([0, 1, 2, 3, 16]);
    expect(film.skipped).toBe(12);
    expect(film.frames.at(-1)!.before!.tokens).toEqual(['15']);
    expect(filmWords(film, one.attempts)).toBe('not solved in 17 tries, best 0.25');
    const solved = chain([1, 1]);
    expect(filmWords(filmOf(solved, 5), solved.attempts)).toBe('solved at once');
  });
});

function evaluation(step: number, solved: number, split = 'test'): ShownEvaluation {
  const one = (mean: number) => ({ mean, ci95: 0.1 });
  return {
    ...{ step, split, tasks: 8, samples: 1, depth: 1, trainedDepth: 0 },
    ...{ quality: [one(0.2), one(0.5)], solved: [one(0), one(solved)] },
    ...{ resampleQuality: [one(0.2), one(0.4)], resampleSolved: [one(0), one(solved / 2)] },
    ...{ netCorrections: one(0), distinct: one(1) },
  };
}

describe('what is learned', () => {
  const made = [evaluation(0, 0), evaluation(0, 0.9, 'hard'), evaluation(10, 0.4)];

  it('is the last revision beside as many fresh attempts, on the test split', () => {
    const points = learningCurve(made, 'solved');
    expect(points.map(({ step }) => step)).toEqual([0, 10]);
    expect(points[1]!.revised.mean).toBe(0.4);
    expect(points[1]!.resampled.mean).toBe(0.2);
    expect(learningCurve(made, 'quality')[1]!.resampled.mean).toBe(0.4);
  });

  it('at a step is the newest evaluation by then', () => {
    const points = learningCurve(made, 'solved');
    expect(pointAt(points, 9)!.step).toBe(0);
    expect(pointAt(points, 10)!.step).toBe(10);
    expect(pointAt(points, null)!.step).toBe(10);
    expect(pointAt([], 3)).toBeUndefined();
  });

  it('is told as quality where nothing is ever solved', () => {
    expect(defaultMeasure(made)).toBe('solved');
    expect(defaultMeasure([evaluation(0, 0), evaluation(5, 0)])).toBe('quality');
    expect(defaultMeasure([])).toBe('solved');
  });
});
