/** Which completions of a group become new histories. */
import type { Rng } from '../base/rng.ts';
import type { Config } from '../schema/params.ts';

/**
 * `childrenPerGroup` indices without replacement (all, if there are fewer completions). `spread` takes
 * evenly spaced ranks of quality, lowest and highest included; a single one is the median.
 *
 * @param qualities [G] in [0, 1]
 */
export function chooseChildren(
  qualities: readonly number[],
  { childrenPerGroup, childChoice }: Pick<Config, 'childrenPerGroup' | 'childChoice'>,
  rng: Rng,
): number[] {
  const count = Math.min(childrenPerGroup, qualities.length);
  const shuffled = rng.permutation(qualities.length);
  switch (childChoice) {
    case 'sampled':
      return shuffled.slice(0, count);
    case 'best':
      return sortedByQuality(shuffled, qualities).slice(qualities.length - count);
    case 'spread': {
      const sorted = sortedByQuality(shuffled, qualities);
      return spacedRanks(count, qualities.length).map((rank) => sorted[rank]!);
    }
    default:
      return childChoice satisfies never;
  }
}

/** The sort is stable, so the shuffle breaks ties. */
function sortedByQuality(shuffled: readonly number[], qualities: readonly number[]): number[] {
  return shuffled.toSorted((a, b) => qualities[a]! - qualities[b]!);
}

/** `count` distinct, evenly spaced integers from 0 to n − 1. */
function spacedRanks(count: number, n: number): number[] {
  if (count === 1) return [Math.floor((n - 1) / 2)];
  return Array.from({ length: count }, (_, i) => Math.round((i * (n - 1)) / (count - 1)));
}

/** A history that cannot improve (q = 1) is kept with probability `solvedShare`, any other always. */
export function isKept(quality: number, solvedShare: number, rng: Rng): boolean {
  return quality < 1 || rng.chance(solvedShare);
}
