/**
 * Pipelines: machine learning on small tables. An attempt is a pipeline of seven choices, which is trained
 * and scored for real by cross-validation; it is as good as its score is near the best of all pipelines.
 *
 * The prompt has a constant layout, `[table][previous attempt][its scores][mode]`. The policy never sees
 * the rows: it reads what the table is like, and how the pipeline before did on rows that were left out
 * and on those that it was trained on, so that it can tell over- from underfitting. On a table of noise
 * the rows left out are predicted worse than by guessing, and the quality is 0; where the label leaked every
 * pipeline is perfect.
 */
import type { Attempt, Grade, AttemptSpan, Task, TaskNames, Token } from '../task.ts';
import { canonical, keyOf, readPipeline, SLOTS, type Slot } from '../tables/choices.ts';
import { drawCompetition } from '../tables/competitions.ts';
import { DEMONSTRATION, demonstratePipeline, type DemonstrationOptions } from './demonstrate.ts';
import type { Score } from '../tables/evaluate.ts';
import { BLAMED } from '../tables/fault.ts';
import { kindOf, SOLVED, tableIn, withKind, type PipelineInstance } from './instance.ts';
import { META_COUNT, metaWords } from '../tables/meta.ts';
import { createScoreCache, type ScoreCache } from './score-cache.ts';
import { createScorer, type Scorer } from './scorer.ts';
import { hasMissing, type Table } from '../tables/table.ts';
import { formatInstance, parseInstance, readTable } from './text.ts';
import {
  ATTEMPT_WORDS,
  paddedAttempt,
  FEEDBACK_WORDS,
  feedbackOf,
  paddedFeedback,
  MALFORMED_FEEDBACK,
  readFeedback,
  VOCABULARY,
} from './vocabulary.ts';
import { PIPELINES_WORDING } from './wording.ts';

export interface PipelinesOptions extends TaskNames {
  readonly demonstration?: DemonstrationOptions;
  /** Where pipelines without a precomputed score are trained. */
  readonly scorer?: Scorer;
}

export function createPipelines(options: PipelinesOptions): Task<PipelineInstance> {
  const { id, label, summary, demonstration = DEMONSTRATION, scorer = createScorer() } = options;
  const scoreCache = createScoreCache(scorer);
  return {
    id,
    label,
    summary,
    vocabulary: VOCABULARY,
    maxPromptTokens: META_COUNT + ATTEMPT_WORDS + FEEDBACK_WORDS + 1,
    maxCompletionTokens: ATTEMPT_WORDS + 1,
    feedback: true,
    heldOut: [
      {
        id: 'test',
        label: 'Unseen tables',
        summary: 'Competitions on other real tables, and of other shapes, than those of training.',
      },
    ],
    turns: () => 1,
    sample: (split, rng) => ({ competition: drawCompetition(split, rng) }),
    unsolvable: (instance) => withKind(instance, 'unsolvable'),
    trivial: (instance) => withKind(instance, 'trivial'),
    kindOf: (instance) => kindOf(instance) ?? 'normal',
    prompt: (instance, { latest }, mode) => [
      ...metaWords(tableIn(instance)),
      ...paddedAttempt(latest?.tokens ?? []),
      ...paddedFeedback(latest?.feedback ?? []),
      mode,
    ],
    grade: (instance, _history, completion) => gradeTokens(scoreCache, instance, completion),
    demonstrate: (instance, { latest }, mode, rng) =>
      demonstratePipeline({ table: tableIn(instance), options: demonstration, latest, mode, rng }),
    spans: choiceSpans,
    solutionKey: (instance, completion) => solutionKey(tableIn(instance), completion),
    wording: PIPELINES_WORDING,
    parse: parseInstance,
    format: formatInstance,
    readTable,
  };
}

const MALFORMED: Grade = { quality: 0, solved: false, valid: false, feedback: MALFORMED_FEEDBACK };

/** Where whatever scores has failed: the attempt is lost, and nothing else. */
const UNSCORED: Score = { kind: 'failed', fault: 'degenerate' };

const LEAKED: Grade = {
  quality: 1,
  solved: true,
  valid: true,
  feedback: feedbackOf({ kind: 'scored', validation: 1, training: 1 }),
};

/**
 * By definition rather than by training: what fails on the table fails on noise too; the rows trained on
 * are learnt as well as before the labels were shuffled, and all others predicted worse than by guessing.
 */
function gradeOnNoise(score: Score): Grade {
  const noise: Score = score.kind === 'scored' ? { ...score, validation: -1 } : score;
  return { quality: 0, solved: false, valid: true, feedback: feedbackOf(noise) };
}

async function gradeTokens(
  scoreCache: ScoreCache,
  instance: PipelineInstance,
  completion: readonly Token[],
): Promise<Grade> {
  const pipeline = readPipeline(completion);
  if (!pipeline) return MALFORMED;
  const kind = kindOf(instance);
  if (kind === 'trivial') return LEAKED;
  const table = tableIn(instance);
  const score = await scoreCache.score(table, pipeline).catch((): Score => UNSCORED);
  if (kind === 'unsolvable') return gradeOnNoise(score);
  const quality = await scoreCache.quality(table, score);
  return { quality, solved: quality >= SOLVED, valid: true, feedback: feedbackOf(score) };
}

/** The choice that a failure is blamed on; where the pipeline is as good as solved, all of them. */
function choiceSpans({ feedback, quality }: Attempt): AttemptSpan[] {
  const { fault } = readFeedback(feedback);
  const part = (slot: Slot, right: boolean): AttemptSpan => {
    const from = SLOTS.indexOf(slot);
    return { from, to: from + 1, right };
  };
  if (fault) return [part(BLAMED[fault], false)];
  return quality >= SOLVED ? SLOTS.map((slot) => part(slot, true)) : [];
}

/** Pipelines that compute the same have one key. */
function solutionKey(table: Table, completion: readonly Token[]): string {
  const pipeline = readPipeline(completion);
  return pipeline ? keyOf(canonical(pipeline, hasMissing(table))) : completion.join(' ');
}
