/**
 * Demonstrations for the warm start: what somebody would try who reads the marks and has no other plan.
 * They teach the form, to replace the member that is named weakest, and not to try again what was tried;
 * which models suit which table, and each other, is left to be learned by reinforcement.
 */
import type { Rng } from '../../base/rng.ts';
import { isClassification, type Table } from '../tables/table.ts';
import type { Mode, Token } from '../task.ts';
import { indexOf, MEMBER_SLOTS, MEMBERS, type Member } from './members.ts';
import { SIZE } from './score.ts';
import { writeEnsemble, writeReplacement, type Known } from './state.ts';

export interface DemonstrationOptions {
  /** Chance that a choice which cannot work on the table is taken for one that can. */
  readonly blunderShare: number;
  /** Chance that the member replaced is the one named weakest, where one is. */
  readonly markedShare: number;
}

export const DEMONSTRATION: DemonstrationOptions = { blunderShare: 0.1, markedShare: 0.95 };

export interface DemonstrationRequest {
  readonly table: Table;
  readonly options: DemonstrationOptions;
  readonly known: Known | null;
  readonly mode: Mode;
  readonly rng: Rng;
}

export function demonstrateEnsemble(request: DemonstrationRequest): Token[] {
  const { known, mode, options, rng } = request;
  if (!known || mode !== 'improve') {
    return writeEnsemble(newMembers(request, known?.best ?? [], SIZE));
  }
  const { best, failed, weakest } = known;
  const place = weakest !== null && rng.chance(options.markedShare) ? weakest : rng.int(SIZE);
  const [member] = newMembers(request, [...best, ...failed], 1);
  return writeReplacement(place, MEMBERS[member!]!);
}

/** Different from those and from each other. */
function newMembers(
  request: DemonstrationRequest,
  others: readonly number[],
  count: number,
): number[] {
  const members: number[] = [];
  while (members.length < count) {
    const member = indexOf(plausible(request));
    if (!others.includes(member) && !members.includes(member)) members.push(member);
  }
  return members;
}

function plausible({ table, options, rng }: DemonstrationRequest): Member {
  return MEMBER_SLOTS.map(({ words }): Token => {
    const all: readonly Token[] = words;
    return rng.chance(options.blunderShare)
      ? rng.pick(all)
      : rng.pick(all.filter((word) => canWork(table, word)));
  });
}

function canWork(table: Table, word: Token): boolean {
  if (word === 'bayes') return isClassification(table);
  if (word === 'pca3' || word === 'best3') return table.columns.length >= 3;
  return true;
}
