/**
 * Demonstrations for the warm start: they teach the format, right arithmetic, and to read in an attempt
 * whether it is right; hitting the target is left to reinforcement as far as that goes.
 */
import type { Rng } from '../../base/rng.ts';
import type { Attempt, Mode, Token } from '../task.ts';
import { alterStep, miscalculateStep, repairStep } from './alter.ts';
import type { CountdownInstance } from './instance.ts';
import { solutionsOf } from './solutions.ts';
import {
  calculate,
  checkSteps,
  expressionOf,
  reached,
  readSteps,
  writeSteps,
  type Step,
} from './steps.ts';
import { OPERATORS } from './vocabulary.ts';

export interface DemonstrationOptions {
  /** Chance that a first attempt is right; otherwise it calculates right and misses the target. */
  readonly solveShare: number;
  /** Chance that a right attempt is kept word for word; otherwise it is replaced by a miss. */
  readonly keepShare: number;
  /** Chance that a wrong attempt is mended; otherwise it is replaced by another miss. */
  readonly mendShare: number;
  /** Chance that a different attempt is right too, where there is another solution. */
  readonly divergeShare: number;
  /** Chance that a miss writes the target as its last result although that is wrong. */
  readonly slipShare: number;
  /**
   * Chance that a miss is a solution with one step of it wrong; it is mended by that step alone. Where
   * absent misses are drawn at random.
   */
  readonly oneStepShare?: number;
  /** Whether solutions use as many numbers as they can, or as few; the most where absent. */
  readonly numbers?: 'most' | 'fewest';
}

/**
 * Misses make up enough of what is read that "copy" is not the answer to everything; more of them cost
 * a first attempt its accuracy. Slips are what a policy that wants to hit the target falls into: it has
 * to have read some. After 2,000 steps of 128 a policy of 114,000 parameters solves a fifth of the
 * unseen instances at the first attempt (temperature 1), and keeps 73% of its right and changes 76% of
 * its wrong attempts; greedily it solves half.
 */
export const DEMONSTRATION: DemonstrationOptions = {
  solveShare: 0.45,
  keepShare: 0.97,
  mendShare: 0.4,
  divergeShare: 0.7,
  slipShare: 0.05,
};

/**
 * Of the family: short solutions, so that there is less to search; every attempt that is right is kept, and
 * most mistakes are in one step, which is what is shown mended.
 */
export const FAMILY_DEMONSTRATION: DemonstrationOptions = {
  solveShare: 0.6,
  keepShare: 1,
  mendShare: 0.85,
  divergeShare: 0.7,
  slipShare: 0.05,
  oneStepShare: 0.8,
  numbers: 'fewest',
};

export interface DemonstrationRequest {
  readonly instance: CountdownInstance;
  readonly options: DemonstrationOptions;
  /** Misses stay within this result: what is far from any target is not worth learning to calculate. */
  readonly largestResult: number;
  readonly latest: Attempt | undefined;
  readonly mode: Mode;
  readonly rng: Rng;
}

/** Attempts at something else, before chance is allowed to repeat what was there. */
const TRIES = 8;

export function demonstrateCountdown(request: DemonstrationRequest): Token[] {
  const { instance, latest, mode, rng } = request;
  const options = possible(instance, request.options);
  if (latest === undefined || mode === 'solve') {
    return writeSteps(
      rng.chance(options.solveShare) ? solve(request) : miss({ ...request, options }),
    );
  }
  const before = readSteps(latest.tokens) ?? [];
  if (mode === 'diverge') return writeSteps(diverge({ ...request, options }, before));
  if (reached(instance.numbers, before) === instance.target) {
    return rng.chance(options.keepShare) ? [...latest.tokens] : writeSteps(miss(request));
  }
  return writeSteps(
    rng.chance(options.mendShare) ? mend(request, before) : other({ ...request, options }, before),
  );
}

function solve({ instance, options, rng }: DemonstrationRequest): Step[] {
  return solutionsOf(instance.numbers).draw(instance.target, rng, options.numbers);
}

/** Where there is no solution all that can be shown is how it is missed. */
function possible(
  { numbers, target }: CountdownInstance,
  options: DemonstrationOptions,
): DemonstrationOptions {
  if (solutionsOf(numbers).count(target) > 0) return options;
  return { ...options, solveShare: 0, mendShare: 0, divergeShare: 0, oneStepShare: 0 };
}

/** One step alone, where that is shown; else keeps as many from the start as are right and still lead to the target. */
function mend(request: DemonstrationRequest, before: readonly Step[]): Step[] {
  const { options, largestResult, rng } = request;
  const { numbers, target } = request.instance;
  if (options.oneStepShare !== undefined) {
    const mended = repairStep({ numbers, steps: before, largestResult }, target, rng);
    if (mended) return mended;
  }
  for (let kept = before.length - 1; kept > 0; kept--) {
    const start = before.slice(0, kept);
    const { faults, unused } = checkSteps(numbers, start);
    if (faults.some((fault) => fault !== undefined)) continue;
    const rest = solutionsOf(unused);
    if (rest.count(target) > 0) return [...start, ...rest.draw(target, rng, options.numbers)];
  }
  return solve(request);
}

/** A solution that is not the one before, or else a miss that is not. */
function diverge(request: DemonstrationRequest, before: readonly Step[]): Step[] {
  const { instance, options, rng } = request;
  if (rng.chance(options.divergeShare)) {
    const key = expressionOf(instance.numbers, before);
    for (let tries = 0; tries < TRIES; tries++) {
      const steps = solve(request);
      if (expressionOf(instance.numbers, steps) !== key) return steps;
    }
  }
  return other(request, before);
}

function other(request: DemonstrationRequest, before: readonly Step[]): Step[] {
  const key = expressionOf(request.instance.numbers, before);
  let steps = miss(request);
  for (let tries = 1; tries < TRIES; tries++) {
    if (expressionOf(request.instance.numbers, steps) !== key) break;
    steps = miss(request);
  }
  return steps;
}

function miss(request: DemonstrationRequest): Step[] {
  const { instance, options, rng } = request;
  const { oneStepShare, slipShare } = options;
  const nearly =
    oneStepShare !== undefined && rng.chance(oneStepShare) ? oneStepWrong(request) : undefined;
  const steps = nearly ?? anyMiss(request);
  if (!rng.chance(slipShare)) return steps;
  return steps.with(-1, { ...steps.at(-1)!, result: instance.target });
}

/** Of the mistakes in one step, those in calculating; the others calculate right and miss the target. */
const MISCALCULATED = 0.25;

/** A solution with one step wrong, if a few tries come to one. */
function oneStepWrong(request: DemonstrationRequest): Step[] | undefined {
  const { instance, largestResult, rng } = request;
  const { numbers, target } = instance;
  for (let tries = 0; tries < TRIES; tries++) {
    const derivation = { numbers, steps: solve(request), largestResult };
    const change = rng.chance(MISCALCULATED) ? miscalculateStep : alterStep;
    const steps = change(derivation, rng);
    if (steps && reached(numbers, steps) !== target) return steps;
  }
  return undefined;
}

/** Legal steps drawn at random until one number is left; now and then they are lucky. */
function anyMiss({ instance, largestResult, rng }: DemonstrationRequest): Step[] {
  const steps: Step[] = [];
  let unused: readonly number[] = instance.numbers;
  while (unused.length > 1) {
    const step = anyStep(unused, largestResult, rng);
    steps.push(step);
    ({ unused } = checkSteps(unused, [step]));
  }
  return steps;
}

/** Larger operand first, as in solutions. There is always one: a difference. */
function anyStep(unused: readonly number[], largestResult: number, rng: Rng): Step {
  for (;;) {
    const [i, j] = rng.permutation(unused.length);
    const left = Math.max(unused[i!]!, unused[j!]!);
    const right = Math.min(unused[i!]!, unused[j!]!);
    const operator = rng.pick(OPERATORS);
    const result = calculate(left, operator, right);
    if (result !== undefined && result <= largestResult) return { left, operator, right, result };
  }
}
