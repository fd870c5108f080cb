import { describe, expect, it } from 'vitest';
import type { ShownEvaluation } from './run.ts';
import { heldOutNews } from './heldOutNews.ts';

/** Evaluations after two revisions, ten steps apart. */
function evaluated(means: readonly number[], split = 'test'): ShownEvaluation[] {
  const one = { mean: 0, ci95: 0 };
  return means.map((mean, i) => ({
    ...{ step: 10 * i, split, tasks: 64, samples: 1, depth: 2, trainedDepth: 0 },
    quality: [one, one, { mean, ci95: 0.05 }],
    ...{ solved: [], netCorrections: one, distinct: one, resampleQuality: [], resampleSolved: [] },
  }));
}

describe('news of held-out quality', () => {
  it('are none before an evaluation, and none of another split', () => {
    expect(heldOutNews([], null)).toBeNull();
    expect(heldOutNews(evaluated([0.5], 'long'), evaluated([0.5]))).toBeNull();
  });

  it('say where it stands and where it began', () => {
    expect(heldOutNews(evaluated([0.5]), null)).toBe(
      'Held-out quality after 2 revisions: 0.50 ± 0.05 at step 0.',
    );
    expect(heldOutNews(evaluated([0.5, 0.7]), null)).toBe(
      'Held-out quality after 2 revisions: 0.70 ± 0.05 at step 10, 0.50 at step 0.',
    );
  });

  it('say what the control had come to by then, and nothing of what comes later', () => {
    const control = evaluated([0.5, 0.6, 0.85, 0.9]);
    const beside = (...means: number[]): string => {
      const news = heldOutNews(evaluated(means), control)!;
      return news.slice(news.indexOf('With'));
    };
    expect(beside(0.5, 0.7)).toBe('With uniform priority, recorded: 0.60 ± 0.05. One seed each.');
    expect(beside(0.5, 0.81)).toBe(
      'With uniform priority, recorded: 0.60 ± 0.05. First at 0.8: step 10, with uniform priority not yet. One seed each.',
    );
    expect(beside(0.5, 0.7, 0.7)).toBe(
      'With uniform priority, recorded: 0.85 ± 0.05. First at 0.8: not yet, with uniform priority step 20. One seed each.',
    );
    expect(beside(0.5, 0.7, 0.9, 0.7, 0.7)).toBe(
      'With uniform priority, recorded: 0.90 ± 0.05 at step 30. First at 0.8: step 20, with uniform priority step 20. One seed each.',
    );
    expect(heldOutNews(evaluated([0.5]), [])).not.toContain('uniform');
  });
});
