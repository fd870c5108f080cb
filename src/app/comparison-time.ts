/** How far the jobs of a comparison have come, and how long they will take. */

export type JobState =
  | { readonly kind: 'waiting' }
  /** `done`: share of its training, from 0 to 1; it is judged after that. */
  | { readonly kind: 'running'; readonly done: number }
  /** `quality`: mean over held-out tasks, of the last attempt. */
  | { readonly kind: 'finished'; readonly quality: number }
  | { readonly kind: 'failed'; readonly message: string };

/** About what training takes of a job; the rest is its judgement. */
const TRAINING_SHARE = 0.7;
/** Jobs of which so much is done say how fast they go. */
const LEAST_KNOWN = 0.2;

export interface Began {
  /** Milliseconds of the clock. */
  readonly at: number;
  /** Jobs that were finished by then. */
  readonly done: number;
}

/** Null while nothing is known of it: a judgement says nothing of its length before one has ended. */
export function secondsToGo(states: readonly JobState[], began: Began, now: number): number | null {
  const parts = states.map((state) =>
    state.kind === 'running' ? TRAINING_SHARE * state.done : Number(state.kind !== 'waiting'),
  );
  const ended = states.filter(({ kind }) => kind === 'finished' || kind === 'failed').length;
  const isJudging = states.some((state) => state.kind === 'running' && state.done >= 1);
  const total = parts.reduce((sum, part) => sum + part, 0);
  const here = total - began.done;
  if (ended === states.length || here < LEAST_KNOWN) return null;
  if (isJudging && ended === began.done) return null;
  return ((now - began.at) / 1000 / here) * (states.length - total);
}
