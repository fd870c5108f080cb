/**
 * A step's record in columns: a run makes hundreds of completions a step, and as objects a few thousand
 * steps would fill the memory of a tab.
 */
import {
  COMPLETION,
  type CompletionRecord,
  type GroupRecord,
  type StepRecord,
} from '../../schema/records.ts';
import {
  bytesOfArray,
  bytesOfColumns,
  flagBit,
  raggedWords,
  rowAt,
  toColumns,
  wordsAt,
  type Columns,
  type Ragged,
  type WordIds,
} from './columns.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface ColumnarGroup extends Omit<GroupRecord, 'prompt' | 'completions'> {
  /** Index of its first completion. */
  readonly first: number;
  readonly size: number;
}

export interface ColumnarStep extends Omit<StepRecord, 'groups'> {
  readonly groups: readonly ColumnarGroup[];
  /** One list per group. */
  readonly prompts: Ragged<WordIds>;
  /** How many completions there are. */
  readonly size: number;
  readonly completions: Columns<typeof COMPLETION>;
}

export const SOLVED = flagBit(COMPLETION, 'solved');

export function toColumnar({ groups, ...rest }: StepRecord, words: Vocabulary): ColumnarStep {
  const completions = groups.flatMap((group) => group.completions);
  const prompts = groups.map(({ prompt }) => prompt);
  return {
    ...rest,
    groups: toColumnarGroups(groups),
    prompts: raggedWords(prompts, words),
    size: completions.length,
    completions: toColumns(COMPLETION, completions, words),
  };
}

function toColumnarGroups(groups: readonly GroupRecord[]): ColumnarGroup[] {
  let first = 0;
  return groups.map(({ prompt: _, completions: { length: size }, ...rest }) => {
    const group = { ...rest, first, size };
    first += size;
    return group;
  });
}

/** The record as it was, up to the rounding of 32-bit floats. */
export function fromColumnar(columnar: ColumnarStep, words: Vocabulary): StepRecord {
  const { groups, prompts, size: _size, completions: _completions, ...rest } = columnar;
  return {
    ...rest,
    groups: groups.map(({ first, size, ...group }, g) => ({
      ...group,
      prompt: wordsAt(prompts, g, words),
      completions: Array.from({ length: size }, (_, i) => completionAt(columnar, first + i, words)),
    })),
  };
}

export function completionAt(
  { completions }: ColumnarStep,
  index: number,
  words: Vocabulary,
): CompletionRecord {
  return rowAt(COMPLETION, completions, index, words);
}

/** About how much memory a step takes. */
export function bytesOf({ groups, prompts, completions, metrics }: ColumnarStep): number {
  return (
    bytesOfColumns(completions) +
    bytesOfArray(prompts) +
    BYTES_PER_STEP +
    BYTES_PER_METRIC * Object.keys(metrics).length +
    BYTES_PER_GROUP * groups.length
  );
}

/** What its arrays take beside their numbers, measured on steps of few completions: most of those. */
const BYTES_PER_STEP = 3000;
const BYTES_PER_METRIC = 24;

/** Objects of the start: measured as about this much with a lock's instance. */
const BYTES_PER_GROUP = 700;
