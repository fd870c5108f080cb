/** The rewards of a group, counted in bins of equal width. */

export interface RewardBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

const BINS = 8;

/** Over [0, 1], or further where rewards lie further. */
export function rewardBins(rewards: readonly number[]): RewardBin[] {
  const { low, width } = scaleOf(rewards);
  const counts = new Array<number>(BINS).fill(0);
  for (const reward of rewards) counts[binOf(reward, rewards)]! += 1;
  return counts.map((count, i) => ({ from: low + i * width, to: low + (i + 1) * width, count }));
}

/** The last bin holds its upper end too. */
export function binOf(reward: number, rewards: readonly number[]): number {
  const { low, width } = scaleOf(rewards);
  return Math.min(BINS - 1, Math.max(0, Math.floor((reward - low) / width)));
}

function scaleOf(rewards: readonly number[]): { low: number; width: number } {
  const low = Math.min(0, ...rewards.map(Math.floor));
  const high = Math.max(1, ...rewards.map(Math.ceil));
  return { low, width: (high - low) / BINS };
}
