import { expect, it } from 'vitest';
import type { GradedAttempt, Trace } from '../exit/curves.ts';
import { MEASURES } from './analysis.ts';
import { taskOutcomes } from './held-out.ts';

function graded(quality: number): GradedAttempt {
  const attempt = { tokens: [`${quality}`], feedback: [], quality };
  return { attempt, solved: quality === 1, valid: true };
}

/** @param qualities of the chain, and of what follows unrevised turns: the first of them is k = 0. */
function trace(task: number, turn: number, chain: number[], control: number[]): Trace {
  const fresh = control.map(graded);
  return { task, turn, first: fresh[0]!, attempts: chain.map(graded), control: fresh };
}

it('tells turns after unrevised ones from turns after revised ones, and sums what turns are paid', () => {
  const outcomes = taskOutcomes(
    [
      trace(0, 0, [0, 1], [0, 0.5]),
      trace(0, 1, [1, 0.5], [0, 1]),
      trace(1, 0, [1, 1], [1, 0]),
      trace(1, 1, [0.25, 1], [0.5, 0.75]),
    ],
    1,
  );
  expect(outcomes).toMatchObject({
    turnsFirst: [
      [0, 1],
      [0, 0],
    ],
    turnsAfterRevised: [
      [0, 1],
      [1, 0],
    ],
    turnsLast: [
      [1, 1],
      [0, 1],
    ],
    returnFirst: [0, 1.5],
    returnLast: [1.5, 2],
    returnResample: [1.5, 1.75],
  });
  expect(MEASURES.firstTurn(outcomes)).toEqual([0, 1]);
  expect(MEASURES.laterTurns(outcomes)).toEqual([0]);
  expect(MEASURES.laterTurnsAfterRevised(outcomes)).toEqual([0.5]);
});

it('says nothing of turns where every task has one', () => {
  const outcomes = taskOutcomes([trace(0, 0, [0, 1], [0, 0.5])], 1);
  expect(outcomes).not.toHaveProperty('returnLast');
  expect(MEASURES.firstTurn(outcomes)).toBeUndefined();
  expect(MEASURES.laterTurns(outcomes)).toBeUndefined();
});
