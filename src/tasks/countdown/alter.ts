/** Derivations that differ from another in one step: what a demonstrated mistake is, and how it is mended. */
import type { Rng } from '../../base/rng.ts';
import { calculate, checkSteps, reached, type Step } from './steps.ts';
import { OPERATORS } from './vocabulary.ts';

/** The step before its result is known, as it is written. */
type Question = Omit<Step, 'result'>;

/** A derivation, and what it may go up to. */
export interface Derivation {
  readonly numbers: readonly number[];
  readonly steps: readonly Step[];
  readonly largestResult: number;
}

/**
 * The same derivation with another operator or operand in one step, calculated right from there on: later
 * steps take the new result where they took the old one. An operand may be one that a later step takes too,
 * which then uses it twice.
 * @returns undefined where what was drawn is no change, or leads nowhere.
 */
export function alterStep(derivation: Derivation, rng: Rng): Step[] | undefined {
  const { steps } = derivation;
  const at = rng.int(steps.length);
  const others = questionsAt(derivation, at).slice(1);
  if (others.length === 0) return undefined;
  const { left, operator, right } = rng.pick(others);
  const before = steps[at]!;
  // Of equal numbers one is as good as the other.
  const same = left === before.left && operator === before.operator && right === before.right;
  return same ? undefined : carryOn(derivation, at, { left, operator, right });
}

/** With a wrong result in one step, a number or ten beside the right one, from which the rest goes on. */
export function miscalculateStep(derivation: Derivation, rng: Rng): Step[] | undefined {
  const { steps, largestResult } = derivation;
  const at = rng.int(steps.length);
  const right = steps[at]!.result;
  const wrong = right + rng.pick([-10, -2, -1, 1, 2, 10]);
  if (wrong < 0 || wrong > largestResult) return undefined;
  return carryOn(derivation, at, steps[at]!, wrong);
}

/**
 * The derivation with one step set right, so that it comes to the target: the last step for which that is
 * possible, one of its changes.
 */
export function repairStep(derivation: Derivation, target: number, rng: Rng): Step[] | undefined {
  for (let at = derivation.steps.length - 1; at >= 0; at--) {
    const mended = questionsAt(derivation, at)
      .map((question) => carryOn(derivation, at, question))
      .filter((steps) => steps !== undefined)
      .filter((steps) => reached(derivation.numbers, steps) === target);
    if (mended.length > 0) return rng.pick(mended);
  }
  return undefined;
}

/** The step as it is, then with another operator, then with another operand, larger ones first. */
function questionsAt({ numbers, steps }: Derivation, at: number): Question[] {
  const { left, operator, right } = steps[at]!;
  const { unused } = checkSteps(numbers, steps.slice(0, at));
  const free = new Set(checkSteps(unused, [steps[at]!]).unused.slice(0, -1));
  return [
    { left, operator, right },
    ...OPERATORS.filter((other) => other !== operator).map((other) => ({
      left,
      operator: other,
      right,
    })),
    ...[...free].flatMap((other) => [
      ordered(other, operator, right),
      ordered(left, operator, other),
    ]),
  ];
}

function ordered(a: number, operator: Step['operator'], b: number): Question {
  return { left: Math.max(a, b), operator, right: Math.min(a, b) };
}

/** @param written in place of the result, where that is to be wrong. */
function carryOn(
  { steps, largestResult }: Derivation,
  at: number,
  question: Question,
  written?: number,
): Step[] | undefined {
  const carried = steps.slice(0, at);
  /** Results that became others, until a step has taken them. */
  const moved: { from: number; to: number }[] = [];
  const take = (value: number): number => {
    const found = moved.findIndex(({ from }) => from === value);
    return found < 0 ? value : moved.splice(found, 1)[0]!.to;
  };
  for (let i = at; i < steps.length; i++) {
    const before = steps[i]!;
    const { left, operator, right } =
      i === at ? question : ordered(take(before.left), before.operator, take(before.right));
    const calculated = calculate(left, operator, right);
    const result = i === at && written !== undefined ? written : calculated;
    if (result === undefined || result > largestResult) return undefined;
    carried.push({ left, operator, right, result });
    if (result !== before.result) moved.push({ from: before.result, to: result });
  }
  return carried;
}
