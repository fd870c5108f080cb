import { createContext, use, useEffect, useEffectEvent, useState } from 'react';
import type { RefObject } from 'react';
import { flushSync } from 'react-dom';
import { useLab } from '../../store/hooks.ts';
import type { RunState } from '../../store/run.ts';
import { loadPlot } from './plotLoader.ts';
import { browserEnvironment, createScheduler } from './schedule.ts';

/** One scheduler for all charts of the page. */
export const SchedulerContext = createContext(createScheduler(browserEnvironment()));

/**
 * What a chart shows of the run, renewed when its turn comes: when it is in view, and not more often than
 * the scheduler allows. `compute` must be pure.
 */
export function useTurn<T>(ref: RefObject<Element | null>, compute: (run: RunState) => T): T {
  const { run } = useLab();
  const scheduler = use(SchedulerContext);
  const [view, setView] = useState(() => compute(run.getState()));
  const draw = useEffectEvent(() => setView(compute(run.getState())));
  useEffect(() => {
    // At once and alone: left to React's own queue, charts that wait are drawn together in one long task.
    const turn = scheduler.join(() => flushSync(() => draw()));
    const unsubscribe = run.subscribe(() => turn.request());
    const observer = new IntersectionObserver((entries) => {
      turn.setVisible(entries.at(-1)?.isIntersecting ?? false);
    });
    if (ref.current) observer.observe(ref.current);
    turn.request();
    void loadPlot().then(() => turn.request());
    return () => {
      observer.disconnect();
      unsubscribe();
      turn.leave();
    };
  }, [ref, run, scheduler]);
  return view;
}
