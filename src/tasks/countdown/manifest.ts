import type { Manifest } from '../manifest.ts';

/** What a variant trains on, and how far beyond it goes. */
export interface CountdownShape {
  /** Numbers of a training instance, or the most of them where `fewest` says the fewest. */
  readonly numbers: number;
  /** Fewest numbers of a training instance; `numbers` where absent. */
  readonly fewest?: number;
  /** Most numbers of any instance; more than `numbers`, and at most `MOST_NUMBERS`. */
  readonly slots: number;
  /** Training numbers are 1 … `largest`; less than `LARGEST_NUMBER`. */
  readonly largest: number;
  /** Training targets are 1 … `largestTarget`; less than `MOST`. */
  readonly largestTarget: number;
}

function summaryFor(numbers: number | string): string {
  return `Make the target from ${numbers} numbers; no mark says what is wrong.`;
}

export const COUNTDOWN = {
  variants: [
    {
      id: 'countdown',
      label: 'Countdown (3 numbers up to 10)',
      summary: summaryFor(3),
      numbers: 3,
      slots: 4,
      largest: 10,
      largestTarget: 60,
    },
    {
      id: 'countdown-large',
      label: 'Countdown, large (4 numbers up to 20)',
      summary: summaryFor(4),
      numbers: 4,
      slots: 6,
      largest: 20,
      largestTarget: 99,
    },
    {
      id: 'countdown-family',
      label: 'Countdown, family (3 to 6 numbers up to 25)',
      summary: summaryFor('3 to 6'),
      fewest: 3,
      numbers: 4,
      slots: 6,
      largest: 20,
      largestTarget: 99,
    },
  ],
  mixture: {
    param: 'mixCountdown',
    of: 'Countdown',
    tasks: 'Countdown',
    checkpoints: ['nano', 'micro'],
  },
  scenario: {
    label: 'Countdown',
    watch: 'Arithmetic without feedback: watch whether revisions break answers that were right.',
  },
} as const satisfies Manifest<CountdownShape>;
