/** The words of the domain: what a table is like, what a pipeline is made of, and how it went. */
import { MODES, type Token } from '../task.ts';
import { CHOICE_WORDS, SLOTS } from '../tables/choices.ts';
import { FAULTS, type Fault } from '../tables/fault.ts';
import type { Score } from '../tables/evaluate.ts';
import { META_WORDS } from '../tables/meta.ts';

/** Stands where there is nothing to read. */
const BLANK = '·';
export const MALFORMED = 'malformed';

/** A tenth of a skill each; the first is for less than 0. */
const BUCKETS = ['<', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;
const VALIDATION: readonly Token[] = BUCKETS.map((bucket) => `v${bucket}`);
const TRAINING: readonly Token[] = BUCKETS.map((bucket) => `t${bucket}`);

export const VOCABULARY: readonly Token[] = [
  ...META_WORDS,
  ...CHOICE_WORDS,
  ...VALIDATION,
  ...TRAINING,
  ...FAULTS,
  MALFORMED,
  BLANK,
  ...MODES,
];

export const ATTEMPT_WORDS = SLOTS.length;
export const FEEDBACK_WORDS = 2;

export function feedbackOf(score: Score): Token[] {
  if (score.kind === 'failed') return [score.fault, BLANK];
  return [VALIDATION[bucketOf(score.validation)]!, TRAINING[bucketOf(score.training)]!];
}

export const MALFORMED_FEEDBACK: readonly Token[] = [MALFORMED, BLANK];

function bucketOf(skill: number): number {
  return skill < 0 ? 0 : 1 + Math.min(9, Math.floor(skill * 10));
}

/** What feedback says, read again. */
export interface Reading {
  readonly fault?: Fault;
  /** Tenths of a skill; -1 for less than 0. */
  readonly validation?: number;
  readonly training?: number;
}

export function readFeedback([first, second]: readonly Token[]): Reading {
  const fault = FAULTS.find((word) => word === first);
  if (fault) return { fault };
  const [validation, training] = [VALIDATION.indexOf(first ?? ''), TRAINING.indexOf(second ?? '')];
  if (validation < 0 || training < 0) return {};
  return { validation: validation - 1, training: training - 1 };
}

const CHOOSABLE = new Set<Token>(CHOICE_WORDS);
const SAYABLE = new Set<Token>([...VALIDATION, ...TRAINING, ...FAULTS, MALFORMED]);

/** As many words as an attempt has, blank where a word does not belong in one. */
export function paddedAttempt(tokens: readonly Token[]): Token[] {
  return padOrCut(tokens, ATTEMPT_WORDS, CHOOSABLE);
}

export function paddedFeedback(tokens: readonly Token[]): Token[] {
  return padOrCut(tokens, FEEDBACK_WORDS, SAYABLE);
}

function padOrCut(tokens: readonly Token[], count: number, known: ReadonlySet<Token>): Token[] {
  return Array.from({ length: count }, (_, i) => {
    const token = tokens[i];
    return token !== undefined && known.has(token) ? token : BLANK;
  });
}
