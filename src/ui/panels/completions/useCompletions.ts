import { panelState } from '../../../app/panel-state.ts';
import { useAnswer } from '../../../app/answers.ts';
import { useHasSteps, useLab, usePanelState } from '../../../app/hooks.ts';
import type { CompletionPage } from '../../../runs/index/queries.ts';
import { NEWEST_FIRST, NO_FILTERS, queryOf, type Filters, type Sort } from './query.ts';
import { blockAround } from '../../widgets/grid/window.ts';
import { useDebounced } from '../../useDebounced.ts';

/** Sorting by a column looks at every completion; by step it looks at new ones only. In ms. */
const FOLLOW_EVERY = { step: 1000, column: 3000 };
/** Typing asks when it pauses. */
const TYPING = 200;

export interface View {
  readonly filters: Filters;
  readonly sort: Sort;
  /** The first visible row. */
  readonly first: number;
  /** The newest step that is looked at while the list is held still; null follows the run. */
  readonly until: number | null;
}

export interface Completions {
  readonly view: View;
  /** Rows around the visible ones; null before there are any. */
  readonly page: CompletionPage | null;
  readonly filter: (change: Partial<Filters>) => void;
  readonly sortBy: (sort: Sort) => void;
  readonly scrollTo: (first: number) => void;
  readonly hold: () => void;
  readonly follow: () => void;
}

const NEWEST: Pick<View, 'first' | 'until'> = { first: 0, until: null };

const VIEW = panelState<View>({ filters: NO_FILTERS, sort: NEWEST_FIRST, ...NEWEST });

export function useCompletions(onScreen: boolean): Completions {
  const [view, setView] = usePanelState(VIEW);
  const page = usePage(view, onScreen);
  const { session } = useLab();
  const hold = (): void => {
    const newest = page?.range?.to ?? session.getState().step;
    setView((before) => ({ ...before, until: before.until ?? newest }));
  };
  return {
    view,
    page,
    filter: (change) =>
      setView((before) => ({ ...before, ...NEWEST, filters: { ...before.filters, ...change } })),
    sortBy: (sort) => setView((before) => ({ ...before, ...NEWEST, sort })),
    scrollTo: (first) => {
      setView((before) => ({ ...before, first }));
      // Rows that a person has scrolled to must not slip away under new ones.
      if (first > 0) hold();
    },
    hold,
    follow: () => setView((before) => ({ ...before, ...NEWEST })),
  };
}

function usePage({ filters, sort, first, until }: View, onScreen: boolean): CompletionPage | null {
  const debounced = useDebounced(filters, TYPING);
  const trained = useHasSteps();
  const request = onScreen && trained ? queryOf(debounced, sort, blockAround(first), until) : null;
  const following = sort.by === 'step' ? FOLLOW_EVERY.step : FOLLOW_EVERY.column;
  const { value } = useAnswer('completions', request, { every: until === null ? following : 0 });
  return trained ? value : null;
}
