/** Chains of attempts that a policy might write: sensible ones, repeated ones, and words in no order. */
import type { Rng } from '../../base/rng.ts';
import type { Grade, History, Mode, Task, Token } from '../task.ts';
import type { EnsembleInstance } from './instance.ts';

export interface PlayedAttempt {
  readonly tokens: readonly Token[];
  readonly grade: Grade;
}

/** A demonstration, a repetition of an earlier attempt, or one with a word replaced by any other. */
export async function playChain(
  task: Task<EnsembleInstance>,
  instance: EnsembleInstance,
  length: number,
  rng: Rng,
): Promise<PlayedAttempt[]> {
  const played: PlayedAttempt[] = [];
  let history: History = { earlier: [] };
  for (let k = 0; k < length; k++) {
    const mode: Mode = k === 0 ? 'solve' : rng.chance(0.15) ? 'diverge' : 'improve';
    const tokens = spoiled(task, played, task.demonstrate(instance, history, mode, rng), rng);
    const grade = await task.grade(instance, history, tokens);
    played.push({ tokens, grade });
    const { feedback, quality } = grade;
    history = { earlier: [], latest: { tokens, feedback, quality } };
  }
  return played;
}

function spoiled(
  { vocabulary }: Pick<Task, 'vocabulary'>,
  played: readonly PlayedAttempt[],
  tokens: readonly Token[],
  rng: Rng,
): readonly Token[] {
  const what = rng.next();
  if (what < 0.15 && played.length > 0) return rng.pick(played).tokens;
  if (what < 0.3) return tokens.with(rng.int(tokens.length), rng.pick(vocabulary));
  if (what < 0.33) return tokens.slice(1);
  return tokens;
}
