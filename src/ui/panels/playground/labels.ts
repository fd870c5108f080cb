/** A chain of attempts in words. */
import type { PlaygroundChain } from '../../../app/playground.ts';
import type { PlaygroundAttempt } from '../../../training/playground.ts';
import { formatFixed } from '../../format.ts';

/** @param k improvements before it. */
export function attemptLabel(k: number): string {
  return k === 0 ? 'First attempt' : `Step ${k}`;
}

/** The newest attempt, for those who do not see it appear. */
export function progressLabel({ turns, turnCount }: PlaygroundChain, working: boolean): string {
  const attempts = turns.at(-1) ?? [];
  const newest = attempts.at(-1);
  if (!newest) return working ? 'Working on the first attempt.' : '';
  const turn = turnCount > 1 ? `Turn ${turns.length}, ` : '';
  const outcome = `quality ${formatFixed(newest.attempt.quality)}${newest.solved ? ', solved' : ''}`;
  return `${turn}${attemptLabel(attempts.length - 1)}: ${outcome}.${working ? '' : ' Done.'}`;
}

/** Which policy it was: another one after every training step. */
export function policyLabel(attempts: readonly PlaygroundAttempt[]): string {
  const steps = attempts.map(({ step }) => step);
  const [first, last] = [Math.min(...steps), Math.max(...steps)];
  if (first !== last) {
    return `Made by the policy as training went on, from step ${first} to step ${last}.`;
  }
  return first === 0
    ? 'Made by the policy before its first training step.'
    : `Made by the policy after training step ${first}.`;
}
