/** Milliseconds per phase of a step, by an injected clock. */

/** `curriculum`: choosing starts, and keeping what comes of them. */
export type Phase = 'curriculum' | 'sample' | 'grade' | 'update';

export interface Stopwatch {
  /** Adds the time that `work` takes to the phase's total. */
  time<T>(phase: Phase, work: () => Promise<T>): Promise<T>;
  /** The same for work that is done when it returns. */
  timeNow<T>(phase: Phase, work: () => T): T;
  /** `step` is the time since the stopwatch was made. */
  read(): { readonly [K in Phase | 'step']: number };
}

/** @param clock returns milliseconds from any origin. */
export function createStopwatch(clock: () => number): Stopwatch {
  const started = clock();
  const totals = { curriculum: 0, sample: 0, grade: 0, update: 0 };
  return {
    async time(phase, work) {
      const from = clock();
      const result = await work();
      totals[phase] += clock() - from;
      return result;
    },
    timeNow(phase, work) {
      const from = clock();
      const result = work();
      totals[phase] += clock() - from;
      return result;
    },
    read: () => ({ ...totals, step: clock() - started }),
  };
}
