import { expect, it } from 'vitest';
import type { OwnChain } from '../../../app/playground.ts';
import type { Trial } from '../../../training/playground.ts';
import { policyWords, progressWords } from './labels.ts';

function trial(quality: number, step = 0): Trial {
  return { attempt: { tokens: [], feedback: [], quality }, solved: quality === 1, step };
}

function chain(turnCount: number, ...turns: Trial[][]): OwnChain {
  return { domain: 'locks', instance: null, turnCount, turns };
}

it.each([
  [chain(1), true, 'Working on the first attempt.'],
  [chain(1), false, ''],
  [chain(1, [trial(0.5)]), true, 'First attempt: quality 0.50.'],
  [chain(1, [trial(0.5), trial(1)]), false, 'Step 1: quality 1.00, solved. Done.'],
  [chain(3, [trial(0.5)], [trial(0)]), true, 'Turn 2, First attempt: quality 0.00.'],
])('progress %#', (made, working, words) => {
  expect(progressWords(made, working)).toBe(words);
});

it.each([
  [[trial(0)], 'Made by the policy before its first training step.'],
  [[trial(0, 7), trial(1, 7)], 'Made by the policy after training step 7.'],
  [[trial(0, 7), trial(1, 9)], 'Made by the policy as training went on, from step 7 to step 9.'],
])('policy %#', (trials, words) => {
  expect(policyWords(trials)).toBe(words);
});
