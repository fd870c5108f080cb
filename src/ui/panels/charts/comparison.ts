import { onCompared } from '../../../app/control.ts';
import type { Lab } from '../../../app/lab.ts';
import type { Trigger } from '../../charts/useScheduledDraw.ts';

/** Tells when the runs that are drawn beside the one that is shown are others. */
export function comparison(lab: Lab): Trigger {
  return { subscribe: (listener) => onCompared(lab, listener) };
}
