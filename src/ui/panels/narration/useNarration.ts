import { useEffect, useState } from 'react';
import { useLab } from '../../../app/hooks.ts';
import type { Happening } from './events.ts';
import { createNarrator, isNews } from './narrator.ts';

/** In ms: a line can be read, and a reader's user is not interrupted all the time. */
const LINE_EVERY = 5000;
const NEWS_EVERY = 20_000;

interface Narration {
  /** What is shown. */
  readonly line: Happening | null;
  /** What is read out. */
  readonly news: Happening | null;
}

const SILENCE: Narration = { line: null, news: null };

export function useNarration(): Narration {
  const { run } = useLab();
  const [narration, setNarration] = useState(SILENCE);
  useEffect(() => {
    const narrator = createNarrator();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let saidAt = -Infinity;
    let newsAt = -Infinity;
    const speak = (): void => {
      timer = undefined;
      const line = narrator.next();
      if (!line) return;
      saidAt = performance.now();
      const tells = isNews(line) && saidAt - newsAt >= NEWS_EVERY;
      if (tells) newsAt = saidAt;
      setNarration(({ news }) => ({ line, news: tells ? line : news }));
    };
    const listen = (): void => {
      const state = run.getState();
      narrator.observe(state);
      if (state.history.length === 0) setNarration(SILENCE);
      else timer ??= setTimeout(speak, Math.max(0, saidAt + LINE_EVERY - performance.now()));
    };
    const stop = run.subscribe(listen);
    listen();
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [run]);
  return narration;
}
