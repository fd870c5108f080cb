/**
 * An instance as a person writes it: the name of a table, and its kind where it is not as it was,
 * `moons (table of noise)`. A table of one's own would need all single models trained on it first, and
 * rows to judge by; it is not offered.
 */
import { readKind, writeKind } from '../kind-text.ts';
import { ENSEMBLE_TABLES } from './competitions.ts';
import { ENSEMBLE_KINDS, type EnsembleInstance } from './instance.ts';

/** @throws RangeError that names the tables there are. */
export function parseInstance(text: string): EnsembleInstance {
  const { text: competition, ...kind } = readKind(text.trim(), ENSEMBLE_KINDS);
  if (ENSEMBLE_TABLES.includes(competition)) return { competition, ...kind };
  const names = ENSEMBLE_TABLES.join(', ');
  throw new RangeError(
    `table: got "${text.trim()}", expected one of ${names}. Tables of your own are for Pipelines`,
  );
}

/** What `parseInstance` reads back. */
export function formatInstance({ competition, kind }: EnsembleInstance): string {
  return writeKind(competition, kind, ENSEMBLE_KINDS);
}
