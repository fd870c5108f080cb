/** What a person or a split hands to the domain: a competition by its name, or a table of their own. */
import { tableOf } from './competitions.ts';
import type { Table } from './table.ts';

/** Plain JSON. */
export type PipelineInstance = { readonly competition: string } | { readonly table: Table };

/** Quality from which a competition counts as solved: about one pipeline in ten gets there. */
export const SOLVED = 0.9;

/** @throws RangeError if there is no such competition. */
export function tableIn(instance: PipelineInstance): Table {
  return 'table' in instance ? instance.table : tableOf(instance.competition);
}
