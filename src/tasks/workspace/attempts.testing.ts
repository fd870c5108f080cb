/** The workspace as its tests play it: attempts from careful to senseless, graded at once. */
import type { Rng } from '../../base/rng.ts';
import type { Attempt, Grade, Token } from '../task.ts';
import { callWords } from './calls.ts';
import type { Conversation } from './instance.ts';
import type { OracleVerdict } from './oracle.testing.ts';
import { COMMANDS, DIRECTORIES, FILES, ROOT, TEXTS } from './vocabulary.ts';
import { createWorkspace } from './workspace.ts';

export const task = createWorkspace({ id: 'workspace', label: 'Workspace', summary: '' });
export const SPLITS = ['train', 'test', 'long'] as const;

/** The grade is synchronous in this domain; the test holds it to that. */
export function grade(instance: Conversation, earlier: readonly Attempt[], tokens: Token[]): Grade {
  const verdict = task.grade(instance, { earlier }, tokens);
  if (verdict instanceof Promise) throw new Error('expected a synchronous grade');
  return verdict;
}

export function attemptOf(
  instance: Conversation,
  earlier: readonly Attempt[],
  tokens: Token[],
): Attempt {
  const { feedback, quality } = grade(instance, earlier, tokens);
  return { tokens, feedback, quality };
}

/** Plays turns with demonstrations up to a turn drawn at random. */
export function playSome(instance: Conversation, rng: Rng): Attempt[] {
  const earlier: Attempt[] = [];
  for (let left = rng.int(instance.turns.length); left > 0; left--) {
    const tokens = task.demonstrate(instance, { earlier }, 'solve', rng);
    earlier.push(attemptOf(instance, earlier, tokens));
  }
  return earlier;
}

const NAMES = [ROOT, ...DIRECTORIES, ...FILES, ...TEXTS];

/** Well-formed, and nothing else. */
function randomCalls(rng: Rng): Token[] {
  const commands = Object.keys(COMMANDS) as (keyof typeof COMMANDS)[];
  return Array.from({ length: 1 + rng.int(4) }, () => {
    const command = rng.pick(commands);
    return callWords({ command, args: COMMANDS[command].map(() => rng.pick(NAMES)) });
  }).flat();
}

/** From a demonstration with words replaced, over random calls, to any words at all. */
export function randomAttempt(
  instance: Conversation,
  earlier: readonly Attempt[],
  rng: Rng,
): Token[] {
  const any = (): Token => rng.pick(task.vocabulary);
  const shown = task.demonstrate(instance, { earlier }, 'solve', rng);
  switch (rng.int(5)) {
    case 0:
      return shown;
    case 1:
      return shown.with(rng.int(shown.length), rng.pick([...NAMES, '·']));
    case 2:
      return shown.with(rng.int(shown.length), any()).slice(0, 1 + rng.int(shown.length));
    case 3:
      return randomCalls(rng);
    default:
      return Array.from({ length: rng.int(14) }, any);
  }
}

export function agree({ valid, solved, quality, feedback }: Grade, oracle: OracleVerdict): boolean {
  const printed = feedback.slice(12, 15).filter((word) => word !== '·');
  return (
    valid === oracle.valid &&
    solved === oracle.solved &&
    Math.abs(quality - oracle.quality) < 1e-12 &&
    printed.join(' ') === oracle.printed.slice(0, 3).join(' ') &&
    oracle.marks.every((mark, word) => mark === null || feedback[word] === mark)
  );
}
