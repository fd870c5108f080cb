import { useEffect, useState } from 'react';
import { useLab } from '../../../app/hooks.ts';
import type { RunEvent } from './events.ts';
import { createNarrator, isAnnounced } from './narrator.ts';

/** In ms: a line can be read, and a reader's user is not interrupted all the time. */
const LINE_EVERY = 5000;
const ANNOUNCE_EVERY = 20_000;

interface Narration {
  /** What is shown. */
  readonly line: RunEvent | null;
  /** What is read out. */
  readonly announcement: RunEvent | null;
}

const NO_EVENTS: Narration = { line: null, announcement: null };

export function useNarration(): Narration {
  const { run } = useLab();
  const [narration, setNarration] = useState(NO_EVENTS);
  useEffect(() => {
    const narrator = createNarrator();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let shownAt = -Infinity;
    let announcedAt = -Infinity;
    const showNext = (): void => {
      timer = undefined;
      const line = narrator.next();
      if (!line) return;
      shownAt = performance.now();
      const announces = isAnnounced(line) && shownAt - announcedAt >= ANNOUNCE_EVERY;
      if (announces) announcedAt = shownAt;
      setNarration(({ announcement }) => ({ line, announcement: announces ? line : announcement }));
    };
    const update = (): void => {
      const state = run.getState();
      narrator.observe(state);
      if (state.history.length === 0) setNarration(NO_EVENTS);
      else timer ??= setTimeout(showNext, Math.max(0, shownAt + LINE_EVERY - performance.now()));
    };
    const stop = run.subscribe(update);
    update();
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [run]);
  return narration;
}
