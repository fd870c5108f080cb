import { createContext, use, useEffect, useEffectEvent, useState } from 'react';
import type { RefObject } from 'react';
import { flushSync } from 'react-dom';
import { useLab } from '../../app/hooks.ts';
import type { RunState } from '../../app/run.ts';
import { observeVisible } from '../useVisible.ts';
import { loadPlot } from './plotLoader.ts';
import { browserEnvironment, createScheduler } from './schedule.ts';

/** One scheduler for all charts of the page. */
export const SchedulerContext = createContext(createScheduler(browserEnvironment()));

/** A store that changes when a person asks for something. */
export interface Trigger {
  readonly subscribe: (listener: () => void) => () => void;
}

/** Just outside of the window is in view too, so that nothing appears late. */
const MARGIN = '80px';

const NO_TRIGGERS: readonly Trigger[] = [];

/**
 * What a chart shows of the run, renewed when its turn comes: when it is in view, and not more often than
 * the scheduler allows; at the next free frame once a store of `asked`, which must stay the same array,
 * has changed. `compute` must be pure, but may read those stores.
 */
export function useScheduledDraw<T>(
  ref: RefObject<Element | null>,
  compute: (run: RunState) => T,
  triggers: readonly Trigger[] = NO_TRIGGERS,
): T {
  const { run } = useLab();
  const scheduler = use(SchedulerContext);
  const [view, setView] = useState(() => compute(run.getState()));
  const draw = useEffectEvent(() => setView(compute(run.getState())));
  useEffect(() => {
    // At once and alone: left to React's own queue, charts that wait are drawn together in one long task.
    const turn = scheduler.register(() => flushSync(() => draw()));
    const stops = [
      run.subscribe(() => turn.request()),
      ...triggers.map((store) => store.subscribe(() => turn.request('soon'))),
      observeVisible(ref.current, MARGIN, (visible) => turn.setVisible(visible)),
    ];
    turn.request();
    void loadPlot().then(() => turn.request());
    return () => {
      stops.forEach((stop) => stop());
      turn.unregister();
    };
  }, [ref, run, scheduler, triggers]);
  return view;
}

/** The run itself, renewed in the same way. */
export function useScheduledRun(ref: RefObject<Element | null>): RunState {
  return useScheduledDraw(ref, itself);
}

function itself(run: RunState): RunState {
  return run;
}

/** Whether the element is in view and its turn to be built has come: many do not come at once. */
export function useScheduledMount(ref: RefObject<Element | null>): boolean {
  const scheduler = use(SchedulerContext);
  const [built, setBuilt] = useState(false);
  useEffect(() => {
    const turn = scheduler.register(() => flushSync(() => setBuilt(true)));
    const element = ref.current;
    const stop = observeVisible(element, MARGIN, (visible) => {
      turn.setVisible(visible);
      if (visible) turn.request('soon');
      // Where the keyboard is stays, in view or not.
      else if (element?.contains(document.activeElement) !== true) setBuilt(false);
    });
    return () => {
      stop();
      turn.unregister();
    };
  }, [ref, scheduler]);
  return built;
}
