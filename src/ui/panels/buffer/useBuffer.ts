import { useState } from 'react';
import type { RefObject } from 'react';
import { useAnswer, type Answer } from '../../../store/answers.ts';
import { useRunInfo } from '../../../store/hooks.ts';
import type { BufferFilter, BufferQuery, BufferView } from '../../../worker/queries.ts';
import { useInView } from './useInView.ts';

export type SortKey = BufferQuery['sort']['by'];

export interface BufferAsk {
  readonly answer: Answer<BufferView>;
  readonly filter: BufferFilter;
  readonly sort: BufferQuery['sort'];
  /** Takes over what is given; back to the top of the table. */
  readonly narrow: (change: Partial<BufferFilter>) => void;
  /** By this column; by it the other way round where it is sorted by it already. */
  readonly sortBy: (key: SortKey) => void;
  /** Makes sure that these rows come. */
  readonly show: (span: Span) => void;
}

type Span = Pick<BufferQuery, 'offset' | 'limit'>;

export const ALL: BufferFilter = { depth: null, bin: null, modes: [], text: '' };
const TOP: Span = { offset: 0, limit: 50 };
/** ms. */
const REFRESH = 2000;

/** Columns whose greatest values are looked for first. */
const FALLING: readonly SortKey[] = ['score', 'quality', 'uses', 'created', 'depth', 'id'];

/** The buffer as it stands now, asked for again while training goes on and the panel is in view. */
export function useBuffer(ref: RefObject<Element | null>): BufferAsk {
  const [filter, setFilter] = useState(ALL);
  const [sort, setSort] = useState<BufferQuery['sort']>({ by: 'score', descending: true });
  const [span, setSpan] = useState(TOP);
  const ready = useRunInfo() !== null;
  const asks = useInView(ref) && ready;
  const answer = useAnswer('buffer', asks ? { ...filter, sort, ...span } : null, {
    every: REFRESH,
  });
  return {
    answer,
    filter,
    sort,
    narrow: (change) => {
      setFilter({ ...filter, ...change });
      setSpan(TOP);
    },
    sortBy: (by) => {
      setSort({ by, descending: by === sort.by ? !sort.descending : FALLING.includes(by) });
      setSpan(TOP);
    },
    show: (next) => {
      if (next.offset !== span.offset || next.limit !== span.limit) setSpan(next);
    },
  };
}
