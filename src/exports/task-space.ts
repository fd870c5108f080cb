/**
 * The task space that a run grew, a row per history: every one that its records tell of, and those that
 * the buffer holds from before them. Texts are words between spaces, as the tokenizer reads them. What
 * differs in shape from domain to domain is JSON text, so that a table of columns can hold it.
 */
import { entriesOf, type BufferEntry } from '../exit/buffer.ts';
import type { ExitState } from '../exit/state.ts';
import type { Attempt, CompletionRecord, GroupRecord, StepRecord } from '../schema/records.ts';

export interface HistoryRow {
  /** Unique over the run, and greater than every earlier one. */
  readonly id: number;
  /** The history that this one continues; null at the root of a lineage. */
  readonly parent_id: number | null;
  /** All histories of one base task share it. */
  readonly task_id: number;
  /** The base task, as JSON. */
  readonly instance: string;
  /** Turns of the conversation behind it, from 0. */
  readonly turn: number;
  /** Self-iterations behind its attempt. */
  readonly depth: number;
  /** How the attempt came about: `solve`, `improve` or `diverge`. */
  readonly mode: string;
  readonly created_step: number;
  /** The step in which it left the buffer; null while it is there. */
  readonly left_step: number | null;
  /** Its score S as it stands, or as it last was. */
  readonly score: number;
  /** The steps in which it was started from, and S as measured each time. */
  readonly selected_steps: readonly number[];
  readonly learnabilities: readonly number[];
  /** S of the group that it was written in; null where the records do not go back so far, as the rest. */
  readonly group_learnability: number | null;
  /** What the policy read when it wrote the attempt. */
  readonly prompt: string | null;
  /** Null for a base task that was not attempted. */
  readonly attempt: string | null;
  readonly feedback: string | null;
  /** q in [0, 1]. */
  readonly quality: number | null;
  readonly reward: number | null;
  readonly advantage: number | null;
  readonly solved: boolean | null;
  readonly valid: boolean | null;
  readonly truncated: boolean | null;
  /** The final attempts of earlier turns, as JSON. */
  readonly earlier: string;
}

type Row = { -readonly [K in keyof HistoryRow]: HistoryRow[K] } & {
  readonly selected_steps: number[];
  readonly learnabilities: number[];
};

/**
 * In the order of their ids, so that parents stand before their children.
 *
 * @param records of the run's steps, in their order, as far as they were kept.
 */
export async function taskSpace(
  records: AsyncIterable<StepRecord> | Iterable<StepRecord>,
  { buffer }: Pick<ExitState, 'buffer'>,
): Promise<HistoryRow[]> {
  const rows = new Map<number, Row>();
  for await (const record of records) addStep(rows, record);
  for (const entry of entriesOf(buffer)) {
    const row = rows.get(entry.id) ?? rowOfEntry(entry);
    // The buffer also knows of decay, and of what a solved child is worth.
    row.score = entry.score;
    rows.set(entry.id, row);
  }
  return [...rows.values()].sort((a, b) => a.id - b.id);
}

function addStep(rows: Map<number, Row>, { step, groups, evictedIds }: StepRecord): void {
  for (const { start, learnability } of groups) {
    const row = start.historyId === null ? undefined : rows.get(start.historyId);
    if (!row) continue;
    row.score = learnability;
    row.selected_steps.push(step);
    row.learnabilities.push(learnability);
  }
  for (const group of groups) {
    for (const completion of group.completions) {
      const { insertedAs: id } = completion;
      if (id !== null) rows.set(id, rowOfCompletion(id, completion, group, step));
    }
  }
  for (const id of evictedIds) {
    const row = rows.get(id);
    if (row) row.left_step = step;
  }
}

function rowOfCompletion(
  id: number,
  completion: CompletionRecord,
  { start, learnability, prompt }: GroupRecord,
  step: number,
): Row {
  const { reward, advantage, solved, valid, truncated } = completion;
  return {
    id,
    parent_id: start.historyId,
    task_id: start.taskId,
    instance: JSON.stringify(start.instance),
    turn: start.turn,
    depth: start.depth + 1,
    mode: start.mode,
    created_step: step,
    left_step: null,
    score: learnability,
    selected_steps: [],
    learnabilities: [],
    group_learnability: learnability,
    prompt: prompt.join(' '),
    ...attemptColumns(completion),
    reward,
    advantage,
    solved,
    valid,
    truncated,
    earlier: JSON.stringify(start.earlier),
  };
}

/** What the buffer tells of a history whose group is in no record. */
function rowOfEntry(entry: BufferEntry): Row {
  const { latest, earlier } = entry.history;
  return {
    id: entry.id,
    parent_id: entry.parentId,
    task_id: entry.taskId,
    instance: JSON.stringify(entry.instance),
    turn: entry.turn,
    depth: entry.depth,
    mode: entry.mode,
    created_step: entry.createdStep,
    left_step: null,
    score: entry.score,
    selected_steps: [],
    learnabilities: [],
    group_learnability: null,
    prompt: null,
    ...(latest ? attemptColumns(latest) : { attempt: null, feedback: null, quality: null }),
    reward: null,
    advantage: null,
    solved: null,
    valid: null,
    truncated: null,
    earlier: JSON.stringify(earlier),
  };
}

function attemptColumns({ tokens, feedback, quality }: Attempt) {
  return { attempt: tokens.join(' '), feedback: feedback.join(' '), quality };
}

/** Types of the columns as `datasets` names them: a column may begin with nulls, or with empty lists. */
const FEATURES = {
  id: 'int64',
  parent_id: 'int64',
  task_id: 'int64',
  instance: 'string',
  turn: 'int64',
  depth: 'int64',
  mode: 'string',
  created_step: 'int64',
  left_step: 'int64',
  score: 'float64',
  selected_steps: ['int64'],
  learnabilities: ['float64'],
  group_learnability: 'float64',
  prompt: 'string',
  attempt: 'string',
  feedback: 'string',
  quality: 'float64',
  reward: 'float64',
  advantage: 'float64',
  solved: 'bool',
  valid: 'bool',
  truncated: 'bool',
  earlier: 'string',
} as const satisfies Record<keyof HistoryRow, string | readonly [string]>;

/** README.md of a folder that holds the rows as `file`: a dataset card, by which `load_dataset` reads it. */
export function taskSpaceCard(file: string, title: string): string {
  const features = Object.entries(FEATURES).flatMap(([name, type]) => [
    `    - name: ${name}`,
    typeof type === 'string' ? `      dtype: ${type}` : `      list: ${type[0]}`,
  ]);
  return `---
license: mit
tags:
  - exploratory-iteration
  - reinforcement-learning
configs:
  - config_name: default
    data_files:
      - split: train
        path: ${file}
dataset_info:
  features:
${features.join('\n')}
---

# Task space of ${title}

The histories that a run of ExIt Lab could start from again, one per line. \`parent_id\` names the history
that one continues, \`score\` is its learnability S, and \`selected_steps\` with \`learnabilities\` say when
it was started from and how differently the attempts at it turned out. \`prompt\`, \`attempt\` and
\`feedback\` are words between spaces, as the run's tokenizer reads them.

\`\`\`python
from datasets import load_dataset

histories = load_dataset(".", split="train")
\`\`\`
`;
}
