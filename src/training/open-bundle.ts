/** What the files of a run say, held against its domain before anything is built of it. */
import type { ExitState } from '../exit/exit.ts';
import { entriesOf, taskIdOf, type BufferEntry } from '../exit/buffer.ts';
import { parseExitState } from '../exit/parse-state.ts';
import { tokenizerOf, type Tokenizer } from '../base/tokenizer.ts';
import type { PolicyConfig } from '../model/policy.ts';
import type { RunBundle } from '../runs/bundle.ts';
import { RunFormatError } from '../runs/checks.ts';
import type { Config } from '../schema/params.ts';
import { instanceCheck } from '../tasks/instance-check.ts';
import { taskFor } from '../tasks/registry.ts';
import type { Attempt, History, Json, Mode, Task } from '../tasks/task.ts';
import type { SessionHistory } from './session.ts';

export interface OpenedBundle {
  readonly config: Config;
  /** Where the task reads live parameters from. */
  readonly live: { config: Config };
  readonly task: Task;
  readonly tokenizer: Tokenizer;
  /** Absent for bare weights. */
  readonly resumed?: SessionHistory;
}

/**
 * @param fallback what bare weights are run with.
 * @throws RunFormatError that says what does not fit.
 */
export function openBundle(
  bundle: RunBundle,
  fallback: Config,
  adapt: (task: Task) => Task,
): OpenedBundle {
  const config = bundle.run?.config ?? shapedLike(fallback, bundle.snapshot.config);
  const live = { config };
  const task = adapt(taskFor(config, () => live.config));
  const tokenizer = tokenizerFor(task, bundle.words, 'tokenizer.json');
  checkPositions(task, bundle.snapshot.config);
  const resumed = bundle.run && historyOf(bundle.run, bundle.rows, { task, tokenizer });
  return { config, live, task, tokenizer, ...(resumed && { resumed }) };
}

/** The configuration with the model's shape taken from the weights. */
function shapedLike(config: Config, shape: PolicyConfig): Config {
  const { hiddenSize, numLayers, numHeads, intermediateSize, tieEmbeddings } = shape;
  return { ...config, hiddenSize, numLayers, numHeads, intermediateSize, tieEmbeddings };
}

/**
 * The tokenizer that weights were trained with: it may know more words than the task needs.
 * @throws RunFormatError naming the first word that is missing.
 */
export function tokenizerFor(task: Task, words: readonly string[], file: string): Tokenizer {
  const known = new Set(words);
  const missing = task.vocabulary.find((word) => !known.has(word));
  if (missing === undefined) return tokenizerOf(words);
  throw new RunFormatError(
    file,
    `"${missing}" is missing, expected every word of the task "${task.id}"`,
  );
}

/** A sequence that is longer than the policy has positions would end a later step. */
export function checkPositions(task: Task, { maxPositions }: PolicyConfig): void {
  const needed = 1 + task.maxPromptTokens + task.maxCompletionTokens;
  if (maxPositions >= needed) return;
  throw new RunFormatError(
    'config.json',
    `max_position_embeddings: got ${maxPositions}, expected at least ${needed}, the longest sequence of the task "${task.id}"`,
  );
}

export interface Domain {
  readonly task: Task;
  readonly tokenizer: Tokenizer;
  /** Of the words that environments answer in, where the policy has others. */
  readonly answers?: Tokenizer;
}

/** @throws RunFormatError that says what does not fit. */
export function historyOf(
  { marks, evaluations, exitState }: NonNullable<RunBundle['run']>,
  rows: RunBundle['rows'],
  domain: Domain,
): SessionHistory {
  const state = refusing('run.json', () => parseExitState(exitState));
  checkAgainstDomain(state, domain);
  return { state, rows, marks, evaluations };
}

/** Whatever reading throws is the file's fault. */
function refusing<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new RunFormatError(file, problem, { cause });
  }
}

function checkAgainstDomain({ buffer, episodes }: ExitState, domain: Domain): void {
  const isInstance = instanceCheck(domain.task);
  const check = (where: string, start: Stored): void =>
    refusing(`run.json: exitState.${where}`, () => checkStart(start, domain, isInstance));
  for (const entry of entriesOf(buffer)) {
    check(`buffer, history ${entry.id}`, entry);
    checkTaskId(entry);
  }
  episodes.forEach(({ instance, earlier }, i) =>
    check(`episodes.${i}`, { instance, history: { earlier }, mode: 'solve' }),
  );
}

interface Stored {
  readonly instance: Json;
  readonly history: History;
  readonly mode: Mode;
}

/** A start that is none of the domain, or that no prompt can be written of, would end a later step. */
function checkStart(
  { instance, history, mode }: Stored,
  domain: Domain,
  isInstance: (instance: Json) => boolean,
): void {
  const { task, tokenizer } = domain;
  checkInstance(instance, task, isInstance);
  const turns = task.turns(instance);
  if (history.earlier.length >= turns) {
    throw new RangeError(`turn: got ${history.earlier.length}, expected less than ${turns}`);
  }
  const { earlier, latest } = history;
  for (const attempt of latest ? [...earlier, latest] : earlier) checkAttempt(attempt, domain);
  const prompt = task.prompt(instance, history, mode);
  tokenizer.encode(prompt);
  if (prompt.length > task.maxPromptTokens) {
    const expected = `at most ${task.maxPromptTokens}`;
    throw new RangeError(`history: got a prompt of ${prompt.length} words, expected ${expected}`);
  }
}

/** @throws RangeError unless it is one of the task's. */
export function checkInstance(
  instance: Json,
  task: Task,
  isInstance: (instance: Json) => boolean,
): void {
  if (isInstance(instance)) return;
  throw new RangeError(`instance: got ${shown(instance)}, expected one of ${task.id}`);
}

/** Prompts may leave out what they have no room for. */
function checkAttempt({ tokens, feedback }: Attempt, domain: Domain): void {
  const { task, tokenizer, answers = tokenizer } = domain;
  tokenizer.encode(tokens);
  answers.encode(feedback);
  if (tokens.length <= task.maxCompletionTokens) return;
  const expected = `at most ${task.maxCompletionTokens}`;
  throw new RangeError(`attempt: got ${tokens.length} words, expected ${expected}`);
}

function checkTaskId({ id, taskId, instance }: BufferEntry): void {
  const own = taskIdOf(instance);
  if (taskId === own) return;
  throw new RunFormatError(
    'run.json',
    `exitState.buffer, history ${id}, taskId: got ${taskId}, expected ${own}, of its instance`,
  );
}

export function shown(instance: Json): string {
  const text = JSON.stringify(instance);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
