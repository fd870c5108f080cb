/**
 * The loop of every run: pull a step, which evaluates where that is due, hand on what happened, save
 * where that is due, stop when told. The page's worker and the commands drive their sessions through it.
 */
import type { Session, SessionStep } from './session.ts';

/** When a run has trained enough: as soon as one of these is reached; never where there is none. */
export interface Budget {
  /** Training steps done, those of a resumed run counted in. */
  readonly steps?: number;
  /** Completion tokens sampled in training, those of a resumed run counted in. */
  readonly tokens?: number;
  /** Whatever else uses it up; asked before each step. */
  readonly spent?: () => boolean;
}

/** What saves a run now and then, so that a crash costs little of it. The end of a run is the caller's. */
export interface Saving {
  /** Saves when so many steps were done since the last time. */
  readonly everySteps?: number;
  /** Saves after the first step that ends so many milliseconds or more after the last time. */
  readonly everyMs?: number;
  /** Milliseconds. */
  readonly clock: () => number;
  readonly save: () => Promise<void>;
}

export interface LoopOptions {
  readonly budget?: Budget;
  /** Stops the loop after the step in flight. */
  readonly signal?: AbortSignal;
  /**
   * Gives the event loop a turn between two steps: a step may settle without leaving its own, and what
   * could stop the loop waits there.
   */
  readonly pause: () => Promise<void>;
  /** Told of each step; the next one waits for what it returns. */
  readonly onStep?: (step: SessionStep) => void | Promise<void>;
  /** Keeps a step and `onStep` apart from whatever else asks the session; nothing else does where absent. */
  readonly exclusive?: (body: () => Promise<void>) => Promise<void>;
  readonly saving?: Saving;
}

/** Updates undone one after the other before the run is given up where it stands. */
const MOST_UNDONE = 3;

/**
 * Rejects with what a step or a handler threw.
 * @returns what ended it: the budget, the signal, or updates that were undone three times in a row. The
 * policy is then as it was before the first of them; whoever called goes back to a checkpoint.
 */
export async function trainingLoop(
  session: Session,
  options: LoopOptions,
): Promise<'budget' | 'signal' | 'diverged'> {
  const { budget = {}, signal, pause, onStep, exclusive = alone } = options;
  const saveIfDue = savingOf(session, options.saving);
  let undone = 0;
  while (!reached(session, budget)) {
    if (signal?.aborted) return 'signal';
    await exclusive(async () => {
      const step = await session.step();
      undone = step.row.skipped_updates === undefined ? 0 : undone + 1;
      await onStep?.(step);
      await saveIfDue();
    });
    if (undone === MOST_UNDONE) return 'diverged';
    await pause();
  }
  return 'budget';
}

/** Where nothing else asks the session. */
function alone(body: () => Promise<void>): Promise<void> {
  return body();
}

function reached({ history: { state } }: Session, { steps, tokens, spent }: Budget): boolean {
  if (state.step >= (steps ?? Infinity) || state.tokensSampled >= (tokens ?? Infinity)) return true;
  return spent?.() ?? false;
}

function savingOf({ history }: Session, saving: Saving | undefined): () => Promise<void> {
  if (saving === undefined) return () => Promise.resolve();
  const { everySteps = Infinity, everyMs = Infinity, clock, save } = saving;
  const now = (): { step: number; ms: number } => ({ step: history.state.step, ms: clock() });
  let last = now();
  return async () => {
    const { step, ms } = now();
    if (step - last.step < everySteps && ms - last.ms < everyMs) return;
    await save();
    last = now();
  };
}
