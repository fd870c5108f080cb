/** The reward of an attempt: a function of its quality and of the attempt that it revises. */
import type { Config } from '../schema/params.ts';
import type { Mode } from '../tasks/task.ts';

export type RewardForm = Config['rewardForm'];

/** The reward of a first attempt is always its quality: it revises nothing. */
export function rewardFormOf(
  mode: Mode,
  { rewardForm, divergeReward }: Pick<Config, 'rewardForm' | 'divergeReward'>,
): RewardForm {
  switch (mode) {
    case 'solve':
      return 'quality';
    case 'improve':
      return rewardForm;
    case 'diverge':
      return divergeReward === 'same' ? rewardForm : divergeReward;
    default:
      return mode satisfies never;
  }
}

/**
 * @param quality q′ in [0, 1] of the attempt.
 * @param previous q in [0, 1] of the attempt that it revises; unread by the form `quality`.
 * @returns in [0, 1]; in [−1, 1] for `delta`.
 */
export function reward(form: RewardForm, quality: number, previous: number): number {
  switch (form) {
    case 'quality':
      return quality;
    case 'delta':
      return quality - previous;
    case 'improvement':
      // Where nothing is left to gain, breaking a right answer must cost.
      return previous >= 1 ? quality : Math.max(0, (quality - previous) / (1 - previous));
    default:
      return form satisfies never;
  }
}

/** The return brought to [0, 1], so that learnability means the same under every form. */
export function normalisedReturn(form: RewardForm, value: number): number {
  return form === 'delta' ? (value + 1) / 2 : value;
}
