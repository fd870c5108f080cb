/**
 * Countdown with written steps: make the target from the numbers. An attempt is a derivation,
 * `7 - 3 = 4 ; 4 * 8 = 32`: each number, given or made by an earlier step, serves at most once, and the
 * last result is the target. Results are whole numbers from 0 to `MOST`; division leaves no remainder. As
 * in the paper the environment says nothing about an attempt: the policy finds its own mistakes by
 * reading it. A target that cannot be made is never reached, however near an attempt comes; one that is
 * among the numbers is made already, whatever an attempt does.
 *
 * The prompt has a constant layout, `[numbers][target][previous attempt][mode]`, so that a word of the
 * previous attempt always stands equally far before its place in the new one.
 */
import type { Grade, Task, TaskNames, Token } from '../task.ts';
import {
  DEMONSTRATION,
  demonstrateCountdown,
  FAMILY_DEMONSTRATION,
  type DemonstrationOptions,
} from './demonstrate.ts';
import {
  heldOutSplits,
  sampleCountdown,
  sampleMadeAlready,
  sampleUnreachable,
  targetLimit,
  type CountdownInstance,
  type CountdownSpace,
} from './instance.ts';
import { checkSteps, expressionOf, reached, readSteps, type Step } from './steps.ts';
import { BLANK, COUNTDOWN_VOCABULARY, longestAttempt, padOrCut } from './vocabulary.ts';
import { formatCountdown, parseCountdown } from './text.ts';
import { countdownWording, type CountdownFeedback } from './wording.ts';

export interface CountdownOptions extends CountdownSpace, TaskNames {
  /**
   * Most quality of an attempt whose steps are right and miss the target: this at a distance of 0,
   * falling to 0 at a distance of the target itself. 0 where absent: right or not.
   */
  readonly partialCredit?: number;
  /** `none` where absent. */
  readonly feedback?: CountdownFeedback;
  readonly demonstration?: DemonstrationOptions;
}

export function createCountdown(options: CountdownOptions): Task<CountdownInstance> {
  const { id, label, summary, slots, fewest, feedback = 'none' } = options;
  const usual = fewest === undefined ? DEMONSTRATION : FAMILY_DEMONSTRATION;
  const { demonstration = usual } = options;
  const isTold = feedback !== 'none';
  const words = longestAttempt(slots);
  const largestResult = targetLimit(options);
  return {
    id,
    label,
    summary,
    vocabulary: COUNTDOWN_VOCABULARY,
    maxPromptTokens: slots + 1 + words + (isTold ? 1 : 0) + 1,
    maxCompletionTokens: words + 1,
    feedback: isTold,
    heldOut: heldOutSplits(options),
    turns: () => 1,
    sample: (split, rng) => sampleCountdown(options, split, rng),
    unsolvable: (instance, rng) => sampleUnreachable(options, instance, rng),
    trivial: (instance, rng) => sampleMadeAlready(options, instance, rng),
    kindOf: ({ kind }) => kind ?? 'normal',
    prompt: (instance, { latest }, mode) => [
      ...padOrCut(instance.numbers.map(String), slots),
      `${instance.target}`,
      ...padOrCut(latest?.tokens ?? [], words),
      ...(isTold ? padOrCut(latest?.feedback ?? [], 1) : []),
      mode,
    ],
    grade: (instance, _history, completion) => gradeSteps(instance, completion, options),
    demonstrate: (instance, { latest }, mode, rng) =>
      demonstrateCountdown({ instance, options: demonstration, largestResult, latest, mode, rng }),
    // Of the family, one attempt is read: of several, each mended, too few would be wrong.
    ...(fewest !== undefined && { demonstratedDepth: 1 }),
    wording: countdownWording(feedback),
    solutionKey: solutionKeyOf,
    parse: (text) => parseCountdown(options, text),
    format: formatCountdown,
  };
}

function gradeSteps(
  { numbers, target, kind }: CountdownInstance,
  completion: readonly Token[],
  { partialCredit = 0, feedback = 'none' }: CountdownOptions,
): Grade {
  const steps = readSteps(completion);
  const value = steps && reached(numbers, steps);
  const solved = kind === 'trivial' ? steps !== undefined : value === target;
  // What is near an unreachable target is no nearer to a solution.
  const credit = kind === 'unsolvable' ? 0 : partialCredit * closeness(value, target);
  return {
    quality: solved ? 1 : credit,
    solved,
    valid: steps !== undefined,
    feedback: told(feedback, { numbers, steps, value, solved }),
  };
}

interface Judged {
  readonly numbers: readonly number[];
  /** Undefined where the attempt is malformed. */
  readonly steps: readonly Step[] | undefined;
  /** What it reached, if every step is right. */
  readonly value: number | undefined;
  readonly solved: boolean;
}

/** `BLANK` where there is no value, or no step to name. */
function told(feedback: CountdownFeedback, { numbers, steps, value, solved }: Judged): Token[] {
  switch (feedback) {
    case 'none':
      return [];
    case 'value':
      return [value === undefined ? BLANK : `${value}`];
    case 'step':
      return [steps ? `${solved ? 0 : firstWrong(numbers, steps)}` : BLANK];
    default:
      return feedback satisfies never;
  }
}

/** Counted from 1; where every step holds the last is wrong, since it misses the target. */
function firstWrong(numbers: readonly number[], steps: readonly Step[]): number {
  const at = checkSteps(numbers, steps).faults.findIndex((fault) => fault !== undefined);
  return at < 0 ? steps.length : at + 1;
}

/** 1 at the target, 0 at a distance of the target or more, and where nothing was reached. */
function closeness(value: number | undefined, target: number): number {
  return value === undefined ? 0 : Math.max(0, 1 - Math.abs(value - target) / target);
}

/** Right steps are known by their expression; what is not a derivation, by its words. */
function solutionKeyOf({ numbers }: CountdownInstance, completion: readonly Token[]): string {
  const steps = readSteps(completion);
  const derived = steps !== undefined && reached(numbers, steps) !== undefined;
  return derived ? expressionOf(numbers, steps) : completion.join(' ');
}
