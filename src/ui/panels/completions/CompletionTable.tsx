import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent, RefObject } from 'react';
import type { CompletionPage, CompletionRow } from '../../../runs/index/queries.ts';
import { COLUMNS, type Column } from './columns.ts';
import type { Sort } from './query.ts';
import {
  firstToShow,
  rowAfterKey,
  rowAtScroll,
  scrollHeight,
  scrollOfRow,
  VISIBLE_ROWS,
} from './rows.ts';

export interface CompletionTableProps {
  /** Some rows of all that were found; null before anything was. */
  readonly page: CompletionPage | null;
  readonly sort: Sort;
  readonly setSort: (sort: Sort) => void;
  /** The first visible row. */
  readonly first: number;
  readonly scrollTo: (first: number) => void;
  readonly open: (row: CompletionRow) => void;
  readonly showTask: (taskId: number) => void;
}

/**
 * The table stands still in a long scroller and shows the rows for where that is scrolled to: only what is
 * seen is there. One row is a tab stop; arrow keys walk, Enter opens.
 */
export function CompletionTable(props: CompletionTableProps) {
  const { page, sort, setSort, first, scrollTo, open, showTask } = props;
  const total = page?.total ?? 0;
  const scroller = useScroller(first, total);
  const { body, active, setActive, walk } = useWalk(props, total);
  const shown = Array.from({ length: Math.min(VISIBLE_ROWS, total) }, (_, i) => first + i);
  const stop = shown.includes(active) ? active : first;
  return (
    <div
      ref={scroller}
      className="completions-scroll"
      onScroll={({ currentTarget }) => {
        const row = rowAtScroll(currentTarget.scrollTop, total);
        if (row !== first) scrollTo(row);
      }}
    >
      <div className="completions-length" style={{ height: `${scrollHeight(total) + HEAD}px` }}>
        <table
          role="grid"
          aria-labelledby="completions-title"
          aria-rowcount={total + 1}
          onKeyDown={walk}
        >
          <thead>
            <tr aria-rowindex={1}>
              {COLUMNS.map((column) => (
                <Heading key={column.id} column={column} sort={sort} setSort={setSort} />
              ))}
            </tr>
          </thead>
          <tbody ref={body}>
            {shown.map((index) => (
              <Row
                key={index}
                index={index}
                row={rowAt(page, index)}
                isStop={index === stop}
                activate={() => setActive(index)}
                open={open}
                showTask={showTask}
              />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

/** Keeps the scroller where the first visible row says. */
function useScroller(first: number, total: number): RefObject<HTMLDivElement | null> {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = ref.current;
    if (element && rowAtScroll(element.scrollTop, total) !== first) {
      element.scrollTop = scrollOfRow(first, total);
    }
  }, [first, total]);
  return ref;
}

/** The row that has the focus, and how keys move it. */
function useWalk({ page, first, scrollTo, open }: CompletionTableProps, total: number) {
  const body = useRef<HTMLTableSectionElement>(null);
  const moved = useRef(false);
  const [active, setActive] = useState(0);
  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    body.current?.querySelector<HTMLElement>('tr[tabindex="0"]')?.focus({ preventScroll: true });
  }, [active, first]);
  const walk = (event: KeyboardEvent): void => {
    if (event.target instanceof HTMLButtonElement) return;
    const row = rowAt(page, active);
    if (event.key === 'Enter' && row) return open(row);
    const to = rowAfterKey(event.key, active, total);
    if (to === null) return;
    event.preventDefault();
    moved.current = true;
    setActive(to);
    scrollTo(firstToShow(to, first));
  };
  return { body, active, setActive, walk };
}

/** Height of the head of the table. */
const HEAD = 34;

function rowAt(page: CompletionPage | null, index: number): CompletionRow | undefined {
  return page?.rows[index - page.offset];
}

interface HeadingProps {
  readonly column: Column;
  readonly sort: Sort;
  readonly setSort: (sort: Sort) => void;
}

function Heading({ column: { id, label, name, sort: by, isNumber }, sort, setSort }: HeadingProps) {
  const isSorted = by === sort.by;
  const direction = sort.descending ? 'descending' : 'ascending';
  return (
    <th
      scope="col"
      className={`is-${id}${isNumber ? ' is-number' : ''}`}
      title={name}
      aria-sort={by === null ? undefined : isSorted ? direction : 'none'}
    >
      {by === null ? (
        label
      ) : (
        <button
          type="button"
          aria-label={`${label}, sort`}
          onClick={() => setSort({ by, descending: isSorted ? !sort.descending : true })}
        >
          {label}
          <span className="sort-mark" aria-hidden="true">
            {isSorted ? (sort.descending ? '↓' : '↑') : ''}
          </span>
        </button>
      )}
    </th>
  );
}

interface RowProps {
  readonly index: number;
  /** Undefined while it is on its way. */
  readonly row: CompletionRow | undefined;
  readonly isStop: boolean;
  readonly activate: () => void;
  readonly open: (row: CompletionRow) => void;
  readonly showTask: (taskId: number) => void;
}

function Row({ index, row, isStop, activate, open, showTask }: RowProps) {
  return (
    <tr
      aria-rowindex={index + 2}
      tabIndex={isStop ? 0 : -1}
      onFocus={activate}
      onClick={() => row && open(row)}
    >
      {COLUMNS.map(({ id, isNumber, cell }) => (
        <td key={id} className={`is-${id}${isNumber ? ' is-number' : ''}`}>
          {row ? cell(row) : id === 'attempt' ? '…' : ''}
          {id === 'attempt' && row && (
            <button
              type="button"
              className="quiet row-task"
              tabIndex={isStop ? 0 : -1}
              onClick={(event) => {
                event.stopPropagation();
                showTask(row.start.taskId);
              }}
            >
              same task
            </button>
          )}
        </td>
      ))}
    </tr>
  );
}
