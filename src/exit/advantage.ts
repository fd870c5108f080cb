/**
 * Group-relative advantages (GRPO, arXiv 2402.03300) and learnability. Returns of several groups come
 * flat: [groups · groupSize], the completions of a group side by side.
 */
import { mean, populationVariance, sampleStd } from '../base/statistics.ts';
import type { Config } from '../schema/params.ts';

/** Keeps a group of nearly equal returns from exploding. */
const STD_OFFSET = 1e-4;

/**
 * A_i = (r_i − mean of the group) / (std + 1e-4). The std (n − 1) is that of the group, or of all
 * returns for `batch`; `none` leaves centred returns.
 *
 * @param returns [groups · groupSize]
 * @returns [groups · groupSize]
 * @throws RangeError if the groups do not come out even.
 */
export function advantages(
  returns: readonly number[],
  groupSize: number,
  scale: Config['scaleRewards'],
): number[] {
  return groupsOf(returns, groupSize).flatMap((group) => {
    const center = mean(group);
    const divisor = scale === 'none' ? 1 : offsetStd(scale === 'group' ? group : returns);
    return group.map((value) => (value - center) / divisor);
  });
}

/**
 * S: population variance of a group's returns.
 *
 * @param returns normalised to [0, 1].
 * @returns in [0, 0.25].
 */
export function learnability(returns: readonly number[]): number {
  return populationVariance(returns);
}

/** Whether all returns of a group are equal: such a group brings no gradient. */
export function hasZeroVariance(returns: readonly number[]): boolean {
  return returns.every((value) => value === returns[0]);
}

/**
 * Cuts a flat list into runs of `size`.
 * @throws RangeError if they do not come out even.
 */
export function groupsOf<T>(items: readonly T[], size: number): T[][] {
  if (items.length % size !== 0) {
    throw new RangeError(`${items.length} values do not make groups of ${size}`);
  }
  return Array.from({ length: items.length / size }, (_, g) =>
    items.slice(g * size, (g + 1) * size),
  );
}

function offsetStd(values: readonly number[]): number {
  return sampleStd(values) + STD_OFFSET;
}
