import { useEffect, useId, useMemo } from 'react';
import { panelState } from '../../../app/panel-state.ts';
import { useKept, useRunLibrary, useRunLibraryActions, usePanelState } from '../../../app/hooks.ts';
import type { RunSummary } from '../../../runs/store/run-store.ts';
import { PARAMS } from '../../../schema/params.ts';
import { Grid } from '../../widgets/grid/Grid.tsx';
import type { GridSort } from '../../widgets/grid/Grid.tsx';
import { CurveChart } from './CurveChart.tsx';
import { colorOf } from './curves.ts';
import { differencesOf, groupsOf } from './eyed.ts';
import type { EyedGroup, EyedRun } from './eyed.ts';
import { runColumns, sortedRuns, speaksOf } from './runColumns.tsx';
import type { RunSortKey } from './runColumns.tsx';

const BY_STRATEGY = panelState(false);
const SOUGHT = panelState('');
const SORT = panelState<GridSort<RunSortKey>>({ by: 'saved', descending: true });
const FIRST = panelState(0);

/** Rows that are seen without scrolling. */
const MOST_ROWS = 8;

const NO_RUNS: readonly RunSummary[] = [];

/** Every run that the browser keeps, and the curves of those that are eyed. */
export function RunsTable() {
  const title = useId();
  const listing = useRunLibrary((state) => state.listing);
  const problem = useRunLibrary((state) => state.problem);
  const [byStrategy, setByStrategy] = usePanelState(BY_STRATEGY);
  const groups = useEyedGroups(byStrategy);
  useFreshList();
  const runs = listing?.runs ?? NO_RUNS;
  return (
    <section className="compare-runs" aria-labelledby={title}>
      <h3 id={title}>Runs kept in this browser</h3>
      {problem !== null && <p className="compare-failure">{problem}</p>}
      {listing === null && problem === null && <p className="compare-note">Reading …</p>}
      {listing !== null && runs.length === 0 && (
        <p className="compare-note">None yet. The first training step of a run brings it here.</p>
      )}
      {runs.length > 0 && <Table {...{ title, runs, groups, byStrategy, setByStrategy }} />}
      {groups.length > 0 && <Eyed groups={groups} />}
    </section>
  );
}

/** Read when the table opens, and with each save of the run that is trained. */
function useFreshList(): void {
  const { refresh } = useRunLibraryActions();
  const step = useKept(({ run }) => run?.step ?? null);
  useEffect(() => void refresh(), [refresh, step]);
}

function useEyedGroups(byStrategy: boolean): readonly EyedGroup[] {
  const eyed = useRunLibrary((state) => state.eyed);
  const courses = useRunLibrary((state) => state.courses);
  const listing = useRunLibrary((state) => state.listing);
  return useMemo(() => {
    const runs = eyed.flatMap((id): EyedRun[] => {
      const summary = listing?.runs.find((run) => run.id === id);
      const course = courses.get(id);
      return summary && course ? [{ summary, course }] : [];
    });
    return groupsOf(runs, byStrategy);
  }, [eyed, courses, listing, byStrategy]);
}

interface TableProps {
  readonly title: string;
  readonly runs: readonly RunSummary[];
  readonly groups: readonly EyedGroup[];
  readonly byStrategy: boolean;
  readonly setByStrategy: (byStrategy: boolean) => void;
}

function Table({ title, runs, groups, byStrategy, setByStrategy }: TableProps) {
  const eyed = useRunLibrary((state) => state.eyed);
  const { eye } = useRunLibraryActions();
  const [text, setText] = usePanelState(SOUGHT);
  const [sort, setSort] = usePanelState(SORT);
  const [first, scrollTo] = usePanelState(FIRST);
  const found = useMemo(
    () =>
      sortedRuns(
        runs.filter((run) => speaksOf(run, text)),
        sort,
        byStrategy,
      ),
    [runs, text, sort, byStrategy],
  );
  const toggle = (id: string): void =>
    void eye(eyed.includes(id) ? eyed.filter((one) => one !== id) : [...eyed, id]);
  const find = (words: string): void => {
    setText(words);
    scrollTo(0);
  };
  const visible = Math.min(MOST_ROWS, Math.max(1, found.length));
  return (
    <>
      <Tools {...{ text, find, found, byStrategy, setByStrategy }} of={runs.length} />
      <Grid
        labelledBy={title}
        className="compare-grid"
        columns={runColumns({ colorOf: (id) => colorOfRun(id, eyed, groups), toggle })}
        total={found.length}
        rowAt={(index) => found[index]}
        sort={sort}
        setSort={setSort}
        first={Math.min(first, Math.max(0, found.length - visible))}
        scrollTo={scrollTo}
        visible={visible}
        open={({ id }) => toggle(id)}
        isSelected={({ id }) => eyed.includes(id)}
      />
    </>
  );
}

/** Null where it is not drawn; of one that is to be drawn and has not been read yet, none. */
function colorOfRun(
  id: string,
  eyed: readonly string[],
  groups: readonly EyedGroup[],
): string | null {
  if (!eyed.includes(id)) return null;
  const at = groups.findIndex((group) => group.runs.some(({ summary }) => summary.id === id));
  return at < 0 ? 'transparent' : colorOf(at);
}

interface ToolsProps extends Pick<TableProps, 'byStrategy' | 'setByStrategy'> {
  readonly text: string;
  readonly find: (text: string) => void;
  readonly found: readonly RunSummary[];
  /** Of how many. */
  readonly of: number;
}

function Tools({ text, find, found, of, byStrategy, setByStrategy }: ToolsProps) {
  const isNoneEyed = useRunLibrary((state) => state.eyed.length === 0);
  const { eye } = useRunLibraryActions();
  return (
    <div className="compare-tools">
      <input
        type="search"
        className="number-field"
        aria-label="Find runs"
        placeholder="Find by name, note, domain …"
        value={text}
        onChange={(event) => find(event.currentTarget.value)}
      />
      <label>
        <input
          type="checkbox"
          checked={byStrategy}
          onChange={(event) => setByStrategy(event.currentTarget.checked)}
        />
        Group by strategy
      </label>
      <button type="button" onClick={() => void eye(found.map(({ id }) => id).slice(0, MOST_EYED))}>
        Draw all{found.length > MOST_EYED && ` (${MOST_EYED} at most)`}
      </button>
      <button
        type="button"
        className="quiet"
        aria-disabled={isNoneEyed}
        onClick={() => void eye([])}
      >
        Draw none
      </button>
      <span role="status">{found.length < of && `${found.length} of ${of}`}</span>
    </div>
  );
}

/** Curves of so many are read at once. */
const MOST_EYED = 60;

function Eyed({ groups }: { readonly groups: readonly EyedGroup[] }) {
  const differences = useMemo(() => differencesOf(groups), [groups]);
  return (
    <>
      {groups.flatMap(({ runs }) => runs).length > 1 && (
        <div className="compare-differences">
          <h4>What they differ in</h4>
          {differences.length === 0 && <p>Nothing but their seeds.</p>}
          <dl>
            {differences.map(({ id, values }) => (
              <div key={id}>
                <dt>{PARAMS[id].label}</dt>
                <dd>
                  {values.map(({ value, names }) => (
                    <span key={value}>
                      <strong>{value}</strong> {names.join(', ')}
                    </span>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </div>
      )}
      <CurveChart title="Runs side by side" groups={groups} empty="Nothing was recorded yet." />
    </>
  );
}
