/** What a run has left behind so far. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { Packed } from '../base/packed.ts';
import type { DomainEvaluation, StepRecord, ParamChange } from '../schema/records.ts';
import type { Events } from '../worker/protocol.ts';
import type { SplitEvaluation } from '../training/session-info.ts';
import { appendRows, EMPTY_HISTORY } from './history.ts';
import type { MetricHistory } from './history.ts';
import { appendProfiles, NO_PROFILES } from './profiles.ts';
import type { ProfileHistory } from './profiles.ts';

export interface RunState {
  readonly history: MetricHistory;
  /** Where starts lay, step by step. */
  readonly profiles: ProfileHistory;
  /** By step. */
  readonly marks: readonly ParamChange[];
  /** Oldest first. */
  readonly evaluations: readonly ShownEvaluation[];
  /** The newest step in full. */
  readonly latest: StepRecord | null;
}

/** The held-out split that a run is evaluated on as it trains, and the only one that it records. */
export const TEST_SPLIT = 'test';

/** Curves that nothing draws. They stay with the worker, which exports them. */
type Unshown = 'bestQuality' | 'bestSolved';

export type ShownPart = Omit<DomainEvaluation, Unshown>;

/** What of an evaluation the page keeps. */
export interface ShownEvaluation extends Omit<SplitEvaluation, Unshown | 'parts' | 'examples'> {
  readonly parts?: readonly ShownPart[];
  /** Kept of every evaluation, and looked at of one. */
  readonly examples?: Packed<NonNullable<SplitEvaluation['examples']>>;
}

export type RunStore = StoreApi<RunState>;

export const EMPTY_RUN: RunState = {
  history: EMPTY_HISTORY,
  profiles: NO_PROFILES,
  marks: [],
  evaluations: [],
  latest: null,
};

export function createRunStore(): RunStore {
  return createStore<RunState>(() => EMPTY_RUN);
}

export function withProgress(
  run: RunState,
  { rows, profiles, latest }: Events['progress'],
): RunState {
  return {
    ...run,
    history: appendRows(run.history, rows),
    profiles: appendProfiles(run.profiles, profiles),
    latest,
  };
}

/** Later evaluations of the same step and split replace earlier ones. */
export function withEvaluation(run: RunState, evaluation: SplitEvaluation): RunState {
  const kept = run.evaluations.filter(
    ({ step, split }) => step !== evaluation.step || split !== evaluation.split,
  );
  return { ...run, evaluations: [...kept, shownOf(evaluation)] };
}

export function shownOf(evaluation: SplitEvaluation): ShownEvaluation {
  const { parts, examples, ...mean } = evaluation;
  return {
    ...withoutUnshown(mean),
    ...(parts && { parts: parts.map(withoutUnshown) }),
    ...(examples && { examples: new Packed(examples) }),
  };
}

function withoutUnshown<T extends Readonly<Record<Unshown, unknown>>>(evaluation: T) {
  const { bestQuality: _1, bestSolved: _2, ...shown } = evaluation;
  return shown;
}

/** Merges by step and parameter, so that it does not matter whether a message repeats earlier marks. */
export function withMarks(run: RunState, marks: readonly ParamChange[]): RunState {
  const merged = new Map<string, ParamChange>();
  for (const mark of [...run.marks, ...marks]) merged.set(`${mark.step} ${mark.param}`, mark);
  return { ...run, marks: [...merged.values()].sort((a, b) => a.step - b.step) };
}
