/**
 * What is known of a table when some ensembles have been tried, as the words that an attempt comes back
 * with: what became of the attempt and what it cost, which member is weakest, the validation skill, the
 * best ensemble so far, and the members that were tried last and did not do. All that the next attempt
 * builds on is in these words.
 */
import type { Token } from '../task.ts';
import { indexOf, isMember, MEMBER_WORDS, MEMBERS, type Member } from './members.ts';
import { SIZE, type Ensemble } from './score.ts';
import { BLANK, COSTS, OUTCOMES, PLACES, SKILLS, type Outcome } from './vocabulary.ts';

/** Members remembered that did not do. */
export const MEMORY = 4;
export const ENSEMBLE_WORDS = SIZE * MEMBER_WORDS;
export const MEMORY_WORDS = MEMORY * MEMBER_WORDS;
/** Outcome, cost, weakest, skill. */
const MARKS = 4;
export const STATE_WORDS = MARKS + ENSEMBLE_WORDS + MEMORY_WORDS;

export interface Known {
  /** The best so far by validation skill. */
  readonly best: Ensemble;
  /** Place of the weakest member; null where none stands out. */
  readonly weakest: number | null;
  /** Word of the validation skill. */
  readonly skill: Token;
  /** Tried without success, or replaced; the latest first. */
  readonly failed: readonly number[];
}

export interface State {
  readonly outcome: Outcome;
  /** Single models that the attempt had trained. */
  readonly cost: number;
  /** Null before the first ensemble. */
  readonly known: Known | null;
}

export function writeState({ outcome, cost, known }: State): Token[] {
  const weakest = known?.weakest ?? null;
  return [
    outcome,
    COSTS[cost]!,
    weakest === null ? BLANK : PLACES[weakest]!,
    known?.skill ?? BLANK,
    ...padded(known?.best ?? [], SIZE),
    ...padded(known?.failed ?? [], MEMORY),
  ];
}

function padded(members: readonly number[], count: number): Token[] {
  const words = members.slice(0, count).flatMap((member) => MEMBERS[member]!);
  return [...words, ...Array<Token>(count * MEMBER_WORDS - words.length).fill(BLANK)];
}

/** Undefined of words that are no state. */
export function readState(words: readonly Token[]): State | undefined {
  const outcome = OUTCOMES.find((word) => word === words[0]);
  const cost = COSTS.indexOf(words[1] ?? '');
  if (outcome === undefined || cost < 0 || words.length !== STATE_WORDS) return undefined;
  const best = readMembers(words.slice(MARKS, MARKS + ENSEMBLE_WORDS));
  const skill = words[3]!;
  if (best.length !== SIZE || !SKILLS.includes(skill)) return { outcome, cost, known: null };
  const place = PLACES.indexOf(words[2]!);
  const failed = readMembers(words.slice(MARKS + ENSEMBLE_WORDS));
  return { outcome, cost, known: { best, weakest: place < 0 ? null : place, skill, failed } };
}

/** Up to the first that is blank. */
function readMembers(words: readonly Token[]): number[] {
  const members: number[] = [];
  for (let at = 0; at < words.length; at += MEMBER_WORDS) {
    const member = words.slice(at, at + MEMBER_WORDS);
    if (!isMember(member)) break;
    members.push(indexOf(member));
  }
  return members;
}

/** What the policy reads of it: all but what the attempt cost. */
export function shownState(words: readonly Token[]): Token[] {
  const state = readState(words);
  const all = writeState(state ?? { outcome: 'malformed', cost: 0, known: null });
  return state ? all.toSpliced(1, 1) : Array<Token>(STATE_WORDS - 1).fill(BLANK);
}

export const SHOWN_WORDS = STATE_WORDS - 1;

/** An ensemble written anew, or one member of the best so far replaced. */
export type Proposal =
  | { readonly kind: 'fresh'; readonly ensemble: Ensemble }
  | { readonly kind: 'replace'; readonly place: number; readonly member: number };

export const REPLACEMENT_WORDS = 1 + MEMBER_WORDS;

/** Undefined of words that are neither; members of a fresh ensemble must differ. */
export function readProposal(tokens: readonly Token[]): Proposal | undefined {
  if (tokens.length === REPLACEMENT_WORDS) {
    const place = PLACES.indexOf(tokens[0]!);
    const member = tokens.slice(1);
    if (place < 0 || !isMember(member)) return undefined;
    return { kind: 'replace', place, member: indexOf(member) };
  }
  if (tokens.length !== ENSEMBLE_WORDS) return undefined;
  const ensemble = readMembers(tokens);
  return new Set(ensemble).size === SIZE ? { kind: 'fresh', ensemble } : undefined;
}

export function writeEnsemble(ensemble: Ensemble): Token[] {
  return ensemble.flatMap((member) => MEMBERS[member]!);
}

export function writeReplacement(place: number, member: Member): Token[] {
  return [PLACES[place]!, ...member];
}
