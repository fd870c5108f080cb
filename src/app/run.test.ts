import { describe, expect, it } from 'vitest';
import type { ParamChange } from '../schema/records.ts';
import type { SplitEvaluation } from '../training/session-info.ts';
import { EMPTY_RUN, withEvaluation, withMarks, withProgress } from './run.ts';

const mark = (step: number, to: number): ParamChange => ({
  step,
  param: 'temperature',
  from: 1,
  to,
});

function evaluation(step: number, tasks: number, split = 'test'): SplitEvaluation {
  const none = { mean: 0, ci95: 0 };
  return {
    step,
    split,
    tasks,
    samples: 1,
    depth: 0,
    trainedDepth: 0,
    quality: [none],
    solved: [none],
    bestQuality: [none],
    bestSolved: [none],
    netCorrections: none,
    distinct: none,
    resampleQuality: [none],
    resampleSolved: [none],
  };
}

describe('withMarks', () => {
  it('orders by step and lets the last change of a parameter in a step stand', () => {
    const run = withMarks(withMarks(EMPTY_RUN, [mark(8, 0.5)]), [
      mark(3, 0.9),
      mark(8, 0.5),
      mark(8, 0.4),
    ]);
    expect(run.marks.map(({ step, to }) => [step, to])).toEqual([
      [3, 0.9],
      [8, 0.4],
    ]);
  });
});

describe('withEvaluation', () => {
  it('replaces an earlier evaluation of the same step and split', () => {
    const run = [
      evaluation(0, 64),
      evaluation(10, 64),
      evaluation(10, 32, 'long'),
      evaluation(10, 128),
    ].reduce(withEvaluation, EMPTY_RUN);
    expect(run.evaluations.map(({ step, tasks }) => [step, tasks])).toEqual([
      [0, 64],
      [10, 32],
      [10, 128],
    ]);
  });
});

describe('withProgress', () => {
  it('appends the rows and keeps the newest step', () => {
    const latest = { step: 2, groups: [], metrics: { step: 2 }, evictedIds: [] };
    const run = withProgress(EMPTY_RUN, {
      rows: [{ step: 1 }, { step: 2 }],
      profiles: [],
      latest,
    });
    expect(run.history.length).toBe(2);
    expect(run.latest).toBe(latest);
  });
});
