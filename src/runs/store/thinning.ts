/** Which earlier checkpoints are kept: the older, the sparser. */

/** Between neighbours no more than this share of the way back from now is left out. */
const WIDEST_GAP = 1 / 2;

/**
 * Those to be dropped, so that about `2 · log2` of the steps done are left. The first is never dropped: a
 * fork from the beginning is always possible.
 * @param kept steps of checkpoints, rising.
 * @param newest the step that is kept anyway.
 */
export function thinnedOut(kept: readonly number[], newest: number): number[] {
  const left = [...kept];
  const dropped: number[] = [];
  for (let i = 1; i + 1 < left.length;) {
    const [before, after] = [left[i - 1]!, left[i + 1]!];
    if (after - before <= WIDEST_GAP * (newest - after)) dropped.push(...left.splice(i, 1));
    else i++;
  }
  return dropped;
}
