/** What a split hands to the domain: a table by its name. */
import type { KindNames } from '../kind-text.ts';
import type { UnevenKind } from '../task.ts';

/** Plain JSON. */
export type EnsembleInstance = {
  readonly competition: string;
  /**
   * Of the table, after it was described in the prompt: its labels were shuffled, so that all is noise, or
   * they leaked into its columns, so that all models find them. By definition; nothing is trained.
   */
  readonly kind?: UnevenKind;
};

export const ENSEMBLE_KINDS = {
  unsolvable: 'table of noise',
  trivial: 'table with a leaked label',
} as const satisfies KindNames;
