/** What a run is beside its policy, and what the parts of one step share. */
import { createRng, restoreRng } from '../base/rng.ts';
import type { Rng, RngState } from '../base/rng.ts';
import type { Config } from '../schema/params.ts';
import type { Attempt, Json } from '../tasks/task.ts';
import { createBufferState } from './buffer.ts';
import type { BufferState, HistoryBuffer } from './buffer.ts';
import type { RolloutContext } from './rollout.ts';
import { createStopwatch } from './stopwatch.ts';
import type { Stopwatch } from './stopwatch.ts';

export interface ExitContext extends RolloutContext {
  /** Read once at the beginning of each step. */
  readonly config: () => Config;
  /** Milliseconds; enters nothing but the metrics of time. */
  readonly clock: () => number;
}

/** One stream per purpose, so that a change in one never shifts the draws of another. */
const STREAMS = [
  'tasks',
  'select',
  'mode',
  'sample',
  'episodes',
  'children',
  'evict',
  'shuffle',
] as const;
type Streams<T> = Record<(typeof STREAMS)[number], T>;

/** A fresh task on its way through its turns. */
export interface Episode {
  readonly instance: Json;
  /** The final attempts of the turns behind it. */
  readonly earlier: readonly Attempt[];
}

/**
 * Plain JSON: a copy of it and of the policy, taken between two steps, continues as the run itself
 * does. A step that throws leaves it half way.
 */
export interface ExitState {
  /** Steps done. */
  step: number;
  /** Completion tokens sampled in training; those of held-out evaluations do not count. */
  tokensSampled: number;
  /** Completion tokens that updates were computed on. */
  tokensTrained: number;
  streams: Streams<RngState>;
  buffer: BufferState;
  /** Waiting for their next turn, longest first. */
  episodes: Episode[];
}

export function createExitState(seed: number): ExitState {
  const root = createRng(seed);
  return {
    step: 0,
    tokensSampled: 0,
    tokensTrained: 0,
    streams: forEachStream((name) => root.fork(name).state()),
    buffer: createBufferState(),
    episodes: [],
  };
}

/** What the parts of one step share. */
export interface Step {
  readonly context: ExitContext;
  readonly state: ExitState;
  readonly config: Config;
  /** The first step is 1. */
  readonly number: number;
  readonly buffer: HistoryBuffer;
  readonly rng: Streams<Rng>;
  readonly watch: Stopwatch;
}

export function openStep(context: ExitContext, state: ExitState, buffer: HistoryBuffer): Step {
  return {
    context,
    state,
    config: context.config(),
    number: state.step + 1,
    buffer,
    rng: forEachStream((name) => restoreRng(state.streams[name])),
    watch: createStopwatch(context.clock),
  };
}

/** @param tokens completion tokens of the step. */
export function closeStep(
  { state, number, rng }: Step,
  tokens: { readonly sampled: number; readonly trained: number },
): void {
  state.step = number;
  state.tokensSampled += tokens.sampled;
  state.tokensTrained += tokens.trained;
  state.streams = forEachStream((name) => rng[name].state());
}

function forEachStream<T>(value: (name: keyof Streams<T>) => T): Streams<T> {
  return Object.fromEntries(STREAMS.map((name) => [name, value(name)])) as Streams<T>;
}
