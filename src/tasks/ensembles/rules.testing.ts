/**
 * Revisers without any learning, and what they are compared with. All choose by validation and are judged
 * by the rows that no table has; all are given the same number of single models to train.
 */
import type { Rng } from '../../base/rng.ts';
import { tableOf } from '../tables/competitions.ts';
import { attempt, benchOf, type Bench } from './attempt.ts';
import { MEMBERS } from './members.ts';
import { predictionsOf } from './predictions.ts';
import { drawEnsemble, qualityOf, SIZE, type Ensemble } from './score.ts';
import type { Known, Proposal } from './state.ts';

export const RULES = {
  /** Replaces the member that is named weakest by any other. */
  marked: replacing((known, rng) => known.weakest ?? rng.int(SIZE)),
  /** Replaces any member. */
  blind: replacing((_known, rng) => rng.int(SIZE)),
  /** As many ensembles drawn anew as could be paid. */
  resampled: (bench: Bench, cost: number, rng: Rng) =>
    bestOf(
      bench,
      Array.from({ length: Math.floor(cost / SIZE) }, () => drawEnsemble(rng)),
    ),
  /** As many single models at random, and the best three of them together, one after the other. */
  greedyThree,
} as const satisfies Record<string, (bench: Bench, cost: number, rng: Rng) => Ensemble>;

export type Rule = keyof typeof RULES;

/** Quality on the table of what each rule has found when so many models are trained. */
export async function play(
  name: string,
  cost: number,
  rng: Rng,
): Promise<Readonly<Record<Rule, number>>> {
  const predicted = await predictionsOf(tableOf(name));
  const bench = benchOf(predicted);
  const quality = (rule: Rule): number =>
    qualityOf(predicted, RULES[rule](bench, cost, rng.fork(rule)));
  return {
    marked: quality('marked'),
    blind: quality('blind'),
    resampled: quality('resampled'),
    greedyThree: quality('greedyThree'),
  };
}

function replacing(choose: (known: Known, rng: Rng) => number) {
  return (bench: Bench, cost: number, rng: Rng): Ensemble => {
    const first: Proposal = { kind: 'fresh', ensemble: drawEnsemble(rng) };
    let state = attempt(bench, null, first);
    for (let spent = state.cost; spent < cost; spent += state.cost) {
      const known = state.known!;
      const place = choose(known, rng);
      state = attempt(bench, known, { kind: 'replace', place, member: rng.int(MEMBERS.length) });
    }
    return state.known!.best;
  };
}

function bestOf(bench: Bench, ensembles: readonly Ensemble[]): Ensemble {
  const skills = ensembles.map(bench.skill);
  return ensembles[skills.indexOf(Math.max(...skills))]!;
}

/** Forward selection (Caruana and others 2004, "Ensemble selection from libraries of models"). */
function greedyThree(bench: Bench, cost: number, rng: Rng): Ensemble {
  const trained = rng.permutation(MEMBERS.length).slice(0, cost);
  let chosen: Ensemble = [];
  while (chosen.length < SIZE) {
    const rest = trained.filter((member) => !chosen.includes(member));
    chosen = bestOf(
      bench,
      rest.map((member) => [...chosen, member]),
    );
  }
  return chosen;
}
