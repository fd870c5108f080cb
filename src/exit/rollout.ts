/** From starting points to graded completions: the part that training and evaluation share. */
import type { Rng } from '../base/rng.ts';
import { BOS } from '../base/tokenizer.ts';
import type { Tokenizer } from '../base/tokenizer.ts';
import type { Policy, SampleRequest, Samples } from '../model/policy.ts';
import type { Grade, History, Json, Mode, Task, Token } from '../tasks/task.ts';

export interface RolloutContext {
  readonly task: Task;
  readonly tokenizer: Tokenizer;
  readonly policy: Policy;
}

/** (m, t, τ) and how to go on from it. */
export interface RolloutStart {
  readonly instance: Json;
  readonly history: History;
  readonly mode: Mode;
}

export interface Completion {
  /** Without `<eos>`. */
  readonly tokens: readonly Token[];
  /** As sampled, `<eos>` included. */
  readonly ids: readonly number[];
  /** One per id. */
  readonly logprobs: Float32Array;
  readonly truncated: boolean;
}

export type SamplingOptions = Pick<
  SampleRequest,
  'samplesPerPrompt' | 'temperature' | 'topP' | 'topK'
>;

/** `<bos>` and what the task shows. */
export function promptOf({ task }: RolloutContext, start: RolloutStart): Token[] {
  return [BOS, ...task.prompt(start.instance, start.history, start.mode)];
}

/**
 * `samplesPerPrompt` completions of each prompt, in one call of the policy.
 *
 * @param prompts N token lists, `<bos>` included.
 * @returns [N][samplesPerPrompt]
 */
export async function sampleCompletions(
  { task, tokenizer, policy }: RolloutContext,
  prompts: readonly (readonly Token[])[],
  { rng, ...options }: SamplingOptions & { rng: Rng },
): Promise<Completion[][]> {
  const maxTokens = task.maxCompletionTokens;
  const samples = await policy.sample({
    ...options,
    prompts: prompts.map((prompt) => tokenizer.encode(prompt)),
    maxTokens,
    uniforms: rng.uniforms(prompts.length * options.samplesPerPrompt * maxTokens),
  });
  return prompts.map((_, n) =>
    Array.from({ length: options.samplesPerPrompt }, (_, g) =>
      completionAt(samples, { row: n * options.samplesPerPrompt + g, maxTokens, tokenizer }),
    ),
  );
}

function completionAt(
  { tokens, logprobs, lengths, truncated }: Samples,
  { row, maxTokens, tokenizer }: { row: number; maxTokens: number; tokenizer: Tokenizer },
): Completion {
  const from = row * maxTokens;
  const to = from + lengths[row]!;
  const ids = Array.from(tokens.subarray(from, to));
  const written = ids.at(-1) === tokenizer.eosId ? ids.slice(0, -1) : ids;
  return {
    tokens: tokenizer.decode(written),
    ids,
    logprobs: logprobs.slice(from, to),
    truncated: truncated[row] === 1,
  };
}

/**
 * @param completions [N][G], one list per start.
 * @returns [N][G]
 * @throws RangeError if the task grades outside [0, 1].
 */
export function gradeCompletions(
  task: Task,
  starts: readonly RolloutStart[],
  completions: readonly (readonly Completion[])[],
): Promise<Grade[][]> {
  return Promise.all(
    starts.map((start, n) =>
      Promise.all(completions[n]!.map((completion) => gradeOne(task, start, completion))),
    ),
  );
}

async function gradeOne(
  task: Task,
  { instance, history }: RolloutStart,
  { tokens }: Completion,
): Promise<Grade> {
  const grade = await task.grade(instance, history, tokens);
  if (!(grade.quality >= 0 && grade.quality <= 1)) {
    throw new RangeError(`${task.id}: graded quality ${grade.quality}, expected 0 … 1`);
  }
  return grade;
}

/** Rounds in which attempts that are known are drawn again. */
const MOST_REDRAWS = 4;

interface RolledOut {
  readonly starts: readonly RolloutStart[];
  readonly prompts: readonly (readonly Token[])[];
  /** [N][G] */
  readonly completions: Completion[][];
  readonly grades: Grade[][];
}

/** Attempts that were not run since they are known are replaced in place, as far as a few rounds go. */
export async function redrawKnown(
  context: RolloutContext,
  { starts, prompts, completions, grades }: RolledOut,
  options: SamplingOptions & { rng: Rng },
): Promise<void> {
  for (let round = 0; round < MOST_REDRAWS; round++) {
    const places = grades.flatMap((row, n) =>
      row.flatMap(({ known }, g) => (known === true ? [{ n, g }] : [])),
    );
    if (places.length === 0) return;
    const again = await sampleCompletions(
      context,
      places.map(({ n }) => prompts[n]!),
      { ...options, samplesPerPrompt: 1 },
    );
    const graded = await gradeCompletions(
      context.task,
      places.map(({ n }) => starts[n]!),
      again,
    );
    places.forEach(({ n, g }, i) => {
      completions[n]![g] = again[i]![0]!;
      grades[n]![g] = graded[i]![0]!;
    });
  }
}
