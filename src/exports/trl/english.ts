/** Starts of a domain as messages in English, for a language model that is trained elsewhere. */
import { RefusedError } from '../../base/refused.ts';
import { createRng } from '../../base/rng.ts';
import type { Config } from '../../schema/params.ts';
import { taskFor } from '../../tasks/registry.ts';
import { EMPTY_HISTORY, type Attempt, type Split, type Task } from '../../tasks/task.ts';
import type { Wording, WrittenAttempt } from '../../tasks/wording.ts';
import type { GradedStart } from './start.ts';

export interface EnglishPrompt {
  /** The message that asks for an attempt. */
  readonly prompt: string;
  /** What `exit-lab grade --english` is asked with. */
  readonly start: GradedStart;
}

/** @throws RefusedError of a domain that has no English. */
export function wordingOf({ id, wording }: Task): Wording {
  if (wording) return wording;
  throw new RefusedError(
    `task: got "${id}", expected one that is put in English, as countdown or locks`,
  );
}

export function inEnglish(task: Task, start: GradedStart): EnglishPrompt {
  const wording = wordingOf(task);
  const { instance, history, mode } = start;
  const written = ({ tokens, feedback }: Attempt): WrittenAttempt => ({
    text: wording.write(instance, tokens),
    feedback,
  });
  const { earlier, latest } = history;
  const asWritten = { earlier: earlier.map(written), ...(latest && { latest: written(latest) }) };
  return { prompt: wording.prompt(instance, asWritten, mode), start };
}

/**
 * `count` base tasks of a split, the same for the same seed.
 * @throws RefusedError of a domain that has no English, and of a split that it has not.
 */
export function* englishPrompts(
  config: Config,
  split: Split,
  count: number,
): Generator<EnglishPrompt> {
  const task = taskFor(config, () => config);
  const splits = ['train', ...(task.heldOut?.map(({ id }) => id) ?? ['test'])];
  if (!splits.includes(split)) {
    const expected = `one of ${splits.join(', ')}`;
    throw new RefusedError(`--split: got ${JSON.stringify(split)}, expected ${expected}`);
  }
  wordingOf(task);
  const rng = createRng(config.seed).fork(`prompts ${split}`);
  for (let i = 0; i < count; i++) {
    const instance = task.sample(split, rng);
    yield inEnglish(task, { instance, history: EMPTY_HISTORY, mode: 'solve' });
  }
}
