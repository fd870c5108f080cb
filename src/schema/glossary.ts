/** What the page explains where it stands: parameters and the symbols of the method. */
import { PARAMS } from './params.ts';
import type { Param, ParamId } from './params.ts';

export interface Explanation {
  readonly symbol?: string | undefined;
  readonly title: string;
  readonly text: string;
  readonly source?: string | undefined;
}

const PAPER = 'arXiv 2509.04575';

/** Symbols that belong to no single parameter. */
export const TERMS = {
  m: {
    symbol: 'm',
    title: 'Base task',
    text: 'One problem of the domain, from which every history begins.',
    source: PAPER,
  },
  y: {
    symbol: 'y',
    title: 'Attempt',
    text: 'What the policy wrote, token by token.',
    source: PAPER,
  },
  q: {
    symbol: 'q',
    title: 'Quality',
    text: 'How good an attempt is, from 0 to 1; at 1 the task is solved.',
  },
  r: {
    symbol: 'r',
    title: 'Reward',
    text: 'What the update makes likelier. By default the quality that the attempt reached.',
  },
  A: {
    symbol: 'A',
    title: 'Advantage',
    text: 'The reward against the mean of its group, over their spread, with the diversity bonus. Above 0 makes the attempt likelier, below 0 less likely.',
    source: 'GRPO, arXiv 2402.03300',
  },
  d: {
    symbol: 'd',
    title: 'Diversity',
    text: 'How far an attempt lies from the middle of its group: 0 is nearest, 1 is farthest.',
    source: PAPER,
  },
  S: {
    symbol: 'S',
    title: 'Learnability',
    text: 'The variance of the returns inside a group, at most 0.25. It is 0 where all attempts fare alike: there is nothing to learn.',
    source: PAPER,
  },
  k: {
    symbol: 'k',
    title: 'Depth',
    text: 'How many attempts of its own the policy has revised to get there.',
    source: PAPER,
  },
  P: {
    symbol: 'P',
    title: 'Chance to be selected',
    text: 'Of each history in the buffer, per draw: it rises with learnability S by κ, and a share u is uniform.',
    source: PAPER,
  },
} as const satisfies Readonly<Record<string, Explanation>>;

export type TermId = keyof typeof TERMS;

export function explainParam(id: ParamId): Explanation {
  const { symbol, label, help, source }: Param = PARAMS[id];
  return { symbol, title: label, text: help, source };
}
