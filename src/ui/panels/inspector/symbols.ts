/** What stands under each completion, by its symbol. */
export const SYMBOL_HELP = [
  ['q', 'Quality of the attempt, from 0 to 1; at 1 the task is solved.'],
  ['r', 'Reward: what the attempt was paid, by the reward that its mode has.'],
  [
    'A',
    'Advantage: the reward less the mean of the group, over their spread. Above 0 the attempt is made likelier, below 0 less likely.',
  ],
  [
    'd',
    'Diversity: distance of the attempt from the centre of its group, 0 for the nearest and 1 for the farthest. The bonus multiplies A by 1 − λ + λ·d.',
  ],
  ['S', 'Learnability: the variance of the rewards of a group. At 0 there is nothing to learn.'],
  ['log π', 'Mean log-probability of the tokens under the policy that sampled them, in nats.'],
] as const;

export function symbolHelp(symbol: string): string | undefined {
  return SYMBOL_HELP.find(([known]) => known === symbol)?.[1];
}
