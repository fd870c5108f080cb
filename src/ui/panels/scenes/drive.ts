/**
 * What a scene makes the picture above show while it is read, and how that is put back: what a person
 * changed meanwhile is theirs, and stays.
 */
import type { HeatQuantity } from '../../../app/chart-settings.ts';
import type { Lab } from '../../../app/lab.ts';

export const SCENES = ['task', 'attempt', 'group', 'worth', 'starts', 'outcome'] as const;
export type SceneId = (typeof SCENES)[number];

interface Shows {
  /** The colour of the heat map; absent leaves it. */
  readonly heat?: HeatQuantity;
  /** Whether the step that is told of stays in view while the run goes on. */
  readonly holds: boolean;
}

const SHOWS: { readonly [K in SceneId]: Shows } = {
  task: { holds: false },
  attempt: { holds: true },
  group: { holds: true },
  worth: { holds: true, heat: 'learnability' },
  starts: { holds: true, heat: 'share' },
  // The last one leaves all as it was: what comes below it is a person's own again.
  outcome: { holds: false },
};

export interface Drive {
  /** Null leaves the scenes. */
  readonly enter: (scene: SceneId | null) => void;
}

type Driven = Pick<Lab, 'focus' | 'chartSettings' | 'run'>;

export function createDrive({ focus, chartSettings, run }: Driven): Drive {
  let heat: { readonly before: HeatQuantity; readonly set: HeatQuantity } | null = null;
  let held: number | null = null;
  const colour = (set: HeatQuantity | null): void => {
    const now = chartSettings.getState().heat;
    if (heat !== null && now !== heat.set) heat = null;
    const before = heat?.before ?? now;
    if (set !== null) heat = { before, set };
    const next = set ?? before;
    if (set === null) heat = null;
    if (next !== now) chartSettings.setState({ heat: next });
  };
  const hold = (holds: boolean): void => {
    const { pinned } = focus.store.getState();
    if (pinned !== held) held = null;
    if (!holds && held !== null) focus.actions.follow();
    const newest = run.getState().latest?.step;
    if (holds && pinned === null && newest !== undefined) focus.actions.pin(newest);
    if (!holds) held = null;
    else if (pinned === null) held = newest ?? null;
  };
  return {
    enter: (scene) => {
      colour(scene === null ? null : (SHOWS[scene].heat ?? null));
      hold(scene !== null && SHOWS[scene].holds);
    },
  };
}
