/** The steps of the tour, and how the page knows that a person has done one. */
import type { ParamId } from '../schema/params.ts';
import type { ConfigState } from './config.ts';
import type { FocusState } from './focus.ts';

export const TOUR_STEPS = [
  'task',
  'attempt',
  'group',
  'learnability',
  'selection',
  'divergence',
] as const;
export type TourStep = (typeof TOUR_STEPS)[number];

/** Parameters that decide which starts are chosen. */
const SELECTION: readonly ParamId[] = [
  'bufferContent',
  'selectProbability',
  'priority',
  'priorityScale',
  'priorityStrength',
  'uniformShare',
  'stalenessWeight',
];
/** Parameters of divergence and its bonus. */
const DIVERGENCE: readonly ParamId[] = [
  'divergeProbability',
  'divergeReward',
  'diversityStrength',
  'diversityOn',
];

/** What the actions of a person leave in the stores. */
export interface PageState {
  readonly running: boolean;
  readonly config: ConfigState['current'];
  readonly focus: Pick<FocusState, 'pinned' | 'group'>;
}

/** The steps that are done by going from one state of the page to the next. */
export function stepsDone(before: PageState, after: PageState): TourStep[] {
  const turned = (ids: readonly ParamId[]): boolean =>
    ids.some((id) => before.config[id] !== after.config[id]);
  const [was, is] = [before.focus, after.focus];
  const moved = was.pinned !== is.pinned || was.group !== is.group;
  const happened: { readonly [K in TourStep]: boolean } = {
    task: after.running,
    attempt: moved && is.pinned !== null,
    group: moved && is.group !== null,
    // One group beside another is what shows that they differ.
    learnability: moved && is.group !== null && was.group !== null,
    selection: turned(SELECTION),
    divergence: turned(DIVERGENCE),
  };
  return TOUR_STEPS.filter((step) => happened[step]);
}
