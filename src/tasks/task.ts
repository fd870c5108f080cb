/**
 * What a domain must be able to do. What it says of itself in plain data is in its `manifest.ts`; how one
 * is added is told in `manifests.ts`.
 */
import type { Rng } from '../base/rng.ts';
import type { Json } from '../schema/columns.ts';
import type { Attempt, Mode, Token } from '../schema/records.ts';
import type { Wording } from './wording.ts';

// What records of a run hold too is declared with them.
export { MODES, type Attempt, type Mode, type Token } from '../schema/records.ts';
export type { Json } from '../schema/columns.ts';

/** `train`, or the id of a held-out split of the task; `test` is the one every task has. */
export type Split = string;

/** A held-out split beyond `test`, usually harder. */
export interface HeldOutSplit {
  readonly id: Split;
  readonly label: string;
  /** What makes it different from what was trained on, in one sentence. */
  readonly summary: string;
  /** Training may draw its tasks too, where it is asked to. */
  readonly trained?: true;
}

/** The one that every task has. */
export const TEST_SPLIT: HeldOutSplit = {
  id: 'test',
  label: 'held out',
  summary: 'Tasks of the same kind that training never has.',
};

/** τ: the final attempt of each earlier turn, and the latest attempt at this one, if there is any. */
export interface History {
  readonly earlier: readonly Attempt[];
  readonly latest?: Attempt;
}

export const EMPTY_HISTORY: History = { earlier: [] };

/** The environment's verdict on a completion. A malformed completion gets `valid: false`, never a throw. */
export interface Grade {
  /** In [0, 1]; 1 means solved. */
  readonly quality: number;
  readonly solved: boolean;
  /** Whether the completion has the domain's format. */
  readonly valid: boolean;
  /** What the policy will read about this attempt; empty where the domain gives no feedback. */
  readonly feedback: readonly Token[];
  /** What the attempt took, in the domain's own unit; absent where all attempts are equally dear. */
  readonly cost?: number;
  /** Tells which of several attempts one would choose who does not know their quality; the larger. */
  readonly standing?: number;
  /** Whether it was not run since it is known, and cost nothing: evaluation asks for another. */
  readonly known?: boolean;
}

/** A span of an attempt that its feedback says to keep, or to change. */
export interface AttemptSpan {
  /** Its first word. */
  readonly from: number;
  /** The first word after it; `Infinity` for all the rest. */
  readonly to: number;
  readonly right: boolean;
}

/**
 * What trying an instance can teach: nothing solves an unsolvable one and any well-formed attempt a trivial
 * one, so that all well-formed attempts at it are paid the same.
 */
export type InstanceKind = 'normal' | UnevenKind;
export type UnevenKind = 'unsolvable' | 'trivial';

/** As its manifest says them. */
export interface TaskNames {
  readonly id: string;
  readonly label: string;
  readonly summary: string;
}

export interface Task<I extends Json = Json> extends TaskNames {
  /** The domain's words in id order, specials excluded. */
  readonly vocabulary: readonly Token[];
  /** Longest prompt, `<bos>` excluded. */
  readonly maxPromptTokens: number;
  /** Longest completion, `<eos>` included. */
  readonly maxCompletionTokens: number;
  /** Whether attempts come back with feedback. */
  readonly feedback: boolean;
  /** The domains of a mixture, each evaluated by itself. */
  readonly parts?: readonly Task[];
  /** Held-out splits in order of difficulty; `['test']` where absent. */
  readonly heldOut?: readonly HeldOutSplit[];
  /** Number of user turns of a conversation; 1 for single-turn domains. */
  turns(instance: I): number;
  /**
   * A base task. Splits never overlap.
   * @throws RangeError if there is no such split.
   */
  sample(split: Split, rng: Rng): I;
  /**
   * Makes of a training instance one that nothing solves, or that any well-formed attempt solves. Its
   * prompt before the first attempt looks like that of others, and it belongs to no held-out split.
   */
  unsolvable?(instance: I, rng: Rng): I;
  trivial?(instance: I, rng: Rng): I;
  /** All instances are normal where absent. */
  kindOf?(instance: I): InstanceKind;
  /**
   * Makes of an instance one that is paid only when it is wholly solved. What is read of it, before the
   * first attempt and after, is as if it were paid like others. Absent where the domain has none.
   */
  hard?(instance: I): I;
  isHard?(instance: I): boolean;
  /** What the policy reads before it writes an attempt; `<bos>` is added by the caller. */
  prompt(instance: I, history: History, mode: Mode): Token[];
  /** Grades a completion without its `<eos>`. The turn is `history.earlier.length`. */
  grade(instance: I, history: History, completion: readonly Token[]): Grade | Promise<Grade>;
  /** An imperfect example completion for the warm start, without `<eos>`. */
  demonstrate(instance: I, history: History, mode: Mode, rng: Rng): Token[];
  /** Attempts behind the deepest history that the warm start shows; 4 where absent. */
  readonly demonstratedDepth?: number;
  /** How it is put to a language model; absent where it is not. */
  readonly wording?: Wording<I>;
  /** Embedding for the diversity bonus; hashed token n-grams where absent. */
  embed?(completion: readonly Token[]): Float32Array;
  /** The spans of an attempt that a reviser would keep or change; the whole attempt, by its quality, where absent. */
  spans?(attempt: Attempt): readonly AttemptSpan[];
  /** Equal for completions that are the same solution written differently; the words where absent. */
  solutionKey?(instance: I, completion: readonly Token[]): string;
  /**
   * An instance that a person typed.
   * @throws RangeError that names the field, the value and what was expected.
   */
  parse?(text: string): I;
  /** The inverse of `parse`: what a person would type for this instance. */
  format?(instance: I): string;
  /**
   * What is understood of a table that a person brings, before it is used; the text that it gives has the
   * correction in it. Null of a text that is no table; absent where instances are none. Never throws.
   */
  readTable?(text: string, correction?: TableCorrection): TableText | null;
}

export interface TableText {
  readonly text: string;
  readonly reading: TableReading;
}

/** What a column of a table is used for. */
export const COLUMN_USES = [
  'number',
  'words',
  'predicted number',
  'predicted classes',
  'left out',
] as const;
export type ColumnUse = (typeof COLUMN_USES)[number];

export interface ColumnReading {
  readonly name: string;
  readonly use: ColumnUse;
  /** Values that are missing, and how they are written if not as nothing. */
  readonly missing: number;
  readonly missingAs: readonly string[];
  /** Different values, and the first of them. */
  readonly different: number;
  readonly examples: readonly string[];
  /** What may surprise. */
  readonly note: string | null;
  /** Why it cannot be used as it is. */
  readonly problem: string | null;
}

/** What was understood of a table. */
export interface TableReading {
  readonly separator: 'comma' | 'semicolon' | 'tab' | 'bar';
  readonly firstLine: 'names' | 'data';
  /** Null where no value depends on it. */
  readonly decimalMark: 'point' | 'comma' | null;
  readonly rows: number;
  /** Lines without a value, passed over. */
  readonly emptyLines: number;
  /** None where lines do not make columns. */
  readonly columns: readonly ColumnReading[];
  /** Why the table cannot be used, in one sentence; null if it can. */
  readonly problem: string | null;
}

/** What a person puts right of a reading; plain JSON. */
export interface TableCorrection {
  readonly column?: { readonly name: string; readonly use: ColumnUse };
  readonly separator?: TableReading['separator'];
  readonly firstLine?: TableReading['firstLine'];
  readonly decimalMark?: 'point' | 'comma';
}
