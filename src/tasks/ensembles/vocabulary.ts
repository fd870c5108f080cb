/** The words of the domain: what a table is like, what single models are made of, and what is known of attempts. */
import { META_WORDS } from '../tables/meta.ts';
import { MODES, type Token } from '../task.ts';
import { WORDS } from './members.ts';
import { SIZE } from './score.ts';

/** Stands where there is nothing to read. */
export const BLANK = '·';

/** Members by their place: what is replaced, and which is weakest. */
export const PLACES: readonly Token[] = Array.from({ length: SIZE }, (_, i) => `m${i + 1}`);

/**
 * What became of an attempt: the first ensemble; better than the best so far, and now the best; not
 * better; not run, because it is known; not run, because it is no ensemble.
 */
export const OUTCOMES = ['first', 'better', 'no-better', 'known', 'malformed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Single models trained. */
export const COSTS: readonly Token[] = Array.from({ length: SIZE + 1 }, (_, i) => `cost${i}`);

/** A tenth of a skill each; the first is for less than 0. */
const BUCKETS = ['<', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;
export const SKILLS: readonly Token[] = BUCKETS.map((bucket) => `v${bucket}`);

export function skillWord(skill: number): Token {
  return SKILLS[skill < 0 ? 0 : 1 + Math.min(9, Math.floor(skill * 10))]!;
}

export const VOCABULARY: readonly Token[] = [
  ...META_WORDS,
  ...WORDS,
  ...PLACES,
  ...OUTCOMES,
  ...COSTS,
  ...SKILLS,
  BLANK,
  ...MODES,
];
