import { useEffect } from 'react';
import { useLab } from '../../app/hooks.ts';
import type { Lab } from '../../app/lab.ts';
import { shortcutOf } from './table.ts';

/** Lets the table's keys act, wherever they mean nothing else. */
export function useShortcuts(): void {
  const lab = useLab();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => pressed(event, lab);
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [lab]);
}

function pressed(event: KeyboardEvent, lab: Lab): void {
  const found = shortcutOf(event);
  if (!found || event.defaultPrevented) return;
  const { shortcut, single } = found;
  // A held key walks on; nothing else should go off again and again.
  if (event.repeat && single && !/^(Arrow|[,.[\]]$)/.test(event.key)) return;
  if (single && !lab.guide.store.getState().keys) return;
  // Whether the list of keys stands in front is asked of the page: the store hears of it a moment later.
  if (event.key !== '?' && document.querySelector('dialog:popover-open')) return;
  // The browser closes what floats above the page; that is enough for one press.
  if (event.key === 'Escape' && document.querySelector(':popover-open')) return;
  if (event.target instanceof Element && event.target.closest(shortcut.yieldsTo)) return;
  // Escape stays what it is to the browser too: it ends full screen.
  if (event.key !== 'Escape') event.preventDefault();
  shortcut.act(lab);
}
