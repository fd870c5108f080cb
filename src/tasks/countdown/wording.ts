/** Countdown in English: the numbers game, one step on each line. */
import type { Mode, Token } from '../task.ts';
import type { Wording, WrittenAttempt } from '../wording.ts';
import type { CountdownInstance } from './instance.ts';
import { calculate, readSteps, writeSteps, type Step } from './steps.ts';
import { BLANK, MOST, operatorOf, type Operator } from './vocabulary.ts';

/** What the prompt says of the previous attempt: nothing, what it came to, or which step is wrong. */
export type CountdownFeedback = 'none' | 'value' | 'step';

/** @param said what an attempt comes back with. */
export function countdownWording(said: CountdownFeedback): Wording<CountdownInstance> {
  return {
    prompt: ({ numbers, target }, { latest }, mode) =>
      [
        `Make ${target} from the numbers ${listed(numbers)}.`,
        'Use +, -, * and /, and each number at most once.',
        `Every result is a whole number from 0 to ${MOST}, and can be used once in a later step.`,
        'Write each step on a line of its own, like this:',
        '1 + 2 = 3',
        `The last result must be ${target}.`,
        ...(latest ? ['', ...previous(latest, said)] : []),
        '',
        ASKED[mode],
      ].join('\n'),
    read: (_instance, text) => {
      const steps = stepsIn(text);
      return steps && steps.length > 0 ? writeSteps(steps) : null;
    },
    write: (_instance, attempt) => readSteps(attempt)?.map(lineOf).join('\n') ?? attempt.join(' '),
  };
}

const ASKED: Readonly<Record<Mode, string>> = {
  solve: 'Answer with the steps only.',
  improve: 'Find what is wrong with the previous attempt and answer with better steps only.',
  diverge: 'Solve it in another way than the previous attempt. Answer with the steps only.',
};

function listed(numbers: readonly number[]): string {
  return `${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`;
}

function previous({ text, feedback }: WrittenAttempt, said: CountdownFeedback): string[] {
  const [word] = feedback;
  const verdict = word === undefined ? [] : [said === 'step' ? ofStep(word) : ofValue(word)];
  return ['Your previous attempt:', text.trim(), ...verdict];
}

function ofValue(reached: Token): string {
  return reached === BLANK ? 'A step of it is wrong.' : `It reached ${reached}.`;
}

function ofStep(first: Token): string {
  if (first === BLANK) return 'It has no steps that could be read.';
  return first === '0' ? 'No step of it is wrong.' : `Step ${first} of it is the first wrong one.`;
}

function lineOf({ left, operator, right, result }: Step): string {
  return `${left} ${operator} ${right} = ${result}`;
}

/** A part of an equation. */
type Part = number | Operator | '=' | '(' | ')' | 'other';

/**
 * All equations of a text that are steps. Undefined where one is not, unless it only repeats in one
 * expression what the steps before came to: a step that is passed over would make another attempt.
 */
function stepsIn(text: string): Step[] | undefined {
  const steps: Step[] = [];
  for (const line of plain(text).split(/[\n;]/)) {
    for (const parts of equations(line)) {
      const step = stepOf(parts);
      if (step) steps.push(step);
      else if (!repeats(parts, steps.at(-1))) return undefined;
    }
  }
  return steps;
}

const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/[\u2212\u2013\u2014]/g, '-'],
  [/\\times|\\cdot|[×·∙⋅✕]/g, '*'],
  [/\\div|÷/g, '/'],
  [/(?<=[\d)]\s*)x(?=\s*[\d(])/g, '*'],
  [/\bplus\b/g, '+'],
  [/\bminus\b/g, '-'],
  [/\b(times|multiplied by)\b/g, '*'],
  [/\bdivided by\b/g, '/'],
  [/\b(is equal to|equals|equal|is|gives|makes)\b|[→⇒]|[-=]>/g, '='],
  // Marks of headings, of code, and of what is meant to stand out; formulas.
  [/\*\*|__|[`$#]|\\[()[\]]/g, ' '],
];

/** Operators as signs, without markdown. */
function plain(text: string): string {
  const lower = text.toLowerCase().normalize('NFKC');
  return SIGNS.reduce((changed, [pattern, sign]) => changed.replace(pattern, sign), lower);
}

/** "1.", "2)", "step 3:", "-", "•" at the beginning of a line. */
const MARK = /^\s*(?:>\s*)*(?:(?:[-*•+]|\(?(?:step\s*)?\d+\s*[.):])\s+|step\s*\d+\s*[:.]?\s*)+/;

/** Digits with commas between thousands, decimals, signs, words, and whatever else is written. */
const PARTS = /\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?|[-+*/=()]|[a-z]+|\S/g;

/** Runs of numbers and signs that hold an equals sign and an operator: all that is claimed of numbers. */
function equations(line: string): Part[][] {
  const runs: Part[][] = [[]];
  for (const [word] of line.replace(MARK, '').matchAll(PARTS)) {
    const part = partOf(word);
    if (part === 'other') runs.push([]);
    else runs.at(-1)!.push(part);
  }
  const claims = runs.map(unwrapped);
  return claims.filter((run) => run.includes('=') && run.some(isOperator));
}

/** Without the brackets around all of it, and those of what is said beside it. */
function unwrapped(run: readonly Part[]): Part[] {
  if (run.at(-1) === '(') return unwrapped(run.slice(0, -1));
  if (run[0] === ')') return unwrapped(run.slice(1));
  const around = run[0] === '(' && run.indexOf(')') === run.length - 1;
  return around ? run.slice(1, -1) : [...run];
}

function partOf(word: string): Part {
  if (/^\d/.test(word)) return Number(word.replaceAll(',', ''));
  if (word === '=' || word === '(' || word === ')') return word;
  return operatorOf(word) ?? 'other';
}

function isOperator(part: Part | undefined): part is Operator {
  return typeof part === 'string' && operatorOf(part) !== undefined;
}

function isWhole(part: Part | undefined): part is number {
  return typeof part === 'number' && Number.isInteger(part) && part <= MOST;
}

/** `left operator right = result`, the left side in brackets or not. */
function stepOf(parts: readonly Part[]): Step | undefined {
  const bracketed = parts.length === 7 && parts[0] === '(' && parts[4] === ')';
  const [left, operator, right, equals, result, ...rest] = bracketed
    ? parts.toSpliced(4, 1).slice(1)
    : parts;
  const isStep = isWhole(left) && isOperator(operator) && isWhole(right) && equals === '=';
  return isStep && isWhole(result) && rest.length === 0
    ? { left, operator, right, result }
    : undefined;
}

/** Whether it is a true equation of more than one operator, whose value is what `last` came to. */
function repeats(parts: readonly Part[], last: Step | undefined): boolean {
  const at = parts.indexOf('=');
  const result = parts[at + 1];
  if (!last || at !== parts.length - 2 || result !== last.result) return false;
  const expression = parts.slice(0, at);
  return expression.filter(isOperator).length > 1 && valueOf(expression) === last.result;
}

/** The value of an expression by the usual precedence; undefined if it has none or is not well formed. */
function valueOf(parts: readonly Part[]): number | undefined {
  let at = 0;
  const sum = (): number | undefined => chain(product, ['+', '-']);
  const product = (): number | undefined => chain(operand, ['*', '/']);
  const operand = (): number | undefined => {
    const part = parts[at++];
    if (part !== '(') return isWhole(part) ? part : undefined;
    const inner = sum();
    return parts[at++] === ')' ? inner : undefined;
  };
  const chain = (
    next: () => number | undefined,
    operators: readonly Operator[],
  ): number | undefined => {
    let value = next();
    for (;;) {
      const operator = parts[at];
      if (value === undefined || !isOperator(operator)) return value;
      if (!operators.includes(operator)) return value;
      at++;
      const right = next();
      value = right === undefined ? undefined : calculate(value, operator, right);
    }
  };
  const value = sum();
  return at === parts.length ? value : undefined;
}
