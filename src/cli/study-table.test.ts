import { describe, expect, test } from 'vitest';
import type { Estimate, Evaluation } from '../schema/records.ts';
import { studyTables, type Outcome } from './study-table.ts';

const at = (mean: number): Estimate => ({ mean, ci95: 0 });
const curve = (from: number): Estimate[] => Array.from({ length: 17 }, (_, k) => at(from + k / 20));

function evaluation(from: number, more: Partial<Evaluation> = {}): Evaluation {
  return {
    ...{ step: 1, tasks: 2, samples: 1, depth: 16, trainedDepth: 1 },
    ...{ quality: curve(from), solved: curve(from), bestQuality: curve(from) },
    ...{ bestSolved: curve(from), resampleQuality: curve(from), resampleSolved: curve(from) },
    ...{ netCorrections: at(80), distinct: at(1) },
    ...more,
  };
}

function outcome(arm: string, seed: number, own: Evaluation, search?: Evaluation): Outcome {
  const costs = { tokens: 1000, steps: 5, seconds: 60 };
  return { arm, seed, ...costs, evaluation: own, ...(search && { search }) };
}

describe('tables of a study', () => {
  test('have a row per arm, means over seeds with their intervals', () => {
    const text = studyTables(
      ['exit', 'grpo'],
      [
        outcome('exit', 1, evaluation(0.1)),
        outcome('exit', 2, evaluation(0.2)),
        outcome('grpo', 1, evaluation(0)),
      ],
    );
    const [head, , exit, grpo] = text.split('\n');
    expect(head).toBe('|  | k=0 | k=1 | k=2 | k=4 | k=8 | k=16 |');
    expect(exit).toMatch(/^\| exit \| 0\.150 ± 0\.635 \|.* 0\.950 ± 0\.635 \|$/);
    expect(grpo).toMatch(/^\| grpo \| 0\.000 ± 0\.000 \|/);
  });

  test('show what there is only: turns of conversations, greedy search', () => {
    const plain = studyTables(['exit'], [outcome('exit', 1, evaluation(0))]);
    expect(plain).not.toMatch(/turn 1|return|greedy search/);
    const turns = [{ first: at(0.25), last: at(0.5) }];
    const taskReturn = { first: at(1.25), last: at(1.75) };
    const talk = evaluation(0, { turns, taskReturn });
    const both = studyTables(['exit'], [outcome('exit', 1, talk, evaluation(0.1))]);
    expect(both).toContain('| turn 1 first | last | return first | last |');
    expect(both).toContain('| exit | 0.250 ± 0.000 | 0.500 ± 0.000 | 1.250');
    expect(both).toContain('greedy search');
  });
});
