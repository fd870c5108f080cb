/** The cursor of a chart: over training it is the step that all panels look at, elsewhere the chart's own. */
import { useEffect, useRef, useState } from 'react';
import { useFocus, useLab } from '../../app/hooks.ts';
import { indexOfStep } from './bucket.ts';

export interface ChartCursor {
  /** The bucket under the cursor. */
  readonly at: number | null;
  /** The bucket of the pinned step. */
  readonly pinned: number | null;
  readonly move: (at: number | null) => void;
  /** Keeps a bucket's step in view, or lets go of it; absent where there are no steps. */
  readonly pin?: (at: number) => void;
  /** Looks at the newest again. */
  readonly release: () => void;
}

/** `steps` are the last steps of the chart's buckets. */
export function useStepCursor(steps: readonly number[]): ChartCursor {
  const { focus } = useLab();
  const { actions, store } = focus;
  const placeOf = (step: number | null): number | null =>
    step === null ? null : indexOfStep(steps, step);
  const at = useFocus(({ hovered }) => placeOf(hovered));
  const pinned = useFocus((state) => placeOf(state.pinned));
  // A chart that goes away under the pointer hears of no leaving.
  const own = useRef<number | null>(null);
  useEffect(
    () => () => {
      if (own.current !== null && own.current === store.getState().hovered) actions.hover(null);
    },
    [store, actions],
  );
  return {
    at,
    pinned,
    move: (index) => {
      const step = index === null ? null : (steps[index] ?? null);
      own.current = step;
      if (store.getState().hovered !== step) actions.hover(step);
    },
    pin: (index) => {
      const step = steps[index];
      if (step === undefined || step === store.getState().pinned) actions.follow();
      else actions.pin(step);
    },
    release: () => {
      actions.hover(null);
      actions.follow();
    },
  };
}

export function useOwnCursor(length: number): ChartCursor {
  const [at, setAt] = useState<number | null>(null);
  return {
    at: at !== null && at < length ? at : null,
    pinned: null,
    move: setAt,
    release: () => setAt(null),
  };
}

/** Where a key moves the cursor of a chart with `length` buckets; null if the key is no such key. */
export function movedBy(key: string, from: number, length: number): number | null {
  const moves: Readonly<Record<string, number>> = {
    ArrowLeft: from - 1,
    ArrowDown: from - 1,
    ArrowRight: from + 1,
    ArrowUp: from + 1,
    PageDown: from - 10,
    PageUp: from + 10,
    Home: 0,
    End: length - 1,
  };
  const to = moves[key];
  return to === undefined || length === 0 ? null : Math.min(length - 1, Math.max(0, to));
}
