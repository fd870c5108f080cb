/**
 * Executes an attempt and judges it as the Berkeley function-calling leaderboard does: the workspace
 * must end as asked (state-based), and what was asked for must be printed last (response-based).
 */
import type { Grade, Token } from '../task.ts';
import { ATTEMPT_WORDS, readAttempt, SLOT, type Call } from './calls.ts';
import { FileSystem, type CallResult } from './filesystem.ts';
import { goalOf, type Goal } from './goal.ts';
import type { Request } from './language.ts';
import { plan } from './plan.ts';
import { distance, type Tree } from './tree.ts';
import { BLANK, padOrCut, IDLE, RIGHT, scoreToken, WRONG } from './vocabulary.ts';

/** Words of the printed output that the policy gets to read. */
export const OUTPUT_WORDS = 3;
/** A mark under each word of the attempt, what was printed last, and the score. */
export const FEEDBACK_WORDS = ATTEMPT_WORDS + OUTPUT_WORDS + 1;

/** A call as it went. */
export interface Step {
  readonly call: Call;
  readonly result: CallResult;
  /** One mark per word of its slot. */
  readonly marks: readonly Token[];
}

export interface Verdict extends Grade {
  readonly goal: Goal;
  readonly steps: readonly Step[];
  /** The workspace after the attempt. */
  readonly after: Tree;
}

/** Carries the attempt out on the workspace as the turn finds it. */
export function gradeAttempt(start: Tree, request: Request, completion: readonly Token[]): Verdict {
  const goal = goalOf(start, request);
  const calls = readAttempt(completion);
  if (!calls) return { ...MALFORMED, goal, steps: [], after: start };
  const files = new FileSystem(start);
  let now = start;
  const steps: Step[] = [];
  for (const call of calls) {
    const result = files.run(call);
    const next = result.error || result.printed ? now : files.tree();
    const mark = markOf({ call, result, before: now, after: next, goal, request });
    steps.push({ call, result, marks: marksOf(call, result, mark) });
    now = next;
  }
  return { ...judge({ start, after: now, goal, steps, request }), goal, steps, after: now };
}

const MALFORMED: Grade = {
  quality: 0,
  solved: false,
  valid: false,
  feedback: [
    ...Array<Token>(ATTEMPT_WORDS).fill(WRONG),
    ...Array<Token>(OUTPUT_WORDS).fill(BLANK),
    scoreToken(0),
  ],
};

interface Executed {
  readonly call: Call;
  readonly result: CallResult;
  readonly before: Tree;
  readonly after: Tree;
  readonly goal: Goal;
  readonly request: Request;
}

function markOf({ call, result, before, after, goal, request }: Executed): Token {
  if (result.error) return WRONG;
  if (result.printed) {
    if (!goal.output) return IDLE;
    return sameWords(result.printed, goal.output) ? RIGHT : WRONG;
  }
  if (call.command === 'cd') return markOfMove(call, before, request);
  const gained = distance(before, goal.tree) - distance(after, goal.tree);
  if (gained > 0) return RIGHT;
  return gained === 0 && distance(before, after) === 0 ? IDLE : WRONG;
}

/** To change the directory is right where somebody who reads the listing would do just that next. */
function markOfMove({ args: [to] }: Call, before: Tree, request: Request): Token {
  if (to === before.cwd) return IDLE;
  const [next] = plan(before, request);
  return next?.command === 'cd' && next.args[0] === to ? RIGHT : WRONG;
}

/** Under the word that an error concerns stands its kind, or where the file is that is not here. */
function marksOf({ args }: Call, { error }: CallResult, mark: Token): Token[] {
  const marks = Array.from({ length: SLOT }, () => mark);
  if (error && error.argument < args.length)
    marks[1 + error.argument] = error.elsewhere ?? error.kind;
  return marks;
}

type Outcome = Pick<Verdict, 'goal' | 'steps' | 'after'> & {
  readonly start: Tree;
  readonly request: Request;
};

function judge(outcome: Outcome): Grade {
  const { after, goal, steps } = outcome;
  const printed = steps.findLast(({ result }) => result.printed)?.result.printed;
  const solved =
    distance(after, goal.tree) === 0 &&
    (!goal.output || (printed !== undefined && sameWords(printed, goal.output)));
  const ran = steps.filter(({ result }) => !result.error).length / steps.length;
  const quality = solved ? 1 : 0.8 * progress(outcome) + 0.1 * ran;
  return {
    quality,
    solved,
    valid: true,
    feedback: [
      ...padOrCut(
        steps.flatMap(({ marks }) => marks),
        ATTEMPT_WORDS,
      ),
      ...padOrCut(printed ?? [], OUTPUT_WORDS),
      scoreToken(quality),
    ],
  };
}

/** Partial success, in [0, 1]: the share of the changes made, or how near the answer is. */
function progress({ start, after, goal, steps, request }: Outcome): number {
  const left = distance(after, goal.tree);
  if (!goal.output) {
    const asked = distance(start, goal.tree);
    return asked === 0 ? 0 : Math.max(0, 1 - left / asked);
  }
  const { command } = plan(start, request).at(-1)!;
  const right = steps.some(({ marks, result }) => result.printed && marks[0] === RIGHT);
  const alike = steps.some(({ call }) => call.command === command);
  return (left === 0 ? 0.25 : 0) + (right ? 0.75 : alike ? 0.375 : 0);
}

function sameWords(a: readonly Token[], b: readonly Token[]): boolean {
  return a.length === b.length && a.every((word, i) => word === b[i]);
}
