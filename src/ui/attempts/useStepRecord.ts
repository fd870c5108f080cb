import { useState } from 'react';
import type { StepRecord } from '../../schema/records.ts';
import { useAnswer } from '../../app/answers.ts';
import { stepInView } from '../../app/focus.ts';
import { useFocus, useIsMoving, useRun } from '../../app/hooks.ts';
import { useThrottled } from '../useThrottled.ts';
import { useDebounced } from '../useDebounced.ts';

/** Long enough to read a row of numbers. */
const READABLE_MS = 3000;
/** A pointer that sweeps over steps asks for the one that it rests on. */
const DEBOUNCE_MS = 80;

export interface StepInView {
  /** What is shown: while another step is on its way, the one before. */
  readonly record: StepRecord | null;
  /** Null follows the run. */
  readonly wanted: number | null;
  /** Why the wanted step is not there. */
  readonly problem: string | null;
}

/** The record of the step that a person looks at; the newest one at a readable pace. */
export function useStepRecord(onScreen: boolean): StepInView {
  const wanted = useDebounced(useFocus(stepInView), DEBOUNCE_MS);
  const moving = useIsMoving();
  const latest = useRun((run) => run.latest);
  const throttled = useThrottled(latest, moving ? READABLE_MS : 0);
  const known = wanted === null ? throttled : latest?.step === wanted ? latest : null;
  const asks = wanted !== null && known === null && onScreen;
  const answer = useAnswer('stepRecord', asks ? { step: wanted } : null);
  const found = known ?? (answer.value?.step === wanted ? answer.value : null);

  const [kept, setKept] = useState<StepRecord | null>(null);
  const isFresh = latest === null;
  const next = isFresh ? null : onScreen || kept === null ? (found ?? kept) : kept;
  if (next !== kept) setKept(next);
  const missing = asks && !answer.pending && found === null;
  return {
    record: next,
    wanted,
    problem: missing ? (answer.problem ?? `step ${wanted} is not kept any more`) : null,
  };
}
