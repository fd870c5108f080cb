/** An instance as a person writes it: `3 5 8 = 32`, or `3 5 8 = 97 (unreachable target)`. */
import { readKind, writeKind } from '../kind-text.ts';
import type { InstanceKind } from '../task.ts';
import {
  COUNTDOWN_KINDS,
  FEWEST_NUMBERS,
  LARGEST_NUMBER,
  type CountdownInstance,
} from './instance.ts';
import type { CountdownShape } from './manifest.ts';
import { solutionsOf, type Solutions } from './solutions.ts';
import { MOST } from './vocabulary.ts';

/** Between the numbers and the target. */
const TARGET_SIGN = /=|->|→/;

export function formatCountdown({ numbers, target, kind }: CountdownInstance): string {
  return writeKind(`${numbers.join(' ')} = ${target}`, kind, COUNTDOWN_KINDS);
}

/**
 * Numbers, separated by spaces or commas, then `=`, `->` or `→`, then the target, and of which kind it is
 * unless it is a normal one.
 * @throws RangeError that names the field, the value and what was expected.
 */
export function parseCountdown({ slots }: CountdownShape, whole: string): CountdownInstance {
  const { text, ...uneven } = readKind(whole, COUNTDOWN_KINDS);
  const sides = text.split(TARGET_SIGN);
  if (sides.length !== 2) {
    throw new RangeError(`instance: got "${text}", expected numbers and a target like 3 5 8 = 32`);
  }
  const [numbersText = '', targetText = ''] = sides;
  const words = numbersText.split(/[\s,]+/).filter((word) => word !== '');
  const numbers = words.map((word) => parseNumber('numbers', word, LARGEST_NUMBER));
  if (numbers.length < FEWEST_NUMBERS || numbers.length > slots) {
    const expected = `${FEWEST_NUMBERS} to ${slots} of them`;
    throw new RangeError(`numbers: got ${numbers.length} numbers, expected ${expected}`);
  }
  const target = parseNumber('target', targetText.trim(), MOST);
  const instance = { numbers, target, ...uneven };
  checkTarget(instance);
  return instance;
}

function parseNumber(field: string, word: string, most: number): number {
  const value = Number(word);
  if (/^\d+$/.test(word) && value >= 1 && value <= most) return value;
  throw new RangeError(`${field}: got "${word}", expected a whole number from 1 to ${most}`);
}

function checkTarget({ numbers, target, kind }: CountdownInstance): void {
  const expected = expectedTarget(kind ?? 'normal', numbers, target);
  if (expected !== undefined) throw new RangeError(`target: got ${target}, expected ${expected}`);
}

/** Undefined where the target is as its kind says. */
function expectedTarget(
  kind: InstanceKind,
  numbers: readonly number[],
  target: number,
): string | undefined {
  const given = numbers.join(' ');
  const solutions = solutionsOf(numbers);
  const reachable = solutions.count(target) > 0;
  switch (kind) {
    case 'normal':
      if (reachable) return undefined;
      return `one that ${given} can make; the nearest is ${nearest(solutions, target)}`;
    case 'unsolvable':
      return reachable ? `one that ${given} cannot make` : undefined;
    case 'trivial':
      return numbers.includes(target) ? undefined : `one of ${given}`;
    default:
      return kind satisfies never;
  }
}

/** Two numbers of up to 25 always make something from 1 to `MOST`. */
function nearest(solutions: Solutions, target: number): number {
  for (let distance = 1; ; distance++) {
    for (const value of [target - distance, target + distance]) {
      if (value >= 1 && solutions.count(value) > 0) return value;
    }
  }
}
