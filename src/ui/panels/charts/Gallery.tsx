import { memo, useDeferredValue, useId, useMemo, useRef } from 'react';
import { panelState } from '../../../app/panel-state.ts';
import { usePanelState } from '../../../app/hooks.ts';
import { useScheduledMount } from '../../charts/useScheduledDraw.ts';
import { Icon } from '../../controls/Icon.tsx';
import { GALLERY, search } from './catalog.ts';
import type { GalleryGroup, StepChartSpec } from './catalog.ts';
import { StepChart } from './StepChart.tsx';

const SOUGHT = panelState('');

export interface AllMetricsProps {
  readonly open: boolean;
  readonly setOpen: (open: boolean) => void;
}

/** Every metric of the run behind one button. */
export function AllMetrics({ open, setOpen }: AllMetricsProps) {
  // The button answers at once; seventy cells may take longer, to come and to go.
  const shown = useDeferredValue(open);
  const id = useId();
  return (
    <div className="all-metrics">
      <button type="button" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        {open ? 'Hide all metrics' : 'All metrics'}
      </button>
      <section id={id} hidden={!open} aria-label="All metrics">
        {shown && <Gallery />}
      </section>
    </div>
  );
}

const Gallery = memo(function AllCharts() {
  const [query, setQuery] = usePanelState(SOUGHT);
  const sought = useDeferredValue(query);
  const groups = useMemo(() => search(GALLERY, sought), [sought]);
  const count = groups.reduce((sum, { charts }) => sum + charts.length, 0);
  return (
    <>
      <div className="gallery-search">
        <label>
          <Icon name="search" />
          <span className="visually-hidden">Search metrics</span>
          <input
            type="search"
            value={query}
            placeholder="Search by name, symbol or meaning"
            onChange={(event) => setQuery(event.currentTarget.value)}
          />
        </label>
        <p role="status">{count === 0 ? 'No metric says that.' : `${count} charts`}</p>
      </div>
      {groups.map((group) => (
        <Group key={group.id} {...group} />
      ))}
    </>
  );
});

function Group({ title, charts }: GalleryGroup) {
  const id = useId();
  return (
    <section className="gallery-group" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      <div className="charts">
        {charts.map((spec) => (
          <Cell key={spec.title} spec={spec} />
        ))}
      </div>
    </section>
  );
}

/** The chart while it can be seen; else its name and meaning, in the room that it takes. */
function Cell({ spec }: { readonly spec: StepChartSpec }) {
  const cell = useRef<HTMLDivElement>(null);
  const built = useScheduledMount(cell);
  return (
    <div className="gallery-cell" ref={cell}>
      {built ? (
        <StepChart spec={spec} />
      ) : (
        <div className="chart">
          <p className="chart-title">{spec.title}</p>
          <p className="chart-explanation">{spec.explanation}</p>
        </div>
      )}
    </div>
  );
}
