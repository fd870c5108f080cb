import { expect, it } from 'vitest';
import { learnability } from '../../exit/advantage.ts';
import { selectionProbabilities, type PriorityOptions } from '../../exit/priority.ts';
import golden from '../verifiers/fixtures/starts.json' with { type: 'json' };
import source from '../verifiers/exit_lab_starts.py?raw';
import { STARTS_MODULE } from './starts-module.ts';

it('is the file of the package', () => {
  expect(STARTS_MODULE).toBe(source);
});

it('is held to values that are those of the algorithm', () => {
  for (const { scores, how, probabilities } of golden.chances) {
    const ages = scores.map(() => 0);
    const options = { ...how, stalenessWeight: 0 } as PriorityOptions;
    const chances = selectionProbabilities(scores, ages, options);
    probabilities.forEach((chance, i) => expect(chances[i]).toBeCloseTo(chance, 14));
  }
  for (const { rewards, score } of golden.groups) expect(learnability(rewards)).toBe(score);
});
