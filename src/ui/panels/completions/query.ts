/** What a person filters the completions by, and the question to the worker that it makes. */
import type { CompletionQuery } from '../../../runs/index/queries.ts';
import type { Mode } from '../../../tasks/task.ts';

export const MODES_SHOWN = ['solve', 'improve', 'diverge'] as const satisfies readonly Mode[];

/** As typed: an empty bound is none. */
export interface Filters {
  readonly text: string;
  readonly modes: readonly Mode[];
  readonly solved: 'any' | 'solved' | 'unsolved';
  readonly quality: Bounds;
  readonly steps: Bounds;
  readonly depths: Bounds;
  readonly taskId: number | null;
}

export interface Bounds {
  readonly from: string;
  readonly to: string;
}

const OPEN: Bounds = { from: '', to: '' };

export const NO_FILTERS: Filters = {
  text: '',
  modes: [],
  solved: 'any',
  quality: OPEN,
  steps: OPEN,
  depths: OPEN,
  taskId: null,
};

export function isFiltered(filters: Filters): boolean {
  return JSON.stringify(filters) !== JSON.stringify(NO_FILTERS);
}

export type Sort = CompletionQuery['sort'];

export const NEWEST_FIRST: Sort = { by: 'step', descending: true };

export interface Window {
  readonly offset: number;
  readonly limit: number;
}

/** @param until the newest step that is looked at; null for all. */
export function queryOf(
  filters: Filters,
  sort: Sort,
  { offset, limit }: Window,
  until: number | null,
): CompletionQuery {
  const { text, modes, solved, quality, depths, taskId } = filters;
  return {
    text: text.trim(),
    modes: modes.length === MODES_SHOWN.length ? [] : modes,
    solved: solved === 'any' ? null : solved === 'solved',
    quality: spanOf(quality, 0, 1) ?? [0, 1],
    steps: stepsOf(filters.steps, until),
    depths: spanOf(depths, 0, Number.MAX_SAFE_INTEGER),
    taskId,
    sort,
    offset,
    limit,
  };
}

function stepsOf(steps: Bounds, until: number | null): [number, number] | null {
  const span = spanOf(steps, 0, Number.MAX_SAFE_INTEGER);
  if (until === null) return span;
  return [span?.[0] ?? 0, Math.min(span?.[1] ?? until, until)];
}

/** Null where neither bound is a number. */
function spanOf({ from, to }: Bounds, least: number, most: number): [number, number] | null {
  const [low, high] = [numberIn(from), numberIn(to)];
  return low === null && high === null ? null : [low ?? least, high ?? most];
}

function numberIn(text: string): number | null {
  const value = Number(text.replace(',', '.'));
  return text.trim() === '' || Number.isNaN(value) ? null : value;
}
