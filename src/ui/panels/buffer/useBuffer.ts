import { useState } from 'react';
import type { RefObject } from 'react';
import { panelState } from '../../../app/panel-state.ts';
import { useAnswer, type Answer } from '../../../app/answers.ts';
import { useRun, useRunInfo, usePanelState } from '../../../app/hooks.ts';
import type { RunState } from '../../../app/run.ts';
import type { BufferFilter, BufferQuery, BufferView } from '../../../runs/index/queries.ts';
import { useVisible } from '../../useVisible.ts';
import { blockAround } from '../../widgets/grid/window.ts';

export interface BufferAsk {
  readonly answer: Answer<BufferView>;
  readonly filter: BufferFilter;
  readonly sort: BufferQuery['sort'];
  /** Takes over what is given; back to the top of the table. */
  readonly narrow: (change: Partial<BufferFilter>) => void;
  /** Back to the top as well. */
  readonly setSort: (sort: BufferQuery['sort']) => void;
  /** Whether the rows stay as they are, to be read. */
  readonly held: boolean;
  readonly hold: (held: boolean) => void;
  /** The first visible row. */
  readonly first: number;
  readonly scrollTo: (first: number) => void;
}

export const ALL: BufferFilter = { depth: null, bin: null, modes: [], text: '' };
const FILTER = panelState(ALL);
const SORT = panelState<BufferQuery['sort']>({ by: 'score', descending: true });
/** As many rows as are held to be read: all of them come at once, since they must be of one moment. */
const HELD = { offset: 0, limit: 1000 };
/** ms. */
const REFRESH = 2000;
/** What a person is about to scroll to is fetched already. */
export const AHEAD = { margin: '300px' } as const;

/** The buffer as it stands now, asked for again while training goes on and the panel is in view. */
export function useBuffer(ref: RefObject<Element | null>): BufferAsk {
  const [filter, setFilter] = usePanelState(FILTER);
  const [sort, setSort] = usePanelState(SORT);
  const [first, scrollTo] = useState(0);
  const ready = useRunInfo() !== null;
  const [held, hold] = useState(false);
  const inView = useVisible(ref, AHEAD);
  const asks = ready && (inView || held);
  const asked = { ...filter, sort, ...(held ? HELD : blockAround(first)) };
  const newest = useAnswer('buffer', asks ? asked : null, { every: held ? 0 : REFRESH });
  const answer = held && !newest.pending ? toItsRows(newest) : newest;
  const shownStep = answer.value?.step ?? 0;
  // What was held is of a run that is gone.
  if (useRun((run) => held && newestStep(run) < shownStep)) hold(false);
  return {
    answer,
    held,
    hold,
    filter,
    sort,
    narrow: (change) => {
      setFilter({ ...filter, ...change });
      scrollTo(0);
    },
    setSort: (next) => {
      setSort(next);
      scrollTo(0);
    },
    first,
    scrollTo,
  };
}

/** No more will come, so that the table ends with them. */
export function toItsRows({ value, ...others }: Answer<BufferView>): Answer<BufferView> {
  return { ...others, value: value && { ...value, total: value.rows.length } };
}

/** 0 before the first. */
export function newestStep({ history }: RunState): number {
  return history.steps[history.length - 1] ?? 0;
}
