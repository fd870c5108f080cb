/** What a Countdown instance is, and which split it belongs to. */
import { createRng, hashString, type Rng } from '../../base/rng.ts';
import type { KindNames } from '../kind-text.ts';
import type { HeldOutSplit, Split, UnevenKind } from '../task.ts';
import type { CountdownShape } from './manifest.ts';
import { solutionsOf, type Solutions } from './solutions.ts';
import { MOST } from './vocabulary.ts';

/** Plain JSON. */
export type CountdownInstance = {
  /** In the order in which the policy reads them; repeats allowed. */
  readonly numbers: readonly number[];
  readonly target: number;
  /** The numbers cannot make an unsolvable target; a trivial one is among them, so it is made already. */
  readonly kind?: UnevenKind;
};

/** What a variant trains on, and how hard a run wants it. */
export interface CountdownSpace extends CountdownShape {
  /** Most solutions of an instance, held-out ones too; any number where absent or 0. */
  readonly mostSolutions?: number;
}

export const COUNTDOWN_KINDS = {
  unsolvable: 'unreachable target',
  trivial: 'target among the numbers',
} as const satisfies KindNames;

export const FEWEST_NUMBERS = 3;
export const MOST_NUMBERS = 6;
export const LARGEST_NUMBER = 25;

const SPLIT_SEED = 43;
/** One instance in this many, of those that are like the training instances, is held out. */
const TEST_EVERY = 8;

/** The splits that are not like the training instances; each differs from them in one respect. */
export function heldOutSplits(shape: CountdownShape): readonly HeldOutSplit[] {
  const { numbers, fewest = numbers, slots, largest, largestTarget } = shape;
  const trained = fewest < numbers ? `${fewest} to ${numbers}` : `${numbers}`;
  const more = slots > numbers + 1 ? `${numbers + 1} to ${slots}` : `${slots}`;
  return [
    { id: 'test', label: 'Unseen', summary: 'Like the training instances, none of them seen.' },
    {
      id: 'larger-targets',
      label: 'Larger targets',
      summary: `Targets of ${largestTarget + 1} to ${targetLimit(shape)} instead of up to ${largestTarget}.`,
    },
    {
      id: 'unsolved',
      label: 'Unsolved by base',
      summary:
        'A proxy for what a base policy leaves unsolved: the only solution divides, or goes above the target on its way.',
    },
    {
      id: 'more-numbers',
      label: 'More numbers',
      summary: `${more} numbers instead of ${trained}; some need all of them.`,
    },
    {
      id: 'unseen-numbers',
      label: 'Unseen numbers',
      summary: `One number is from ${largest + 1} to ${LARGEST_NUMBER}, which training never showed as a given one.`,
    },
  ];
}

/** Largest target of the split with larger ones. */
export function targetLimit({ largestTarget }: CountdownShape): number {
  return Math.min(MOST, 2 * largestTarget);
}

/**
 * The one split that an instance belongs to, whatever the order of its numbers; undefined if it has no
 * solution, more of them than wanted, fewer numbers, or differs from the training instances in more than one respect. Splits cannot overlap,
 * because `sampleCountdown` draws for each only what belongs to it.
 */
export function splitOf(
  shape: CountdownSpace,
  { numbers, target }: CountdownInstance,
  solutions: Solutions = solutionsOf(numbers),
): Split | undefined {
  if (numbers.length < (shape.fewest ?? shape.numbers)) return undefined;
  if (!isWanted(shape, target, solutions)) return undefined;
  const unseen = numbers.filter((value) => value > shape.largest).length;
  const near = target <= shape.largestTarget;
  if (numbers.length > shape.numbers) return unseen === 0 && near ? 'more-numbers' : undefined;
  if (unseen > 0) return unseen === 1 && near ? 'unseen-numbers' : undefined;
  if (!near) return target <= targetLimit(shape) ? 'larger-targets' : undefined;
  if (isHard(target, solutions)) return 'unsolved';
  return isTest(numbers, target) ? 'test' : 'train';
}

/** Whether there is a solution, and no more of them than wanted. */
function isWanted(
  { mostSolutions = 0 }: CountdownSpace,
  target: number,
  solutions: Solutions,
): boolean {
  const count = solutions.count(target);
  return count > 0 && (mostSolutions === 0 || count <= mostSolutions);
}

/** Depends on the target and the numbers, not on their order. */
function isTest(numbers: readonly number[], target: number): boolean {
  const canonical = [...numbers].sort((a, b) => a - b);
  const hash = hashString(`${canonical.join(' ')} = ${target}`, SPLIT_SEED) >>> 0;
  return hash % TEST_EVERY === 0;
}

/** Whether the only solution divides, or goes above the target on its way. */
function isHard(target: number, solutions: Solutions): boolean {
  if (solutions.count(target) !== 1) return false;
  // The stream decides about the order of operands only.
  return solutions
    .draw(target, createRng(0))
    .some(({ operator, result }) => operator === '/' || result > target);
}

/**
 * The numbers are uniform, and the target is the value of an expression of all of them, drawn uniformly:
 * targets that can be made in many ways are frequent. Instances are drawn until one belongs to the split.
 * @throws RangeError if there is no such split.
 */
export function sampleCountdown(shape: CountdownSpace, split: Split, rng: Rng): CountdownInstance {
  const ids = ['train', ...heldOutSplits(shape).map(({ id }) => id)];
  if (!ids.includes(split)) {
    throw new RangeError(`split: got "${split}", expected one of ${ids.join(', ')}`);
  }
  for (;;) {
    const numbers = drawNumbers(shape, split, rng);
    const solutions = solutionsOf(numbers);
    const target = drawTarget(shape, split, solutions, rng);
    if (target === undefined) continue;
    const instance = { numbers, target };
    if (splitOf(shape, instance, solutions) === split) return instance;
  }
}

function drawNumbers(shape: CountdownShape, split: Split, rng: Rng): readonly number[] {
  const { largest } = shape;
  const count = drawCount(shape, split, rng);
  const drawn = Array.from({ length: count }, () => 1 + rng.int(largest));
  if (split !== 'unseen-numbers') return drawn;
  return drawn.with(rng.int(count), largest + 1 + rng.int(LARGEST_NUMBER - largest));
}

/** Where all training instances have as many, nothing is drawn. */
function drawCount({ fewest, numbers, slots }: CountdownShape, split: Split, rng: Rng): number {
  if (split === 'more-numbers') return numbers + 1 + rng.int(slots - numbers);
  return fewest === undefined ? numbers : fewest + rng.int(numbers - fewest + 1);
}

/** Undefined where these numbers make no target of the split that is wanted. */
function drawTarget(
  shape: CountdownSpace,
  split: Split,
  solutions: Solutions,
  rng: Rng,
): number | undefined {
  const [from, to] =
    split === 'larger-targets'
      ? [shape.largestTarget + 1, targetLimit(shape)]
      : [1, shape.largestTarget];
  const ways = Array.from({ length: to - from + 1 }, (_, i) =>
    !shape.mostSolutions || isWanted(shape, from + i, solutions)
      ? solutions.countComplete(from + i)
      : 0,
  );
  if (shape.mostSolutions && ways.every((count) => count === 0)) return undefined;
  return from + rng.weighted(ways);
}

/** Sets of numbers tried for a target, before another target is taken: some are missed by few. */
const MOST_TRIES = 500;

/**
 * The target of a training instance, with numbers that cannot make it. So targets are as frequent as among
 * normal instances, and numbers nearly so: small and equal ones, which make less, are somewhat more frequent.
 * Who calculates can see that there is no solution.
 */
export function sampleUnreachable(
  shape: CountdownSpace,
  instance: CountdownInstance,
  rng: Rng,
): CountdownInstance {
  for (let { target } = instance; ; { target } = sampleCountdown(shape, 'train', rng)) {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const numbers = drawNumbers(shape, 'train', rng);
      if (solutionsOf(numbers).count(target) === 0) return { numbers, target, kind: 'unsolvable' };
    }
  }
}

/** An instance whose target is one of its numbers, and that could as well be a training instance. */
export function sampleMadeAlready(
  shape: CountdownSpace,
  instance: CountdownInstance,
  rng: Rng,
): CountdownInstance {
  let { numbers } = instance;
  for (;;) {
    const targets = numbers.filter((target) => splitOf(shape, { numbers, target }) === 'train');
    if (targets.length > 0) return { numbers, target: rng.pick(targets), kind: 'trivial' };
    ({ numbers } = sampleCountdown(shape, 'train', rng));
  }
}
