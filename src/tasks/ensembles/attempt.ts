/** What an attempt makes of what is known. Nothing that is known is trained again. */
import type { PredictedTable } from './predictions.ts';
import { SIZE, validationSkill, weakestOf, type Ensemble } from './score.ts';
import { MEMORY, type Known, type Proposal, type State } from './state.ts';
import { skillWord, type Outcome } from './vocabulary.ts';

/** What tells ensembles of a table apart, without judging them. */
export interface Bench {
  readonly skill: (ensemble: Ensemble) => number;
  readonly weakest: (ensemble: Ensemble) => number | null;
}

export function benchOf(predicted: PredictedTable): Bench {
  return {
    skill: (ensemble) => validationSkill(predicted, ensemble),
    weakest: (ensemble) => weakestOf(predicted, ensemble),
  };
}

/** On a table of noise all rows left out are predicted worse than by guessing, and nobody stands out. */
export const NOISE: Bench = { skill: () => -1, weakest: () => null };
/** Where the label leaked every model is perfect. */
export const LEAKED: Bench = { skill: () => 1, weakest: () => null };

export function attempt(bench: Bench, before: Known | null, proposal: Proposal | undefined): State {
  const unrun = (outcome: Outcome): State => ({ outcome, cost: 0, known: before });
  if (!proposal) return unrun('malformed');
  if (proposal.kind === 'fresh') return fresh(bench, before, proposal.ensemble);
  if (!before) return unrun('malformed');
  return isKnown(before, proposal.member) ? unrun('known') : replace(bench, before, proposal);
}

function isKnown({ best, failed }: Known, member: number): boolean {
  return best.includes(member) || failed.includes(member);
}

function fresh(bench: Bench, before: Known | null, ensemble: Ensemble): State {
  if (!before) {
    return { outcome: 'first', cost: SIZE, known: knownOf(bench, ensemble, []) };
  }
  if (ensemble.every((member) => before.best.includes(member))) {
    return { outcome: 'known', cost: 0, known: before };
  }
  const better = bench.skill(ensemble) > bench.skill(before.best);
  return {
    outcome: better ? 'better' : 'no-better',
    cost: SIZE,
    known: better ? knownOf(bench, ensemble, []) : before,
  };
}

function replace(
  bench: Bench,
  before: Known,
  { place, member }: Proposal & { kind: 'replace' },
): State {
  const { best } = before;
  const next = best.with(place, member);
  const better = bench.skill(next) > bench.skill(best);
  const failed = [better ? best[place]! : member, ...before.failed].slice(0, MEMORY);
  return {
    outcome: better ? 'better' : 'no-better',
    cost: 1,
    known: better ? knownOf(bench, next, failed) : { ...before, failed },
  };
}

function knownOf(bench: Bench, best: Ensemble, failed: readonly number[]): Known {
  return { best, failed, weakest: bench.weakest(best), skill: skillWord(bench.skill(best)) };
}
