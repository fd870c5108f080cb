/**
 * Grades attempts for a trainer elsewhere: a request names a start and a completion, the answer is what the
 * completion is worth to a run of ours.
 */
import * as v from 'valibot';
import { reward, rewardFormOf } from '../../exit/reward.ts';
import { checkObject, parseJson, real, RunFormatError, show, whole } from '../../runs/checks.ts';
import type { Config } from '../../schema/params.ts';
import { instanceCheck } from '../../tasks/instance-check.ts';
import { taskFor } from '../../tasks/registry.ts';
import {
  MODES,
  type Attempt,
  type Grade,
  type History,
  type Json,
  type Task,
  type Token,
} from '../../tasks/task.ts';
import { inEnglish, wordingOf, type EnglishPrompt } from './english.ts';
import type { GradedStart } from './start.ts';

export interface GradeReply {
  /** r, as the run's parameters pay it. */
  readonly reward: number;
  /** q in [0, 1]. */
  readonly quality: number;
  readonly solved: boolean;
  /** Whether it has the domain's format. */
  readonly valid: boolean;
  /** What the environment says, as words between spaces. */
  readonly feedback: string;
  /** Of an attempt in English that could be read: the start that asks to improve on it. */
  readonly next?: EnglishPrompt;
}

/** How completions are written: in the domain's words, or as free text of a language model. */
export type CompletionForm = 'words' | 'english';

const words = v.array(v.string('a word'), 'a list of words');
const AttemptSchema = v.object(
  {
    tokens: words,
    feedback: words,
    quality: v.pipe(real(), v.minValue(0, '0 to 1'), v.maxValue(1, '0 to 1')),
  },
  'an attempt: tokens, feedback and quality',
);
const HistorySchema = v.object(
  {
    earlier: v.array(AttemptSchema, 'a list of attempts'),
    latest: v.optional(AttemptSchema),
  },
  'a history: "earlier", a list of attempts, and "latest", one of them',
);
const StartSchema = v.looseObject({
  instance: v.unknown(),
  history: HistorySchema,
  mode: v.picklist(MODES, `one of ${MODES.join(', ')}`),
});
const RequestSchema = v.looseObject({
  start: v.unknown(),
  completion: v.string('words between spaces'),
});

/**
 * @param config of the run: its task, and how revisions are paid.
 * @returns grades a line of JSON, `{"start": {"instance", "history", "mode"}, "completion": "…"}`; `start` may
 * be JSON text itself. Throws RunFormatError that names `where`, the field, its value and what was expected.
 * @throws RefusedError where English is asked of a domain that has none.
 */
export function createGrader(
  config: Config,
  form: CompletionForm = 'words',
): (where: string, line: string) => Promise<GradeReply> {
  const task = taskFor(config, () => config);
  const isInstance = instanceCheck(task);
  const read = form === 'english' ? readerOf(task) : wordsOf;
  return async (where, line) => {
    const request = checkObject(where, RequestSchema, parseJson(where, line));
    const { instance, history, mode } = startOf(where, request.start);
    checkStart(where, task, isInstance, { instance, history });
    const tokens = read(instance, request.completion);
    const verdict = await task.grade(instance, history, tokens ?? []);
    // What cannot be read is malformed, whatever nothing at all would be worth.
    const grade = tokens ? verdict : { ...verdict, quality: 0, solved: false, valid: false };
    const { quality, solved, valid, feedback } = grade;
    const paid = reward(rewardFormOf(mode, config), quality, history.latest?.quality ?? 0);
    const reply = { reward: paid, quality, solved, valid, feedback: feedback.join(' ') };
    if (form === 'words' || !tokens || !valid) return reply;
    return {
      ...reply,
      next: inEnglish(task, improving({ instance, history, mode }, tokens, grade)),
    };
  };
}

function wordsOf(_instance: Json, completion: string): Token[] {
  return completion.split(/\s+/).filter((word) => word !== '');
}

function readerOf(task: Task): (instance: Json, text: string) => Token[] | null {
  const wording = wordingOf(task);
  return (instance, text) => wording.read(instance, text);
}

function improving(
  { instance, history: { earlier } }: GradedStart,
  tokens: readonly Token[],
  { feedback, quality }: Grade,
): GradedStart {
  return { instance, history: { earlier, latest: { tokens, feedback, quality } }, mode: 'improve' };
}

/**
 * A start as a trainer elsewhere hands it back: an object, or the same as JSON text.
 * @param where named in errors.
 * @throws RunFormatError with the field, its value and what was expected; of the instance, which the domain
 * knows, nothing is said.
 */
function startOf(where: string, given: unknown): GradedStart {
  const value = typeof given === 'string' ? parseJson(`${where}: start`, given) : given;
  const { instance, history, mode } = checkObject(`${where}: start`, StartSchema, value);
  return { instance: instance as Json, history: historyOf(history), mode };
}

function historyOf({ earlier, latest }: v.InferOutput<typeof HistorySchema>): History {
  const attempts: readonly Attempt[] = earlier;
  return latest ? { earlier: attempts, latest } : { earlier: attempts };
}

/**
 * The prompt in English of a start of an exported run.
 * @param line a row of prompts.jsonl, which has the start as "start".
 * @throws RunFormatError that names `where`, the field, its value and what was expected.
 * @throws RefusedError of a domain that has no English.
 */
export function createStartReader(config: Config): (where: string, line: string) => StartRow {
  const task = taskFor(config, () => config);
  const isInstance = instanceCheck(task);
  wordingOf(task);
  return (where, line) => {
    const row = checkObject(where, RowSchema, parseJson(where, line));
    const start = startOf(where, row.start);
    checkStart(where, task, isInstance, start);
    const { prompt } = inEnglish(task, start);
    return { prompt, start, history_id: row.history_id, score: row.score };
  };
}

export interface StartRow extends EnglishPrompt {
  /** The buffer's id; null for a base task. */
  readonly history_id: number | null;
  /** S of a history; 0 for a base task. */
  readonly score: number;
}

const RowSchema = v.looseObject({
  start: v.unknown(),
  history_id: v.nullable(whole(0)),
  score: v.pipe(real(), v.minValue(0, 'a number of at least 0')),
});

function checkStart(
  where: string,
  task: Task,
  isInstance: (instance: Json) => boolean,
  { instance, history }: Pick<GradedStart, 'instance' | 'history'>,
): void {
  refuseUnless(isInstance, where, instance, `a base task of ${task.id}`);
  const turns = task.turns(instance);
  if (history.earlier.length < turns) return;
  throw new RunFormatError(
    where,
    `start.history.earlier: got ${history.earlier.length} turns, expected less than ${turns}`,
  );
}

/** What reading throws of a value that is none says the same. */
function refuseUnless(
  holds: (instance: Json) => boolean,
  where: string,
  instance: Json,
  expected: string,
): void {
  let isOne = false;
  try {
    isOne = holds(instance);
  } catch {
    // It is none.
  }
  if (isOne) return;
  throw new RunFormatError(where, `start.instance: got ${show(instance)}, expected ${expected}`);
}
