import { useEffect, useState } from 'react';
import { useLab } from '../../../app/hooks.ts';
import type { StepRecord } from '../../../schema/records.ts';
import { useMediaQuery } from '../../useMediaQuery.ts';
import { STATES, stepOn } from './telling.ts';

/** Six states in six seconds. */
const STATE_MS = 1000;
const LAST = STATES.length - 1;

export interface SlowMotion {
  /** Whether it lies open. */
  readonly isOpen: boolean;
  /** What is told; null while the step is trained, and where there is none. */
  readonly record: StepRecord | null;
  readonly isComing: boolean;
  /** Index into the states. */
  readonly at: number;
  /** Whether it goes on by itself. */
  readonly moves: boolean;
  /** Whether it may: not for a person who asked for less motion. */
  readonly canMove: boolean;
  /** The next step from its first state. */
  readonly tellNext: () => Promise<void>;
  readonly turnTo: (at: number) => void;
  /** Goes on, from the first state where it stands at the last. */
  readonly toggle: () => void;
  readonly close: () => void;
}

interface Telling {
  readonly isOpen: boolean;
  readonly record: StepRecord | null;
  readonly isComing: boolean;
  readonly at: number;
  readonly moves: boolean;
}

const CLOSED: Telling = { isOpen: false, record: null, isComing: false, at: 0, moves: false };

export function useSlowMotion(): SlowMotion {
  const lab = useLab();
  const canMove = !useMediaQuery('(prefers-reduced-motion: reduce)');
  const [telling, setTelling] = useState(CLOSED);
  const change = (by: Partial<Telling>): void => setTelling((now) => ({ ...now, ...by }));
  const { at, record } = telling;
  const moves = telling.moves && canMove;
  useEffect(() => {
    if (!moves || record === null) return undefined;
    const timer = setTimeout(
      () => setTelling((now) => ({ ...now, at: Math.min(LAST, now.at + 1), moves: now.at < LAST })),
      STATE_MS,
    );
    return () => clearTimeout(timer);
  }, [moves, record, at]);
  return {
    ...telling,
    ...{ moves, canMove },
    tellNext: async () => {
      if (telling.isComing) return;
      change({ isOpen: true, isComing: true, moves: false });
      const next = await stepOn(lab);
      change({ record: next, isComing: false, at: 0, moves: true });
    },
    turnTo: (to) => change({ at: Math.min(LAST, Math.max(0, to)), moves: false }),
    toggle: () => {
      if (canMove) change(at === LAST ? { at: 0, moves: true } : { moves: !moves });
    },
    close: () => setTelling(CLOSED),
  };
}
