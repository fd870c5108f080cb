import type { Manifest } from '../manifest.ts';

/** What a variant of the locks is like. */
export interface LockShape {
  readonly dials: number;
  /** Per dial. */
  readonly values: number;
  /**
   * Codes are uniform, so that descriptors say nothing, quality is the share of dials that are right, and
   * there are hard locks, paid only when wholly open. Otherwise descriptors suggest a code, and some dials
   * count more than others.
   */
  readonly uniform?: true;
  /**
   * Chances that a demonstrated improvement changes a dial that is marked wrong, and one that is marked
   * right; one or two dials, often wrong ones, where absent.
   */
  readonly changes?: { readonly wrong: number; readonly right: number };
}

function summaryFor(dials: number): string {
  return `Set ${dials} dials; each try is marked.`;
}

export const LOCKS = {
  variants: [
    {
      id: 'locks',
      label: 'Locks, small (4 dials × 3)',
      summary: summaryFor(4),
      checkpoints: ['nano'],
      dials: 4,
      values: 3,
    },
    {
      id: 'locks-large',
      label: 'Locks, large (5 dials × 4)',
      summary: summaryFor(5),
      checkpoints: ['nano'],
      dials: 5,
      values: 4,
    },
    {
      id: 'locks-eight',
      label: 'Locks nobody guesses (8 dials × 4)',
      summary: summaryFor(8),
      checkpoints: ['nano'],
      dials: 8,
      values: 4,
      uniform: true,
      changes: { wrong: 0.34, right: 0.25 },
    },
  ],
  mixture: { param: 'mixLocks', of: 'Locks', tasks: 'locks', checkpoints: ['nano', 'micro'] },
  scenario: {
    label: 'Locks',
    watch: 'Each dial gets a mark: a few revisions overtake the best of 17 fresh attempts.',
  },
  part: 'a dial of a lock',
} as const satisfies Manifest<LockShape>;
