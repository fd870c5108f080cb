/** When a trainer lets messages in: between two steps, and now and then within one. */
import type { Platform } from '../training/create-session.ts';

/** How far a call of a step has come. */
export type CallProgress = NonNullable<Parameters<NonNullable<Platform['pause']>>[0]>;

export interface TurnOptions {
  /** Milliseconds. */
  readonly clock: () => number;
  /** Lets waiting messages in. */
  readonly nextTask: () => Promise<void>;
  /** The same within a step, which a timer's least delay would slow. */
  readonly nextMessage?: () => Promise<void>;
  /** Told how far a step is that lasts. */
  readonly onProgress?: (progress: CallProgress) => void;
}

/** How long a person's doing keeps the next step back: what it sets off has mostly been drawn by then. */
const YIELD_TO_INPUT_MS = 150;
/** Messages are let in within a step so often, where a piece of it is not longer. */
const TURN_EVERY_MS = 50;
/** Steps that are quicker say nothing. */
const LONG_STEP_MS = 1_000;
const TOLD_EVERY_MS = 500;
/** A hand that never rests delays each step by no more than this. */
const MOST_DELAY_MS = 300;

export class Turns {
  /** Until when the page has asked for the processor. */
  private yieldUntil = -Infinity;
  private lastTurn = -Infinity;
  private stepBegan = Infinity;
  private lastTold = -Infinity;

  constructor(private readonly options: TurnOptions) {}

  yieldToInput(): null {
    this.yieldUntil = this.options.clock() + YIELD_TO_INPUT_MS;
    return null;
  }

  /** Between two steps: messages are let in, and a person's doing goes before the next step. */
  async rest(signal: AbortSignal): Promise<void> {
    const { clock, nextTask } = this.options;
    const latest = clock() + MOST_DELAY_MS;
    do await nextTask();
    while (!signal.aborted && clock() < Math.min(this.yieldUntil, latest));
    this.stepBegan = clock();
  }

  /** Within a step: now and then, since it costs time. */
  async turn(progress?: CallProgress): Promise<void> {
    const { clock, nextTask, nextMessage = nextTask } = this.options;
    if (progress) this.tell(progress);
    if (clock() - this.lastTurn < TURN_EVERY_MS) return;
    await nextMessage();
    this.lastTurn = clock();
  }

  private tell(progress: CallProgress): void {
    const { clock, onProgress } = this.options;
    const now = clock();
    if (now - this.stepBegan < LONG_STEP_MS || now - this.lastTold < TOLD_EVERY_MS) return;
    this.lastTold = now;
    onProgress?.(progress);
  }
}
