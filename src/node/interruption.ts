/** Ctrl-C and its like as an AbortSignal, so that a command can end in order. */
import { CLOSED_PIPE_CODE, onClosedPipe } from './pipes.ts';

/** What asks a program to end → the exit code by which shells know it. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type SignalName = keyof typeof EXIT_CODES;
const NAMES = Object.keys(EXIT_CODES) as SignalName[];

/**
 * A terminal sends Ctrl-C to everything that runs in it, and `npm run` and `npx` hand theirs on: one
 * press is two signals.
 */
const ONE_PRESS_MS = 400;

const CLOSED_PIPE = 'a closed pipe';

/** The reason of an interruption's signal. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly exitCode: number;

  constructor(by: SignalName | typeof CLOSED_PIPE) {
    super(`stopped by ${by}`);
    this.exitCode = by === CLOSED_PIPE ? CLOSED_PIPE_CODE : EXIT_CODES[by];
  }
}

/**
 * Aborts at the first request to end, with `Interrupted` as the reason and its exit code set; a moment
 * later the system deals with signals again, so that the second request ends the process at once.
 * Requests are heard when the event loop turns.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  const stopListening = (): void => NAMES.forEach((name) => void process.off(name, hear));
  const abort = (reason: Interrupted): void => {
    process.exitCode = reason.exitCode;
    controller.abort(reason);
  };
  const hear = (name: SignalName): void => {
    if (controller.signal.aborted) return;
    abort(new Interrupted(name));
    setTimeout(stopListening, ONE_PRESS_MS).unref();
  };
  onClosedPipe(() => {
    if (!controller.signal.aborted) abort(new Interrupted(CLOSED_PIPE));
  });
  for (const name of NAMES) process.on(name, hear);
  return controller.signal;
}
