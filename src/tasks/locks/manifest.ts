import type { Manifest } from '../manifest.ts';

/** Dials per lock and values per dial. */
export interface LockShape {
  readonly dials: number;
  readonly values: number;
}

function summaryFor(dials: number): string {
  return `Set all ${dials} dials; each try is marked.`;
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
  ],
  mixture: { param: 'mixLocks', of: 'Locks', tasks: 'locks', checkpoints: ['nano', 'micro'] },
  scenario: {
    label: 'Locks',
    watch: 'Each dial gets a mark: a few revisions overtake the best of 17 fresh attempts.',
  },
  part: 'a dial of a lock',
} as const satisfies Manifest<LockShape>;
