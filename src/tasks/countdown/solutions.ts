/**
 * All solutions of an instance, counted without listing them: a table over the parts (sub-multisets) of
 * the numbers says in how many ways each part makes each value. Two solutions are the same if they
 * differ only in the order of operands that commute, or of independent steps; equal numbers are not
 * told apart. Sums in another grouping, (1 + 2) + 3 and 1 + (2 + 3), count as two.
 */
import type { Rng } from '../../base/rng.ts';
import type { Step } from './steps.ts';
import { MOST, type Operator } from './vocabulary.ts';

export interface Solutions {
  /** Distinct solutions of at least one step. */
  count(target: number): number;
  /** Those among them that use every number. */
  countComplete(target: number): number;
  /**
   * The steps of a solution that uses as many numbers as any does, or as few; of those, each nearly equally often.
   * Of operands that commute the larger one comes first: fewer sums and products to be learned.
   * @throws RangeError if there is none.
   */
  draw(target: number, rng: Rng, parts?: 'most' | 'fewest'): Step[];
}

/** A part of the numbers, all of them used. */
interface Part {
  readonly size: number;
  /** The smaller parts that it can be put together from, each unordered pair once. */
  readonly pairs: readonly (readonly [Part, Part])[];
  /** Value → distinct expressions of it. */
  readonly ways: ReadonlyMap<number, number>;
}

/** A value of a part. */
interface Operand {
  readonly part: Part;
  readonly value: number;
}

/** Told of `ways` expressions of `result`, whose last step takes `left` and `right`. */
type Visit = (
  result: number,
  ways: number,
  left: Operand,
  operator: Operator,
  right: Operand,
) => void;

/** Tables of the latest sets of numbers, by their sorted numbers; a chain of attempts asks for one again and again. */
const TABLES = new Map<string, readonly Part[]>();
const MOST_TABLES = 512;

/** @param numbers At least one. */
export function solutionsOf(numbers: readonly number[]): Solutions {
  const parts = tableOf(numbers);
  const count = ({ ways }: Part, target: number): number => ways.get(target) ?? 0;
  const derived = parts.filter(({ size }) => size > 1);
  return {
    count: (target) => derived.reduce((sum, part) => sum + count(part, target), 0),
    countComplete: (target) => count(parts.at(-1)!, target),
    draw: (target, rng, parts = 'most') => {
      const able = derived.filter((part) => count(part, target) > 0);
      if (able.length === 0) throw new RangeError(`${numbers.join(' ')} cannot make ${target}`);
      const sizes = able.map((part) => part.size);
      const size = parts === 'most' ? Math.max(...sizes) : Math.min(...sizes);
      const wanted = able.filter((part) => part.size === size);
      const weights = wanted.map((part) => count(part, target));
      return drawExpression(wanted[rng.weighted(weights)]!, target, rng);
    },
  };
}

/** How many distinct solutions an instance has. */
export function countSolutions(instance: {
  readonly numbers: readonly number[];
  readonly target: number;
}): number {
  return solutionsOf(instance.numbers).count(instance.target);
}

function tableOf(numbers: readonly number[]): readonly Part[] {
  const sorted = [...numbers].sort((a, b) => a - b);
  const key = sorted.join(' ');
  const known = TABLES.get(key);
  if (known) return known;
  const parts = tabulate(sorted);
  if (TABLES.size >= MOST_TABLES) TABLES.clear();
  TABLES.set(key, parts);
  return parts;
}

/** All parts, the whole last: the digits of a part's index, in mixed radix, are how often each number is in. */
function tabulate(numbers: readonly number[]): Part[] {
  const distinct = [...new Set(numbers)];
  const most = distinct.map((value) => numbers.filter((other) => other === value).length);
  const parts: Part[] = [];
  indexPairs(most).forEach(({ size, digits, pairs: indices }) => {
    const pairs = indices.map(([i, j]) => [parts[i]!, parts[j]!] as const);
    const ways = new Map<number, number>();
    if (size === 1) ways.set(distinct[digits.indexOf(1)]!, 1);
    eachCombination(pairs, (result, more) => {
      ways.set(result, (ways.get(result) ?? 0) + more);
    });
    parts.push({ size, pairs, ways });
  });
  return parts;
}

interface IndexedPart {
  readonly size: number;
  readonly digits: readonly number[];
  readonly pairs: readonly (readonly [number, number])[];
}

/** For every part the indices of the pairs that it splits into. */
function indexPairs(most: readonly number[]): IndexedPart[] {
  const count = most.reduce((product, n) => product * (n + 1), 1);
  const all = Array.from({ length: count }, (_, index) => digitsOf(index, most));
  return all.map((digits, whole) => {
    const pairs: (readonly [number, number])[] = [];
    // Without a carry, indices add up as digits do.
    for (let part = 1; part <= whole - part; part++) {
      if (all[part]!.every((n, i) => n <= digits[i]!)) pairs.push([part, whole - part]);
    }
    return { size: digits.reduce((sum, n) => sum + n, 0), digits, pairs };
  });
}

function digitsOf(index: number, most: readonly number[]): number[] {
  let rest = index;
  return most.map((n) => {
    const digit = rest % (n + 1);
    rest = (rest - digit) / (n + 1);
    return digit;
  });
}

function eachCombination(pairs: Part['pairs'], visit: Visit): void {
  for (const [first, second] of pairs) {
    for (const value of first.ways.keys()) {
      const a = { part: first, value };
      for (const other of second.ways.keys()) {
        if (first === second && value > other) continue;
        combine(a, { part: second, value: other }, visit);
      }
    }
  }
}

function combine(a: Operand, b: Operand, visit: Visit): void {
  const low = a.value <= b.value ? a : b;
  const high = low === a ? b : a;
  const { either, ordered } = pairsOf(a, b);
  const sum = high.value + low.value;
  const product = high.value * low.value;
  if (sum <= MOST) visit(sum, either, high, '+', low);
  if (product <= MOST) visit(product, either, high, '*', low);
  visit(high.value - low.value, ordered, high, '-', low);
  if (low.value > 0) {
    const quotient = high.value / low.value;
    if (Number.isInteger(quotient)) visit(quotient, ordered, high, '/', low);
  } else if (high.value > 0) {
    visit(0, ordered, low, '/', high);
  }
}

/**
 * Pairs of expressions, for operators that commute and for those that do not. Of two different values
 * only one order is legal; of two equal ones both are, and if they are made of the same numbers, an
 * expression may be paired with itself.
 */
function pairsOf(a: Operand, b: Operand): { either: number; ordered: number } {
  const n = a.part.ways.get(a.value)!;
  const product = n * b.part.ways.get(b.value)!;
  if (a.value !== b.value) return { either: product, ordered: product };
  if (a.part === b.part) return { either: (n * (n + 1)) / 2, ordered: product };
  return { either: product, ordered: 2 * product };
}

function drawExpression(part: Part, value: number, rng: Rng): Step[] {
  if (part.size === 1) return [];
  const steps: (readonly [left: Operand, operator: Operator, right: Operand])[] = [];
  const weights: number[] = [];
  eachCombination(part.pairs, (result, ways, ...step) => {
    if (result !== value) return;
    steps.push(step);
    weights.push(ways);
  });
  const [left, operator, right] = steps[rng.weighted(weights)]!;
  return [
    ...drawExpression(left.part, left.value, rng),
    ...drawExpression(right.part, right.value, rng),
    { left: left.value, operator, right: right.value, result: value },
  ];
}
