/** Mutants by their numbers: the same seed and number is the same mutant. */
import { createRng, type Rng } from '../base/rng.ts';
import { unzip, type BundleFile } from '../runs/zip.ts';
import { checkRunFile, checkTableFile, FuzzError, type Outcome } from './check.ts';
import type { Bytes } from './mutate.ts';
import { mutateRun } from './run-mutants.ts';
import { mutateTable } from './table-mutants.ts';

export interface Violation {
  readonly mutant: number;
  readonly kind: Mutant['kind'];
  readonly problem: string;
}

export interface Mutant {
  readonly kind: 'run' | 'table';
  readonly bytes: Bytes;
  readonly rng: Rng;
}

export interface Fuzz {
  readonly seed: number;
  /** Exported runs, zipped. */
  readonly exports: readonly Uint8Array[];
}

/** Of so many mutants, one is a table. */
const TABLES_EVERY = 4;

/** @returns mutant number n. */
export function mutants({ seed, exports }: Fuzz): (n: number) => Mutant {
  const runs: readonly (readonly BundleFile[])[] = exports.map((bytes) => unzip(bytes));
  return (n) => {
    const rng = createRng(seed).fork(`mutant ${n}`);
    return n % TABLES_EVERY === 0
      ? { kind: 'table', bytes: mutateTable(rng), rng }
      : { kind: 'run', bytes: mutateRun(rng.pick(runs), rng), rng };
  };
}

/** @throws FuzzError if it does what no file may do. */
export async function check({ kind, bytes, rng }: Mutant): Promise<Outcome> {
  return kind === 'run' ? checkRunFile(bytes) : checkTableFile(bytes, rng);
}

/** What is wrong with it, in a sentence; null if nothing, and what became of it. */
export async function tried(
  mutant: Mutant,
): Promise<{ outcome: Outcome | null; problem: string | null }> {
  try {
    return { outcome: await check(mutant), problem: null };
  } catch (error) {
    if (error instanceof FuzzError) return { outcome: null, problem: error.message };
    return { outcome: null, problem: `an error while checking: ${String(error)}` };
  }
}
