/** Notices that a person does something to the page that is going to be drawn. */
import { throttle } from './throttle.ts';

/** Moving the pointer is none: it mostly changes nothing, and would go on all the time. */
const DOINGS = ['pointerdown', 'pointerup', 'keydown', 'wheel', 'scroll', 'touchmove'] as const;

/** A hand at work is told of at most this often, in ms. */
const EVERY = 50;

/**
 * Calls `notice` before the page itself handles what a person does.
 * @param target the window.
 * @returns the way to stop.
 */
export function onHand(target: EventTarget, notice: () => void): () => void {
  const seldom = throttle(notice, EVERY);
  const how = { capture: true, passive: true };
  for (const doing of DOINGS) target.addEventListener(doing, seldom, how);
  return () => {
    seldom.cancel();
    for (const doing of DOINGS) target.removeEventListener(doing, seldom, how);
  };
}
