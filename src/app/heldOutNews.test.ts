import { describe, expect, it } from 'vitest';
import type { ShownEvaluation } from './run.ts';
import { heldOutNews } from './heldOutNews.ts';

/** Evaluations after two revisions, ten steps apart. */
function evaluated(means: readonly number[], split = 'test'): ShownEvaluation[] {
  const one = { mean: 0, ci95: 0 };
  return means.map((mean, i) => ({
    ...{ step: 10 * i, split, tasks: 64, samples: 1, depth: 2, trainedDepth: 0 },
    quality: [one, one, { mean, ci95: 0.05 }],
    ...{ solved: [], netCorrections: one, distinct: one, resampleQuality: [] },
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
      'Held-out quality after 2 revisions: 0.70 ± 0.05 at step 10, from 0.50 ± 0.05 at step 0.',
    );
  });

  it('say what the control had come to by then, and nothing of what comes later', () => {
    const control = evaluated([0.5, 0.6, 0.85, 0.9]);
    const news = (...means: number[]): string => heldOutNews(evaluated(means), control)!;
    expect(news(0.5, 0.7)).toMatch(
      / ExIt with uniform priority, recorded: 0\.60 ± 0\.05 at step 10\. One seed each\.$/,
    );
    expect(news(0.5, 0.81)).toContain(
      ' 0.8 was first reached at step 10, with uniform priority not reached yet.',
    );
    expect(news(0.5, 0.7, 0.7)).toContain(
      ' 0.8 was not reached yet, with uniform priority first reached at step 20.',
    );
    expect(news(0.5, 0.7, 0.9, 0.7, 0.7)).toMatch(
      /recorded: 0\.90 ± 0\.05 at step 30\. 0\.8 was first reached at step 20, .* at step 20\./,
    );
    expect(heldOutNews(evaluated([0.5]), [])).not.toContain('uniform');
  });
});
