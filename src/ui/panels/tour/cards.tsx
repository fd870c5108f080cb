/** What each card says, with the numbers of the run where there is one, and what is to be done. */
import type { ReactNode } from 'react';
import { explainParam, TERMS } from '../../../schema/glossary.ts';
import type { Explanation } from '../../../schema/glossary.ts';
import type { Config } from '../../../schema/params.ts';
import type { TourStep } from '../../../app/tour.ts';
import { Symbol } from '../../controls/Symbol.tsx';
import { formatFixed, formatNumber } from '../../format.ts';
import type { Facts } from './facts.ts';

export interface CardContext {
  /** What the domain is about. */
  readonly domain: string;
  readonly config: Config;
  /** Null before the first step. */
  readonly facts: Facts | null;
}

export interface Card {
  readonly title: string;
  readonly what: Explanation;
  readonly says: (context: CardContext) => ReactNode;
  readonly todo: ReactNode;
  /** Said once it is done. */
  readonly did: string;
  /** Where it is to be done: the first that is there. */
  readonly places: readonly string[];
}

const NEXT_GROUP = <kbd>]</kbd>;

export const CARDS: { readonly [K in TourStep]: Card } = {
  task: {
    title: 'Task',
    what: TERMS.m,
    says: ({ domain, facts }) =>
      `Everything begins at a base task. ${domain}${
        facts ? ` Step ${facts.step} tried ${formatNumber(facts.groups)} starts.` : ''
      }`,
    todo: (
      <>
        Press Play, or <kbd>space</kbd>.
      </>
    ),
    did: 'You started the training.',
    places: ['.transport button'],
  },
  attempt: {
    title: 'Attempt',
    what: TERMS.y,
    says: ({ facts }) =>
      `The policy writes an attempt y, and the environment grades it with a quality q from 0 to 1. ${
        facts
          ? `In step ${facts.step} the mean of q is ${formatFixed(facts.quality)}, and ${percent(facts.solvedShare)} of the attempts solve their task.`
          : 'At 1 the task is solved.'
      }`,
    todo: (
      <>
        Pin a step to look at its attempts: click one in the curriculum, or press <kbd>,</kbd>.
      </>
    ),
    did: 'You pinned a step.',
    places: ['.curriculum-plot', '.narration-step'],
  },
  group: {
    title: 'Group',
    what: explainParam('groupSize'),
    says: ({ config, facts }) =>
      `${config.groupSize} attempts from one start are a group; each is paid by how it compares with the others, its advantage A. ${
        facts
          ? `In the group of step ${facts.step} that differs most, ${facts.best.solved} of ${facts.best.size} solved the task, and A goes from ${formatFixed(facts.best.advantages[0])} to ${formatFixed(facts.best.advantages[1])}.`
          : ''
      }`,
    todo: <>Open a group of the step, or press {NEXT_GROUP}.</>,
    did: 'You opened a group.',
    places: ['[data-tour="groups"]', '.now'],
  },
  learnability: {
    title: 'Learnability',
    what: TERMS.S,
    says: ({ facts }) =>
      `S is the variance of the returns in a group: highest where half of the attempts succeed, 0 where all fare alike. ${
        facts
          ? `In step ${facts.step} the highest S is ${formatNumber(facts.best.learnability)}, and ${facts.flat} of ${facts.groups} groups are flat.`
          : 'At 0 there is nothing to learn.'
      }`,
    todo: <>Open another group, or press {NEXT_GROUP}, and compare its S.</>,
    did: 'You compared two groups.',
    places: ['[data-tour="groups"]', '.now'],
  },
  selection: {
    title: 'Selection',
    what: explainParam('selectProbability'),
    says: ({ config, facts }) =>
      `An attempt can become the start of the next. With probability p = ${formatFixed(config.selectProbability)} a start is one of these, more often where S is high (κ\u00a0=\u00a0${formatNumber(config.priorityStrength)}). ${selected(facts)}`,
    todo: 'Turn p, κ or u in the parameters, or choose another step of the method.',
    did: 'You changed what is selected.',
    places: ['[data-param="selectProbability"]'],
  },
  divergence: {
    title: 'Divergence and bonus',
    what: explainParam('divergeProbability'),
    says: ({ config, facts }) => (
      <>
        With probability <Symbol of="p_div" /> = {formatFixed(config.divergeProbability)} a history
        is to be answered differently, and the bonus λ = {formatFixed(config.diversityStrength)}{' '}
        pays what lies far from its group. {diverged(facts)}
      </>
    ),
    todo: 'Turn the diverge probability or the diversity bonus λ in the parameters.',
    did: 'You changed how attempts diverge.',
    places: ['[data-param="divergeProbability"]'],
  },
};

function selected(facts: Facts | null): string {
  if (!facts) return '';
  const share = `In step ${facts.step}, ${facts.replayed} of ${facts.groups} were`;
  if (!facts.chosen) return `${share}.`;
  const { rank, probability } = facts.chosen;
  return `${share}, at best rank ${rank}, with a chance of ${formatNumber(probability)} per draw.`;
}

function diverged(facts: Facts | null): string {
  if (!facts) return '';
  const share = `In step ${facts.step}, ${facts.diverged} of ${facts.groups} groups diverged`;
  if (!facts.bonus) return `${share}.`;
  const { before, after, diversity } = facts.bonus;
  return `${share}; the bonus turned an advantage of ${formatFixed(before)} into ${formatFixed(after)} at d = ${formatFixed(diversity)}.`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
