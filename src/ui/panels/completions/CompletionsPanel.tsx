import { useRef } from 'react';
import { useFocus, useFocusActions, useLab } from '../../../app/hooks.ts';
import { INSPECTOR, scrollToPanel } from '../../navigation.ts';
import { useVisible } from '../../useVisible.ts';
import { CompletionTable } from './CompletionTable.tsx';
import { FilterBar } from './FilterBar.tsx';
import { isFiltered, NO_FILTERS } from './query.ts';
import { Summary } from './Summary.tsx';
import { useCompletions } from './useCompletions.ts';
import './completions.css';

/** All completions that the worker keeps, to be filtered, sorted and opened. */
export function CompletionsPanel() {
  const { places } = useLab();
  const ref = useRef<HTMLElement>(null);
  const onScreen = useVisible(ref, { margin: '200px', initially: true });
  const { view, page, filter, sortBy, scrollTo, hold, follow } = useCompletions(onScreen);
  const lineageTask = useFocus((focus) => focus.taskId);
  const { pin } = useFocusActions();
  const filtered = isFiltered(view.filters);
  return (
    <section ref={ref} className="completions" aria-labelledby="completions-title">
      <h2 id="completions-title">Completions</h2>
      <FilterBar
        filters={view.filters}
        lineageTask={lineageTask}
        change={filter}
        clear={filtered ? () => filter(NO_FILTERS) : null}
      />
      <Summary
        page={page}
        filtered={filtered}
        until={view.until}
        setFollowing={(follows) => (follows ? follow() : hold())}
      />
      <CompletionTable
        page={page}
        sort={view.sort}
        setSort={sortBy}
        first={view.first}
        scrollTo={scrollTo}
        open={({ step, group, index }) => {
          hold();
          pin(step, group, index);
          scrollToPanel(places, 'inside', INSPECTOR);
        }}
        showTask={(taskId) => filter({ taskId })}
      />
    </section>
  );
}
