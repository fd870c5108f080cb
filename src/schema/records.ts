/**
 * What a training step and an evaluation leave behind, declared once. Types, the archive in memory, the
 * bytes of recordings, the checks on files derive from these tables: a new field is a line here, and the
 * place that computes it. Plain JSON throughout.
 *
 * Columns stand in the order in which recordings hold them, and keep it: a new one gets `since`, the next
 * version, wherever it stands, and recordings of before it are read without it.
 */
import { versionOf, type ColumnarTable, type RowOf, type Table } from './columns.ts';

/** A word of the domain's vocabulary. */
export type Token = string;

/** How an attempt comes about: from nothing, as a better one, or as a different one. */
export const MODES = ['solve', 'improve', 'diverge'] as const;
export type Mode = (typeof MODES)[number];

export const ATTEMPT = {
  tokens: { kind: 'words', doc: 'The completion, without <eos>.' },
  feedback: { kind: 'words', doc: 'What the environment said of it.' },
  quality: { kind: 'float32', doc: 'q in [0, 1].' },
} as const satisfies ColumnarTable;

/** A finished attempt y, what the environment said of it e, and its quality q in [0, 1]. */
export type Attempt = RowOf<typeof ATTEMPT>;

const FROM_BUFFER = { column: 'source', is: 'buffer' } as const;

export const START = {
  taskId: {
    kind: 'uint',
    doc: 'Identifies the base task across the run: all histories of one task share it.',
  },
  instance: { kind: 'json', per: 'taskId', doc: 'The base task m.' },
  historyId: {
    kind: 'id',
    doc: 'Buffer id of the history continued; null for a fresh start.',
  },
  turn: { kind: 'uint', doc: 'Turns of the conversation behind it.' },
  depth: { kind: 'uint', doc: 'Self-improvement steps behind the latest attempt.' },
  mode: { kind: 'choice', options: MODES, doc: 'What the policy is asked for.' },
  source: { kind: 'choice', options: ['fresh', 'buffer'], doc: 'Where it came from.' },
  earlier: {
    kind: 'rows',
    columns: ATTEMPT,
    expected: 'an attempt',
    doc: 'The final attempt of each earlier turn of a conversation.',
  },
  latest: {
    kind: 'attempt',
    columns: ATTEMPT,
    nullable: true,
    of: 'historyId',
    doc: 'The latest attempt, its feedback and quality; null at depth 0.',
  },
  score: { kind: 'float32', onlyIf: FROM_BUFFER, doc: 'Score when selected.' },
  rank: { kind: 'uint', onlyIf: FROM_BUFFER, doc: 'Its rank in the buffer; 0 is the highest.' },
  probability: { kind: 'float32', onlyIf: FROM_BUFFER, doc: 'Its chance per draw.' },
  recency: { kind: 'uint', onlyIf: FROM_BUFFER, doc: 'Steps since the history was created.' },
} as const satisfies Table;

/** The starting point of a group and why it was chosen. */
export type StartRecord = RowOf<typeof START>;

const ADVANTAGE = { step: 1 / 256, side: 'both' } as const;

export const COMPLETION = {
  tokens: ATTEMPT.tokens,
  feedback: ATTEMPT.feedback,
  logprobs: {
    kind: 'numbers',
    rounding: { step: 1 / 64, side: 'negative' },
    doc: 'Nats, one per sampled token, <eos> included.',
  },
  quality: ATTEMPT.quality,
  reward: { kind: 'float32', usually: 'quality', doc: 'r, what the completion is paid.' },
  baseAdvantage: { kind: 'float32', rounding: ADVANTAGE, doc: 'Before the diversity bonus.' },
  advantage: { kind: 'float32', rounding: ADVANTAGE, doc: 'What the update was weighted with.' },
  diversity: {
    kind: 'float32',
    rounding: { step: 1 / 128, side: 'positive' },
    doc: 'd in [0, 1].',
  },
  solved: { kind: 'flag', doc: 'Whether it is a solution.' },
  valid: { kind: 'flag', doc: "Whether it has the domain's format." },
  truncated: { kind: 'flag', doc: 'Whether it ran out of length.' },
  insertedAs: {
    kind: 'id',
    rises: true,
    doc: 'Buffer id of the history that it became; null if it did not.',
  },
} as const satisfies ColumnarTable;

export type CompletionRecord = RowOf<typeof COMPLETION>;

export const GROUP = {
  start: { kind: 'row', columns: START, expected: 'a start', doc: 'Where it started.' },
  learnability: { kind: 'float32', doc: "S: population variance of the group's returns." },
  prompt: { kind: 'words', doc: 'What the policy read, <bos> included.' },
  completions: {
    kind: 'rows',
    columns: COMPLETION,
    expected: 'a completion',
    doc: 'G completions of the start.',
  },
} as const satisfies Table;

export type GroupRecord = RowOf<typeof GROUP>;

export const STEP = {
  step: { kind: 'uint', doc: 'From 1.' },
  metrics: { kind: 'metrics', doc: 'A row of the metrics table.' },
  groups: { kind: 'rows', columns: GROUP, expected: 'a group', doc: 'All groups sampled.' },
  evictedIds: { kind: 'ids', doc: 'Buffer ids of the histories that left in this step.' },
} as const satisfies Table;

export type StepRecord = RowOf<typeof STEP>;

/** Of the tables that recordings hold as bytes: the version they are written with, the newest read. */
export const RECORDS_VERSION = versionOf(STEP);

// ---- evaluations

const ESTIMATE = {
  mean: { kind: 'real', doc: 'The mean.' },
  ci95: { kind: 'real', doc: 'Half the width of its 95% interval.' },
} as const satisfies Table;

/** A mean and the half-width of its 95% interval. */
export type Estimate = RowOf<typeof ESTIMATE>;

const ONE = { kind: 'row', columns: ESTIMATE, expected: 'a mean and its interval' } as const;
const CURVE = {
  kind: 'rows',
  columns: ESTIMATE,
  expected: 'a mean and its interval',
  expectedList: 'a list of estimates',
  perDepth: true,
} as const;

const TURN = {
  first: { ...ONE, doc: 'Of the first attempt, where no earlier turn was revised.' },
  afterRevised: {
    ...ONE,
    optional: true,
    doc: 'Of the first attempt where earlier turns were revised; absent at the first turn.',
  },
  last: { ...ONE, doc: 'After K self-improvement steps.' },
  resampled: {
    ...ONE,
    optional: true,
    doc: 'Of the best of K + 1 independent first attempts, chosen by the grader, where no earlier turn was revised; absent in files from before it was kept.',
  },
} as const satisfies Table;

/** Of a turn: shares of conversations that solved it. Of a conversation: what its turns came to. */
export type TurnEstimate = RowOf<typeof TURN>;

const CURVES = {
  step: { kind: 'uint', doc: 'The training step after which it was made.' },
  tasks: { kind: 'uint', least: 1, doc: 'Held-out tasks.' },
  samples: { kind: 'uint', least: 1, doc: 'Chains per task.' },
  depth: { kind: 'uint', doc: 'K, self-improvement steps per chain.' },
  trainedDepth: {
    kind: 'real',
    doc: 'Mean start depth trained on over the last steps, beside the depth evaluated.',
  },
  quality: { ...CURVE, doc: 'Of the attempt at k.' },
  solved: { ...CURVE, doc: 'Of the attempt at k.' },
  bestQuality: { ...CURVE, doc: 'Of the best attempt up to k.' },
  bestSolved: { ...CURVE, doc: 'Of the best attempt up to k.' },
  netCorrections: { ...ONE, doc: 'Wrong→right minus right→wrong between 0 and K, per hundred.' },
  wrongToRight: {
    ...ONE,
    optional: true,
    doc: 'One direction of corrections, per hundred; absent in files from before they were told apart.',
  },
  rightToWrong: { ...ONE, optional: true, doc: 'The other direction.' },
  distinct: { ...ONE, doc: 'Distinct attempts per chain, as a share of K + 1.' },
  resampleQuality: { ...CURVE, doc: 'The fair control: best of k + 1 independent attempts.' },
  resampleSolved: { ...CURVE, doc: 'The fair control: best of k + 1 independent attempts.' },
  cost: {
    ...CURVE,
    optional: true,
    doc: "Of the attempts up to k together, in the domain's unit; absent where all are equally dear.",
  },
  equalCostQuality: {
    ...CURVE,
    optional: true,
    doc: 'The control where attempts have a price: of as many independent attempts as the chain up to k could pay, the one that its standing chooses.',
  },
  equalCostSolved: { ...CURVE, optional: true, doc: 'Of the same attempt.' },
  turns: {
    kind: 'rows',
    columns: TURN,
    expected: 'both ends of a turn',
    optional: true,
    doc: 'Per turn of a conversation; absent where every task has one turn.',
  },
  taskReturn: {
    kind: 'row',
    columns: TURN,
    expected: 'both ends of a conversation',
    optional: true,
    doc: 'Quality summed over the turns of a conversation; absent where every task has one turn.',
  },
} as const satisfies Table;

const DOMAIN = { ...CURVES, task: { kind: 'text', doc: 'Id of the domain.' } } as const;

export type DomainEvaluation = RowOf<typeof DOMAIN>;

const EXAMPLE = {
  domain: { kind: 'text', doc: 'Id of the domain.' },
  instance: { kind: 'json', doc: 'The held-out task.' },
  attempts: {
    kind: 'rows',
    columns: { ...ATTEMPT, solved: { kind: 'flag', doc: 'Whether it is a solution.' } },
    expected: 'an attempt',
    doc: 'The first attempt and its K revisions, at the first turn.',
  },
} as const satisfies Table;

/** One chain of self-improvement at a held-out task, as it was played. */
export type ExampleChain = RowOf<typeof EXAMPLE>;

export const EVALUATION = {
  ...CURVES,
  examples: {
    kind: 'rows',
    columns: EXAMPLE,
    expected: 'a chain of attempts',
    optional: true,
    doc: 'Chains at the first held-out tasks, from the same random numbers at every step; absent in files from before.',
  },
  parts: {
    kind: 'rows',
    columns: DOMAIN,
    expected: 'an evaluation',
    optional: true,
    doc: "Of a mixture: each domain's own evaluation, of which the curves above are the means.",
  },
} as const satisfies Table;

/** Held-out evaluation; curves are indexed by self-improvement step k = 0 … K. */
export type Evaluation = RowOf<typeof EVALUATION>;

export const SPLIT_EVALUATION = {
  ...EVALUATION,
  split: { kind: 'text', doc: 'The held-out split that it was made on.' },
} as const satisfies Table;

// ---- changes of parameters

export const PARAM_CHANGE = {
  step: { kind: 'uint', doc: 'The first step that used the new value.' },
  param: { kind: 'param', doc: 'A live parameter.' },
  from: { kind: 'paramValue', doc: 'Its value before.' },
  to: { kind: 'paramValue', doc: 'Its value from this step on.' },
} as const satisfies Table;

/** A live parameter changed. */
export type ParamChange = RowOf<typeof PARAM_CHANGE>;
