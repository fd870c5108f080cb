/** Written steps: how they are read, what is wrong with them, and which solution they are. */
import type { Token } from '../task.ts';
import {
  EQUALS,
  numberOf,
  operatorOf,
  SEPARATOR,
  STEP_WORDS,
  type Operator,
} from './vocabulary.ts';

/** `left operator right = result`, as written: the result may be wrong. */
export interface Step {
  readonly left: number;
  readonly operator: Operator;
  readonly right: number;
  readonly result: number;
}

export type Fault =
  /** `value` was never there, or is used up. */
  | { readonly kind: 'unavailable'; readonly value: number }
  /** There is no whole result of at least 0. */
  | { readonly kind: 'undefined' }
  /** The result is `value`. */
  | { readonly kind: 'miscalculated'; readonly value: number };

/** Undefined where there is no whole result of at least 0. */
export function calculate(left: number, operator: Operator, right: number): number | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left >= right ? left - right : undefined;
    case '*':
      return left * right;
    case '/':
      return right > 0 && left % right === 0 ? left / right : undefined;
    default:
      return operator satisfies never;
  }
}

/** The steps of an attempt; undefined if it is not of the form `x op y = r ; x op y = r ; …`. */
export function readSteps(tokens: readonly Token[]): Step[] | undefined {
  const every = STEP_WORDS + 1;
  if (tokens.length % every !== STEP_WORDS) return undefined;
  const steps: Step[] = [];
  for (let at = 0; at < tokens.length; at += every) {
    if (at > 0 && tokens[at - 1] !== SEPARATOR) return undefined;
    const step = readStep(tokens, at);
    if (!step) return undefined;
    steps.push(step);
  }
  return steps;
}

function readStep(tokens: readonly Token[], at: number): Step | undefined {
  const left = numberOf(tokens[at]);
  const operator = operatorOf(tokens[at + 1]);
  const right = numberOf(tokens[at + 2]);
  const result = numberOf(tokens[at + 4]);
  if (left === undefined || operator === undefined || right === undefined) return undefined;
  if (tokens[at + 3] !== EQUALS || result === undefined) return undefined;
  return { left, operator, right, result };
}

export function writeSteps(steps: readonly Step[]): Token[] {
  return steps.flatMap(({ left, operator, right, result }, i) => [
    ...(i > 0 ? [SEPARATOR] : []),
    `${left}`,
    operator,
    `${right}`,
    EQUALS,
    `${result}`,
  ]);
}

/** What every step leaves on the table, and what is wrong with it. */
export interface Check {
  /** One per step. */
  readonly faults: readonly (Fault | undefined)[];
  /** Numbers that no step used: given ones first, then made ones, each in their order. */
  readonly unused: readonly number[];
  /** How many of them were given. */
  readonly unusedGiven: number;
}

/**
 * Goes through the steps in order. A faulty step is taken as written, so that each later one is judged
 * by itself: its operands are used up as far as they are there, and its result is there from now on.
 */
export function checkSteps(numbers: readonly number[], steps: readonly Step[]): Check {
  const unused = [...numbers];
  let unusedGiven = numbers.length;
  const take = (value: number): boolean => {
    const at = unused.lastIndexOf(value);
    if (at < 0) return false;
    if (at < unusedGiven) unusedGiven--;
    unused.splice(at, 1);
    return true;
  };
  const faults = steps.map((step): Fault | undefined => {
    const tookLeft = take(step.left);
    const tookRight = take(step.right);
    unused.push(step.result);
    if (!tookLeft) return { kind: 'unavailable', value: step.left };
    if (!tookRight) return { kind: 'unavailable', value: step.right };
    return miscalculation(step);
  });
  return { faults, unused, unusedGiven };
}

function miscalculation({ left, operator, right, result }: Step): Fault | undefined {
  const value = calculate(left, operator, right);
  if (value === undefined) return { kind: 'undefined' };
  return value === result ? undefined : { kind: 'miscalculated', value };
}

/** The last result, if every step is right. */
export function reached(numbers: readonly number[], steps: readonly Step[]): number | undefined {
  const { faults } = checkSteps(numbers, steps);
  return faults.some((fault) => fault !== undefined) ? undefined : steps.at(-1)?.result;
}

/**
 * The expression that steps without fault come to, e.g. `(7 - 3) * 8`. Operands that commute are sorted,
 * so it depends neither on their order nor on that of independent steps, and steps that the last result
 * does not rest on are left out. Where a given and a made number are equal the made one is meant, the
 * latest first.
 */
export function expressionOf(numbers: readonly number[], steps: readonly Step[]): string {
  const unused = numbers.map((value) => ({ value, text: `${value}` }));
  let last = '';
  for (const { left, operator, right, result } of steps) {
    const operands = [left, right].map((value) => {
      const at = unused.findLastIndex((number) => number.value === value);
      return at < 0 ? `${value}` : unused.splice(at, 1)[0]!.text;
    });
    if (operator === '+' || operator === '*') operands.sort();
    last = operands.join(` ${operator} `);
    unused.push({ value: result, text: `(${last})` });
  }
  return last;
}
