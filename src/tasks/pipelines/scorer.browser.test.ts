import { expect, test } from 'vitest';
import { readPipeline } from '../tables/choices.ts';
import { tableOf } from '../tables/competitions.ts';
import { precomputedScores } from './precomputed-scores.ts';
import { createScorer } from './scorer.ts';

/** One of every model, so that every package is loaded. */
const PIPELINES = [
  'keep raw all linear small weak alone',
  'keep raw all neighbours medium weak bagged',
  'keep raw products tree small weak alone',
  'keep rank best3 forest small strong alone',
  'keep raw pca3 bayes small weak alone',
  'keep raw all boosting small strong alone',
];

test.each(['iris-species', 'sparse-linear'])(
  'workers score %s in a browser as Node did when the scores were computed ahead',
  async (name) => {
    const table = tableOf(name);
    const precomputed = await precomputedScores(table);
    const score = createScorer();
    const scores = await Promise.all(
      PIPELINES.map((words) => score(table, readPipeline(words.split(' '))!)),
    );
    expect(scores).toEqual(PIPELINES.map((words) => precomputed!.get(words)));
  },
);
