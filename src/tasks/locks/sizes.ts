/** The locks there are. Apart from the registry, so that what shows them need not fetch every domain. */
import { createLocks } from './locks.ts';

export const LOCKS = createLocks({
  ...{ id: 'locks', label: 'Locks, small (4 dials × 3)' },
  ...{ dials: 4, values: 3 },
});

export const LOCKS_LARGE = createLocks({
  ...{ id: 'locks-large', label: 'Locks, large (5 dials × 4)' },
  ...{ dials: 5, values: 4 },
});
