import { useId } from 'react';
import type { Mode } from '../../../tasks/task.ts';
import { MODES_SHOWN, type Bounds, type Filters } from './query.ts';

export interface FilterBarProps {
  readonly filters: Filters;
  /** The base task whose lineage is looked at, which can be filtered by. */
  readonly lineageTask: number | null;
  readonly change: (change: Partial<Filters>) => void;
  /** Null while nothing is filtered. */
  readonly clear: (() => void) | null;
}

/** All filters in one row that wraps. */
export function FilterBar({ filters, lineageTask, change, clear }: FilterBarProps) {
  const id = useId();
  return (
    <div className="filters" role="search" aria-label="Filter completions">
      <div className="filter filter-text">
        <label htmlFor={`${id}-text`}>Words</label>
        <input
          id={`${id}-text`}
          type="search"
          className="filter-field"
          placeholder="in attempt or feedback"
          autoComplete="off"
          spellCheck={false}
          value={filters.text}
          onChange={(event) => change({ text: event.currentTarget.value })}
        />
      </div>
      <Modes modes={filters.modes} change={(modes) => change({ modes })} />
      <div className="filter">
        <label htmlFor={`${id}-solved`}>Solved</label>
        <select
          id={`${id}-solved`}
          value={filters.solved}
          onChange={(event) => change({ solved: solvedOf(event.currentTarget.value) })}
        >
          <option value="any">any</option>
          <option value="solved">solved</option>
          <option value="unsolved">not solved</option>
        </select>
      </div>
      <Range
        label="Quality"
        bounds={filters.quality}
        change={(quality) => change({ quality })}
        hints={['0', '1']}
      />
      <Range label="Depth" bounds={filters.depths} change={(depths) => change({ depths })} />
      <Range label="Steps" bounds={filters.steps} change={(steps) => change({ steps })} />
      <TaskFilter
        taskId={filters.taskId}
        lineageTask={lineageTask}
        choose={(taskId) => change({ taskId })}
      />
      <button type="button" className="quiet" disabled={clear === null} onClick={() => clear?.()}>
        Clear filters
      </button>
    </div>
  );
}

function solvedOf(value: string): Filters['solved'] {
  return value === 'solved' || value === 'unsolved' ? value : 'any';
}

interface ModesProps {
  readonly modes: readonly Mode[];
  readonly change: (modes: readonly Mode[]) => void;
}

/** None is all. */
function Modes({ modes, change }: ModesProps) {
  return (
    <fieldset className="filter filter-modes">
      <legend>Mode</legend>
      <div className="segmented">
        {MODES_SHOWN.map((mode) => (
          <label key={mode} className="segment">
            <input
              type="checkbox"
              checked={modes.includes(mode)}
              onChange={(event) =>
                change(
                  event.currentTarget.checked
                    ? [...modes, mode]
                    : modes.filter((other) => other !== mode),
                )
              }
            />
            <span>{mode}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface RangeProps {
  readonly label: string;
  readonly bounds: Bounds;
  readonly change: (bounds: Bounds) => void;
  readonly hints?: readonly [string, string];
}

function Range({ label, bounds, change, hints = ['from', 'to'] }: RangeProps) {
  const field = (end: 'from' | 'to', hint: string) => (
    <input
      className="filter-field filter-number"
      type="text"
      inputMode="decimal"
      autoComplete="off"
      aria-label={`${label} ${end}`}
      placeholder={hint}
      value={bounds[end]}
      onChange={(event) => change({ ...bounds, [end]: event.currentTarget.value })}
    />
  );
  return (
    <fieldset className="filter">
      <legend>{label}</legend>
      <div className="filter-range">
        {field('from', hints[0])}
        <span aria-hidden="true">–</span>
        {field('to', hints[1])}
      </div>
    </fieldset>
  );
}

interface TaskFilterProps {
  readonly taskId: number | null;
  readonly lineageTask: number | null;
  readonly choose: (taskId: number | null) => void;
}

/** One base task: that of the lineage, or of a row, which has a button for it. */
function TaskFilter({ taskId, lineageTask, choose }: TaskFilterProps) {
  const id = useId();
  const options = [...new Set([taskId, lineageTask])].filter((option) => option !== null);
  return (
    <div className="filter">
      <label htmlFor={id}>Task</label>
      <select
        id={id}
        value={taskId ?? ''}
        onChange={(event) => {
          const { value } = event.currentTarget;
          choose(value === '' ? null : Number(value));
        }}
      >
        <option value="">any</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {option === lineageTask ? 'that of the lineage' : 'that of the row'}
          </option>
        ))}
      </select>
    </div>
  );
}
