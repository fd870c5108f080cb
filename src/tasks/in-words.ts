/**
 * A domain as a language model meets it: prompts in English, answers as free text. Its tokens are the
 * pieces of the model's tokenizer, so that all that works with a domain's words works with these.
 */
import { RefusedError } from '../base/refused.ts';
import { createRng } from '../base/rng.ts';
import type { Attempt, Grade, History, Json, Task, Token } from './task.ts';
import type { WrittenAttempt, WrittenHistory } from './wording.ts';

/** Texts and pieces of a model. */
export interface TextCodec {
  /** All pieces, in id order. */
  readonly words: readonly string[];
  encode(text: string): Token[];
  decode(pieces: readonly Token[]): string;
  /** What the model reads before it answers a message. */
  chat(message: string): Token[];
}

/** Room for numbers that are longer than those of the prompt that is measured. */
const SPARE = 48;

/**
 * @param maxCompletionTokens pieces of an answer, the one that ends it included.
 * @throws RefusedError if the domain is not said in words.
 */
export function taskInWords<I extends Json>(
  task: Task<I>,
  text: TextCodec,
  maxCompletionTokens: number,
): Task<I> {
  const { wording } = task;
  if (!wording)
    throw new RefusedError(`task: got "${task.id}", expected one that is said in words`);
  const written = ({ tokens, feedback }: Attempt): WrittenAttempt => ({
    text: text.decode(tokens),
    feedback,
  });
  const inText = ({ earlier, latest }: History): WrittenHistory => ({
    earlier: earlier.map(written),
    ...(latest && { latest: written(latest) }),
  });
  // An attempt that cannot be read has no words: the domain calls it malformed.
  const readTokens = (instance: I, tokens: readonly Token[]): Token[] =>
    wording.read(instance, text.decode(tokens)) ?? [];
  const inDomain = (instance: I, { earlier, latest }: History): History => {
    const translate = (attempt: Attempt): Attempt => ({
      ...attempt,
      tokens: readTokens(instance, attempt.tokens),
    });
    return { earlier: earlier.map(translate), ...(latest && { latest: translate(latest) }) };
  };
  const measured = task.sample('train', createRng(0));
  const attempt = { text: '', feedback: [] };
  const longest = text.chat(
    wording.longest?.() ?? wording.prompt(measured, { earlier: [], latest: attempt }, 'improve'),
  );
  const own: Task<I> = { ...task };
  // They are about words.
  delete own.embed;
  delete own.spans;
  return {
    ...own,
    vocabulary: text.words,
    maxPromptTokens: longest.length + maxCompletionTokens + SPARE,
    maxCompletionTokens,
    prompt: (instance, history, mode) => text.chat(wording.prompt(instance, inText(history), mode)),
    grade: (instance, history, completion) => {
      const tokens = wording.read(instance, text.decode(completion));
      const verdict = task.grade(instance, inDomain(instance, history), tokens ?? []);
      return tokens ? verdict : asMalformed(verdict);
    },
    demonstrate: (instance, history, mode, rng) => {
      const tokens = task.demonstrate(instance, inDomain(instance, history), mode, rng);
      return text.encode(wording.write(instance, tokens));
    },
    solutionKey: (instance, completion) => {
      const tokens = wording.read(instance, text.decode(completion));
      if (!tokens) return text.decode(completion);
      return task.solutionKey?.(instance, tokens) ?? tokens.join(' ');
    },
  };
}

async function asMalformed(verdict: Grade | Promise<Grade>): Promise<Grade> {
  return { ...(await verdict), quality: 0, solved: false, valid: false };
}
