/** A chain of attempts as a filmstrip: which of its attempts are shown, and what is said of it. */
import type { ExampleChain } from '../../../schema/records.ts';

export interface Frame {
  /** Its place in the chain, from 0. */
  readonly k: number;
  readonly attempt: ExampleChain['attempts'][number];
  readonly before: ExampleChain['attempts'][number] | null;
}

export interface Film {
  readonly frames: readonly Frame[];
  /** Attempts between the last two frames that are not shown. */
  readonly skipped: number;
  /** The first that solves the task, from 0; null if none does. */
  readonly solvedAt: number | null;
  /** The first after it that does not: an agent that stops would not have made it. */
  readonly brokenAt: number | null;
}

/** Up to the first attempt that solves the task; of a longer chain the first ones and the last. */
export function filmOf({ attempts }: ExampleChain, most: number): Film {
  const found = attempts.findIndex(({ solved }) => solved);
  const solvedAt = found < 0 ? null : found;
  const broken =
    solvedAt === null ? -1 : attempts.findIndex(({ solved }, k) => k > solvedAt && !solved);
  const end = solvedAt ?? attempts.length - 1;
  const all = Array.from({ length: end + 1 }, (_, k) => k);
  const shown = all.length <= most ? all : [...all.slice(0, most - 1), end];
  return {
    frames: shown.map((k) => ({ k, attempt: attempts[k]!, before: attempts[k - 1] ?? null })),
    skipped: all.length - shown.length,
    solvedAt,
    brokenAt: broken < 0 ? null : broken,
  };
}

/** `solved at try 3`; where nothing is solved, how near it came: domains may have no more to tell than that. */
export function filmWords(
  { solvedAt, brokenAt }: Film,
  attempts: ExampleChain['attempts'],
): string {
  if (solvedAt === null) {
    const best = Math.max(...attempts.map(({ quality }) => quality));
    return `not solved in ${attempts.length} tries, best ${best.toFixed(2)}`;
  }
  const at = solvedAt === 0 ? 'solved at once' : `solved at try ${solvedAt + 1}`;
  return brokenAt === null ? at : `${at}; try ${brokenAt + 1} breaks it`;
}
