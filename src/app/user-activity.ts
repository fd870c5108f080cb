/** Reports that a person does something to the page, which is then drawn anew. */
import { throttle } from './throttle.ts';

/** Moving the pointer is none: it mostly changes nothing, and would go on all the time. */
const ACTIVITY_EVENTS = [
  'pointerdown',
  'pointerup',
  'keydown',
  'wheel',
  'scroll',
  'touchmove',
] as const;

/** Activity is reported at most this often, in ms. */
const REPORT_INTERVAL_MS = 50;

/**
 * Calls `notice` before the page itself handles what a person does.
 * @param target the window.
 * @returns the way to stop.
 */
export function onUserActivity(target: EventTarget, notice: () => void): () => void {
  const throttled = throttle(notice, REPORT_INTERVAL_MS);
  const listenerOptions = { capture: true, passive: true };
  for (const name of ACTIVITY_EVENTS) target.addEventListener(name, throttled, listenerOptions);
  return () => {
    throttled.cancel();
    for (const name of ACTIVITY_EVENTS)
      target.removeEventListener(name, throttled, listenerOptions);
  };
}
