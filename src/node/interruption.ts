/** Ctrl-C and its like as an AbortSignal, so that a command can end in order. */

/** What asks a program to end → the exit code by which shells know it. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type SignalName = keyof typeof EXIT_CODES;
const NAMES = Object.keys(EXIT_CODES) as SignalName[];

/**
 * A terminal sends Ctrl-C to everything that runs in it, and `npm run` and `npx` hand theirs on: one
 * press is two signals.
 */
const ONE_PRESS_MS = 400;

/** The reason of an interruption's signal. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly exitCode: number;

  constructor(signal: SignalName) {
    super(`stopped by ${signal}`);
    this.exitCode = EXIT_CODES[signal];
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
  const hear = (name: SignalName): void => {
    if (controller.signal.aborted) return;
    const reason = new Interrupted(name);
    process.exitCode = reason.exitCode;
    controller.abort(reason);
    setTimeout(stopListening, ONE_PRESS_MS).unref();
  };
  for (const name of NAMES) process.on(name, hear);
  return controller.signal;
}
