/** Records of steps that come with a file, held against the domain of their run before they are shown. */
import { taskIdOf } from '../exit/buffer.ts';
import type { RunBundle } from '../runs/bundle.ts';
import { RunFormatError } from '../runs/checks.ts';
import type { CompletionRecord, GroupRecord, StepRecord } from '../schema/records.ts';
import type { Config } from '../schema/params.ts';
import { taskFor } from '../tasks/registry.ts';
import type { Attempt } from '../tasks/task.ts';
import { instanceCheck } from '../tasks/instance-check.ts';
import { checkInstance, shown, tokenizerFor, type Domain } from './open-bundle.ts';

/** Depths beyond this are no run's: each is a step of training behind it. */
const DEEPEST = 1e6;

/**
 * @param inWords what a pretrained model is trained on; absent where the policy's words are the domain's.
 * @returns a check of one record after another, each of which throws RunFormatError naming the step, the
 * field, its value and what was expected; undefined for bare weights, which have no steps.
 * @throws RunFormatError if the words are not those of the domain.
 */
export function recordCheck(
  { run, words }: Pick<RunBundle, 'run' | 'words'>,
  inWords?: Domain,
): ((record: StepRecord) => void) | undefined {
  if (!run) return undefined;
  const domain = inWords ?? ownDomain(run.config, words);
  const isInstance = instanceCheck(domain.task);
  return (record) => {
    const where = `steps, step ${record.step}`;
    try {
      checkFinite(record.metrics, 'metrics');
      record.groups.forEach((group, i) => checkGroup(group, `groups.${i}`, domain, isInstance));
      for (const id of record.evictedIds) if (id < 1) refuse('evictedIds', id, 'ids from 1');
    } catch (cause) {
      const problem = cause instanceof Error ? cause.message : String(cause);
      throw new RunFormatError(where, problem, { cause });
    }
  };
}

function ownDomain(config: Config, words: readonly string[]): Domain {
  const task = taskFor(config, () => config);
  return { task, tokenizer: tokenizerFor(task, words, 'tokenizer.json') };
}

function checkGroup(
  { start, prompt, learnability, completions }: GroupRecord,
  where: string,
  domain: Domain,
  isInstance: ReturnType<typeof instanceCheck>,
): void {
  const { instance, taskId, turn, depth, earlier, latest } = start;
  checkInstance(instance, domain.task, isInstance);
  const own = taskIdOf(instance);
  if (taskId !== own) refuse(`${where}.start.taskId`, taskId, `${own}, of its instance`);
  const turns = domain.task.turns(instance);
  if (turn !== earlier.length || turn >= turns) {
    refuse(`${where}.start.turn`, turn, `its earlier turns, fewer than ${turns}`);
  }
  if ((depth === 0) !== (latest === null) || depth > DEEPEST) {
    refuse(
      `${where}.start.depth`,
      depth,
      'above 0 where there is a latest attempt, and only there',
    );
  }
  for (const attempt of latest ? [...earlier, latest] : earlier) {
    checkAttempt(attempt, `${where}.start`, domain);
  }
  const { score, probability, recency, rank } = start;
  checkFinite({ score, probability, recency, rank }, `${where}.start`);
  checkFinite({ learnability }, where);
  domain.tokenizer.encode(prompt);
  if (completions.length === 0) refuse(`${where}.completions`, 0, 'one at least');
  completions.forEach((one, i) => checkCompletion(one, `${where}.completions.${i}`, domain));
}

function checkCompletion(completion: CompletionRecord, where: string, domain: Domain): void {
  checkAttempt(completion, where, domain);
  const { logprobs, reward, baseAdvantage, advantage, diversity } = completion;
  checkFinite({ reward, baseAdvantage, advantage, diversity }, where);
  const most = domain.task.maxCompletionTokens;
  if (logprobs.length > most) refuse(`${where}.logprobs`, logprobs.length, `at most ${most}`);
}

function checkAttempt({ tokens, feedback, quality }: Attempt, where: string, domain: Domain): void {
  const { tokenizer, answers = tokenizer, task } = domain;
  tokenizer.encode(tokens);
  answers.encode(feedback);
  if (tokens.length > task.maxCompletionTokens) {
    refuse(`${where}.tokens`, tokens.length, `at most ${task.maxCompletionTokens} words`);
  }
  if (!(quality >= 0 && quality <= 1)) refuse(`${where}.quality`, quality, '0 to 1');
}

/** What is absent is null. */
function checkFinite(values: Readonly<Record<string, number | null>>, where: string): void {
  for (const [field, value] of Object.entries(values)) {
    if (value !== null && !Number.isFinite(value)) {
      refuse(`${where}.${field}`, value, 'a finite number');
    }
  }
}

function refuse(field: string, value: number, expected: string): never {
  throw new RangeError(`${field}: got ${shown(value)}, expected ${expected}`);
}
