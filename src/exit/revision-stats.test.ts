import { describe, expect, it } from 'vitest';
import { createRng } from '../base/rng.ts';
import type { AttemptSpan } from '../tasks/task.ts';
import type { GradedAttempt, Trace } from './curves.ts';
import { revisionStatsOf, evaluateDomains } from './revision-stats.ts';
import { createLab } from './testing/lab.ts';
import { twoDials } from './testing/tasks.ts';

function graded(text: string, marks: string, valid = true): GradedAttempt {
  const feedback = marks.split('');
  const quality = feedback.filter((mark) => mark === '+').length / feedback.length;
  const attempt = { tokens: text.split(' '), feedback, quality };
  return { attempt, solved: quality === 1, valid };
}

function trace(task: number, ...attempts: GradedAttempt[]): Trace {
  return { task, turn: 0, attempts, control: attempts };
}

const wordByWord = {
  spans: ({ feedback }: { readonly feedback: readonly string[] }): AttemptSpan[] =>
    feedback.map((mark, i) => ({ from: i, to: i + 1, right: mark === '+' })),
};

describe('revision statistics', () => {
  it('tell how often a part is changed, by how it was marked', () => {
    const traces = [
      trace(0, graded('a b', '+-'), graded('a c', '+-'), graded('x c', '-+')),
      trace(1, graded('a b', '--'), graded('a c', '++')),
    ];
    const { changesWrong, changesRight } = revisionStatsOf(wordByWord, traces);
    // Task 0: two wrong parts of which one changed; task 1: two of which one changed.
    expect(changesWrong.mean).toBe((1 / 2 + 1 / 2) / 2);
    // Task 0: two right parts of which one changed; task 1 had none that was revised.
    expect(changesRight.mean).toBe(1 / 2);
  });

  it('take the attempt as one part where the domain marks none', () => {
    const traces = [
      trace(0, graded('a b', '--'), graded('a b c', '--'), graded('a b c', '--')),
      trace(1, graded('a b', '++'), graded('a b', '++')),
    ];
    const { changesWrong, changesRight } = revisionStatsOf({}, traces);
    expect(changesWrong.mean).toBe(1 / 2);
    expect(changesRight.mean).toBe(0);
  });

  it('count attempts that have the format', () => {
    const traces = [
      trace(0, graded('a', '-', false), graded('a', '+')),
      trace(1, graded('a', '+'), graded('a', '+')),
    ];
    expect(revisionStatsOf({}, traces).wellFormed.mean).toBe(0.75);
  });
});

describe('evaluateDomains', () => {
  const options = {
    ...{ tasks: 6, samples: 2, depth: 2, temperature: 1, topP: 1, topK: 0 },
    ...{ trainedDepth: 0, step: 0 },
  };

  it('evaluates every domain of a mixture as if it were alone', async () => {
    const { context } = createLab({ problem: twoDials });
    const { task } = context;
    const alone = await evaluateDomains(context, options, createRng(1));
    const parts = [task, { ...task, id: 'again' }];
    const mixed = await evaluateDomains(
      { ...context, task: { ...task, parts } },
      options,
      createRng(1),
    );
    expect(mixed).toEqual([...alone, { ...alone[0], task: 'again' }]);
    expect(alone[0]).toMatchObject({ task: 'two-dials', label: 'Two dials', tasks: 6, depth: 2 });
    expect(alone[0]!.quality).toHaveLength(3);
    expect(alone[0]!.revisionStats.wellFormed.mean).toBeGreaterThan(0);
  });
});
