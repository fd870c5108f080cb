/** How the pictures of the curriculum are divided. */

/** Depths of a profile; what is deeper counts as this deep. */
export const DEEPEST_PROFILED = 63;

/** Columns of the buffer's grid, by steps since a history was created; the last one is open. */
export const RECENCY_BINS = [
  { from: 0, label: '0' },
  { from: 1, label: '1' },
  { from: 2, label: '2' },
  { from: 3, label: '3–4' },
  { from: 5, label: '5–8' },
  { from: 9, label: '9–16' },
  { from: 17, label: '17–32' },
  { from: 33, label: '33–64' },
  { from: 65, label: '65+' },
] as const;
