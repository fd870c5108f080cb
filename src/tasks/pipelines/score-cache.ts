/** Every score is computed once: it is precomputed, cached, or computed by the scorer. */
import { canonical, canonicalPipelines, keyOf, type Pipeline } from '../tables/choices.ts';
import type { Score } from '../tables/evaluate.ts';
import { fingerprint, precomputedScores } from './precomputed-scores.ts';
import type { Scorer } from './scorer.ts';
import { hasMissing, type Table } from '../tables/table.ts';

export interface ScoreCache {
  score(table: Table, pipeline: Pipeline): Promise<Score>;
  /** Share of the best validation skill of the whole space that the score reaches, in [0, 1]. */
  quality(table: Table, score: Score): Promise<number>;
}

export function createScoreCache(scorer: Scorer): ScoreCache {
  const computed = new Map<string, Promise<Score>>();
  const bests = new WeakMap<Table, Promise<number>>();

  const score = async (table: Table, pipeline: Pipeline): Promise<Score> => {
    const stand = canonical(pipeline, hasMissing(table));
    return (await precomputedScores(table))?.get(keyOf(stand)) ?? compute(table, stand);
  };

  const compute = (table: Table, pipeline: Pipeline): Promise<Score> => {
    const key = `${fingerprint(table)} ${keyOf(pipeline)}`;
    const known = computed.get(key);
    if (known) return known;
    const pending = scorer(table, pipeline);
    computed.set(key, pending);
    pending.catch(() => computed.delete(key));
    return pending;
  };

  const bestOf = async (table: Table): Promise<number> => {
    const precomputed = await precomputedScores(table);
    if (precomputed) return bestSkill([...precomputed.values()]);
    const usual = usualPipelines(hasMissing(table));
    const scores = await Promise.allSettled(usual.map((pipeline) => score(table, pipeline)));
    return bestSkill(scores.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
  };

  return {
    score,
    quality: async (table, own) => {
      if (own.kind === 'failed') return 0;
      const best = bests.get(table) ?? bestOf(table);
      bests.set(table, best);
      return share(own.validation, await best);
    },
  };
}

function bestSkill(scores: readonly Score[]): number {
  return Math.max(0, ...scores.map((score) => (score.kind === 'scored' ? score.validation : 0)));
}

/** 0 where nothing is better than the dummy predictor. */
function share(skill: number, best: number): number {
  return best > 0 ? Math.max(0, Math.min(1, skill / best)) : 0;
}

/** Stands for the whole space where computing all of it would keep a person waiting. */
function usualPipelines(missing: boolean): Pipeline[] {
  return canonicalPipelines(missing).filter(
    ({ impute, scale, features, ensemble, model }) =>
      impute === (missing ? 'median' : 'keep') &&
      (features === 'all' || features === 'products') &&
      ensemble === 'alone' &&
      scale ===
        (features === 'all' && model !== 'linear' && model !== 'neighbours' ? 'raw' : 'standard'),
  );
}
