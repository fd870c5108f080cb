import { describe, expect, it } from 'vitest';
import type { MetricRow } from '../schema/metrics.ts';
import { curriculumVerdict, verdictSentence } from './curriculumVerdict.ts';
import { appendRows, EMPTY_HISTORY } from './history.ts';

function verdictOf(rows: number, values: Omit<MetricRow, 'step'>) {
  const list = Array.from({ length: rows }, (_, i) => ({ step: i + 1, ...values }));
  return curriculumVerdict(appendRows(EMPTY_HISTORY, list));
}

describe('curriculumVerdict', () => {
  it('says nothing before there was something to choose', () => {
    expect(verdictSentence(curriculumVerdict(EMPTY_HISTORY))).toBeNull();
    expect(verdictOf(9, { reward: 1 }).case).toBe('unknown');
    expect(verdictOf(4, { 'selected/zero_variance': 0.5 }).case).toBe('unknown');
  });

  it('tells why no curriculum can matter', () => {
    const even = verdictOf(30, {
      'selected/zero_variance': 0.03,
      'selected/score_correlation': 0.5,
    });
    expect(even.case).toBe('nothing-flat');
    expect(verdictSentence(even)).toContain('only 3% of the chosen starts are flat');
    const blind = verdictOf(30, {
      'selected/zero_variance': 0.6,
      'selected/score_correlation': 0.05,
    });
    expect(blind.case).toBe('unpredictable');
    expect(verdictSentence(blind)).toContain('ρ = 0.05');
    const constant = verdictOf(30, { 'selected/zero_variance': 1 });
    expect(verdictSentence(constant)).toContain('ρ = –');
  });

  it('tells what choosing does where it can matter', () => {
    const verdict = verdictOf(30, {
      'selected/zero_variance': 0.4,
      'selected/score_correlation': 0.62,
      'selected_minus_uniform/solvable': 0.31,
    });
    expect(verdict.case).toBe('can-matter');
    expect(verdictSentence(verdict)).toContain(
      'The share that can be solved is 31 points higher among the chosen than in a uniform draw.',
    );
  });

  it('looks at the newest steps alone', () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({
      step: i + 1,
      'selected/zero_variance': i < 30 ? 0 : 0.5,
      'selected/score_correlation': i < 30 ? 0 : 0.5,
    }));
    expect(curriculumVerdict(appendRows(EMPTY_HISTORY, rows))).toMatchObject({
      case: 'can-matter',
      zeroVariance: 0.5,
      steps: 20,
    });
  });
});
