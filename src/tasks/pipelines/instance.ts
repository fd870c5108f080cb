/** What a person or a split hands to the domain: a competition by its name, or a table of their own. */
import type { KindNames } from '../kind-text.ts';
import type { UnevenKind } from '../task.ts';
import { tableOf } from '../tables/competitions.ts';
import type { Table } from '../tables/table.ts';

/** Plain JSON. */
export type PipelineInstance =
  | {
      readonly competition: string;
      /**
       * Of the table, after it was described in the prompt: its labels were shuffled, so that all is noise,
       * or they leaked into its columns, so that all pipelines find them. By definition; nothing is trained.
       */
      readonly kind?: UnevenKind;
    }
  | { readonly table: Table };

export const PIPELINE_KINDS = {
  unsolvable: 'table of noise',
  trivial: 'table with a leaked label',
} as const satisfies KindNames;

/** A person's own table is as it is. */
export function kindOf(instance: PipelineInstance): UnevenKind | undefined {
  return 'table' in instance ? undefined : instance.kind;
}

export function withKind(instance: PipelineInstance, kind: UnevenKind): PipelineInstance {
  return 'table' in instance ? instance : { ...instance, kind };
}

/** Quality from which a competition counts as solved: about one pipeline in ten gets there. */
export const SOLVED = 0.9;

/** @throws RangeError if there is no such competition. */
export function tableIn(instance: PipelineInstance): Table {
  return 'table' in instance ? instance.table : tableOf(instance.competition);
}
