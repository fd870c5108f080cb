/** When a trainer lets messages in: between two steps, and now and then within one. */

export interface TurnOptions {
  /** Milliseconds. */
  readonly clock: () => number;
  /** Lets waiting messages in. */
  readonly nextTask: () => Promise<void>;
  /** The same within a step, which a timer's least delay would slow. */
  readonly nextMessage?: () => Promise<void>;
}

/** How long a person's doing keeps the next step back: what it sets off has mostly been drawn by then. */
const YIELD_TO_INPUT_MS = 150;
/** Messages are let in within a step so often, where a piece of it is not longer. */
const TURN_EVERY_MS = 50;
/** A hand that never rests delays each step by no more than this. */
const MOST_DELAY_MS = 300;

export class Turns {
  /** Until when the page has asked for the processor. */
  private yieldUntil = -Infinity;
  private lastTurn = -Infinity;

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
  }

  /** Within a step: now and then, since it costs time. */
  async turn(): Promise<void> {
    const { clock, nextTask, nextMessage = nextTask } = this.options;
    if (clock() - this.lastTurn < TURN_EVERY_MS) return;
    await nextMessage();
    this.lastTurn = clock();
  }
}
