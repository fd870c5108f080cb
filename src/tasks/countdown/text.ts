/** An instance as a person writes it: `3 5 8 = 32`. */
import {
  FEWEST_NUMBERS,
  LARGEST_NUMBER,
  type CountdownInstance,
  type CountdownShape,
} from './instance.ts';
import { solutionsOf, type Solutions } from './solutions.ts';
import { MOST } from './vocabulary.ts';

/** Between the numbers and the target. */
const TARGET_SIGN = /=|->|→/;

export function formatCountdown({ numbers, target }: CountdownInstance): string {
  return `${numbers.join(' ')} = ${target}`;
}

/**
 * Numbers, separated by spaces or commas, then `=`, `->` or `→`, then the target.
 * @throws RangeError that names the field, the value and what was expected.
 */
export function parseCountdown({ slots }: CountdownShape, text: string): CountdownInstance {
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
  checkSolvable(numbers, target);
  return { numbers, target };
}

function parseNumber(field: string, word: string, most: number): number {
  const value = Number(word);
  if (/^\d+$/.test(word) && value >= 1 && value <= most) return value;
  throw new RangeError(`${field}: got "${word}", expected a whole number from 1 to ${most}`);
}

function checkSolvable(numbers: readonly number[], target: number): void {
  const solutions = solutionsOf(numbers);
  if (solutions.count(target) > 0) return;
  const near = nearest(solutions, target);
  throw new RangeError(
    `target: got ${target}, expected one that ${numbers.join(' ')} can make; the nearest is ${near}`,
  );
}

/** Two numbers of up to 25 always make something from 1 to `MOST`. */
function nearest(solutions: Solutions, target: number): number {
  for (let distance = 1; ; distance++) {
    for (const value of [target - distance, target + distance]) {
      if (value >= 1 && solutions.count(value) > 0) return value;
    }
  }
}
