import { useEffect } from 'react';
import { useLab } from '../store/hooks.ts';
import type { Lab } from '../store/lab.ts';

/** Space plays and pauses, S steps, unless the key means something where the focus is. */
export function useShortcuts(enabled: boolean): void {
  const lab = useLab();
  useEffect(() => {
    if (!enabled) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      const action = actionFor(event.key, event.target, lab);
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [enabled, lab]);
}

const TEXT = 'input:not([type=range], [type=checkbox], [type=radio]), textarea, select';
const PRESSED_BY_SPACE = 'button, summary, input:not([type=range]), select, a[href], textarea';

function actionFor(key: string, target: EventTarget | null, lab: Lab): (() => void) | null {
  const { phase, busy, running } = lab.session.getState();
  const within = (selector: string): boolean =>
    target instanceof Element && target.closest(selector) !== null;
  if (key === ' ' && !within(PRESSED_BY_SPACE)) {
    if (running) return () => void lab.actions.pause();
    return phase === 'ready' && busy === null ? () => void lab.actions.play() : () => undefined;
  }
  if (
    key.toLowerCase() === 's' &&
    !within(TEXT) &&
    phase === 'ready' &&
    !running &&
    busy === null
  ) {
    return () => void lab.actions.step();
  }
  return null;
}
