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
import { DEMONSTRATION, demonstrateCountdown, type DemonstrationOptions } from './demonstrate.ts';
import {
  heldOutSplits,
  sampleCountdown,
  sampleMadeAlready,
  sampleUnreachable,
  targetLimit,
  type CountdownInstance,
} from './instance.ts';
import type { CountdownShape } from './manifest.ts';
import { expressionOf, reached, readSteps } from './steps.ts';
import { BLANK, COUNTDOWN_VOCABULARY, longestAttempt, padOrCut } from './vocabulary.ts';
import { formatCountdown, parseCountdown } from './text.ts';
import { COUNTDOWN_WORDING } from './wording.ts';

export interface CountdownOptions extends CountdownShape, TaskNames {
  /**
   * Most quality of an attempt whose steps are right and miss the target: this at a distance of 0,
   * falling to 0 at a distance of the target itself. 0 where absent: right or not.
   */
  readonly partialCredit?: number;
  /** Whether the prompt says what the previous attempt reached; it does not where absent. */
  readonly feedback?: boolean;
  readonly demonstration?: DemonstrationOptions;
}

export function createCountdown(options: CountdownOptions): Task<CountdownInstance> {
  const { id, label, summary, slots, feedback = false, demonstration = DEMONSTRATION } = options;
  const words = longestAttempt(slots);
  const largestResult = targetLimit(options);
  return {
    id,
    label,
    summary,
    vocabulary: COUNTDOWN_VOCABULARY,
    maxPromptTokens: slots + 1 + words + (feedback ? 1 : 0) + 1,
    maxCompletionTokens: words + 1,
    feedback,
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
      ...(feedback ? padOrCut(latest?.feedback ?? [], 1) : []),
      mode,
    ],
    grade: (instance, _history, completion) => gradeSteps(instance, completion, options),
    demonstrate: (instance, { latest }, mode, rng) =>
      demonstrateCountdown({ instance, options: demonstration, largestResult, latest, mode, rng }),
    wording: COUNTDOWN_WORDING,
    solutionKey: solutionKeyOf,
    parse: (text) => parseCountdown(options, text),
    format: formatCountdown,
  };
}

function gradeSteps(
  { numbers, target, kind }: CountdownInstance,
  completion: readonly Token[],
  { partialCredit = 0, feedback = false }: CountdownOptions,
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
    feedback: feedback ? [value === undefined ? BLANK : `${value}`] : [],
  };
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
