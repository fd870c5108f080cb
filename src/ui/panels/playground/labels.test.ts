import { expect, it } from 'vitest';
import type { PlaygroundChain } from '../../../app/playground.ts';
import type { PlaygroundAttempt } from '../../../training/playground.ts';
import { policyLabel, progressLabel } from './labels.ts';

function attempt(quality: number, step = 0): PlaygroundAttempt {
  return { attempt: { tokens: [], feedback: [], quality }, solved: quality === 1, step };
}

function chain(turnCount: number, ...turns: PlaygroundAttempt[][]): PlaygroundChain {
  return { domain: 'locks', instance: null, turnCount, turns };
}

it.each([
  [chain(1), true, 'Working on the first attempt.'],
  [chain(1), false, ''],
  [chain(1, [attempt(0.5)]), true, 'First attempt: quality 0.50.'],
  [chain(1, [attempt(0.5), attempt(1)]), false, 'Step 1: quality 1.00, solved. Done.'],
  [chain(3, [attempt(0.5)], [attempt(0)]), true, 'Turn 2, First attempt: quality 0.00.'],
])('progress %#', (made, working, words) => {
  expect(progressLabel(made, working)).toBe(words);
});

it.each([
  [[attempt(0)], 'Made by the policy before its first training step.'],
  [[attempt(0, 7), attempt(1, 7)], 'Made by the policy after training step 7.'],
  [
    [attempt(0, 7), attempt(1, 9)],
    'Made by the policy as training went on, from step 7 to step 9.',
  ],
])('policy %#', (attempts, words) => {
  expect(policyLabel(attempts)).toBe(words);
});
