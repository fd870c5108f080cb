import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode, RefObject } from 'react';
import {
  firstToShow,
  ROW_HEIGHT,
  rowAfterKey,
  rowAtScroll,
  scrollHeight,
  scrollOfRow,
  VISIBLE_ROWS,
} from './window.ts';
import './grid.css';

export interface GridColumn<Row, By extends string> {
  readonly id: string;
  readonly label: string;
  /** In full, where the label is short. */
  readonly name: string;
  /** What the rows are sorted by; null where they are not. */
  readonly sort: By | null;
  /** Whether it falls where what the rows are sorted by rises, as an age does. */
  readonly isReversed?: true;
  readonly isNumber: boolean;
  /** @param isStop whether what can be pressed in the row is a tab stop: that of one row is. */
  readonly cell: (row: Row, isStop: boolean) => ReactNode;
}

export interface GridSort<By extends string> {
  readonly by: By;
  readonly descending: boolean;
}

export interface GridProps<Row, By extends string> {
  readonly labelledBy: string;
  readonly className: string;
  readonly columns: readonly GridColumn<Row, By>[];
  readonly total: number;
  /** Undefined while it is on its way. */
  readonly rowAt: (index: number) => Row | undefined;
  readonly sort: GridSort<By>;
  readonly setSort: (sort: GridSort<By>) => void;
  /** The first visible row. */
  readonly first: number;
  readonly scrollTo: (first: number) => void;
  /** Rows that there is room for. */
  readonly visible?: number;
  readonly open: (row: Row) => void;
  /** Where rows can be chosen. */
  readonly isSelected?: (row: Row) => boolean;
}

/** Height of the head of the table. */
const HEAD = 34;

/**
 * The table stands still in a long scroller and shows the rows for where that is scrolled to: only what is
 * seen is there. One row is a tab stop; arrow keys walk, Enter opens.
 */
export function Grid<Row, By extends string>(props: GridProps<Row, By>) {
  const { columns, total, rowAt, first, scrollTo, visible = VISIBLE_ROWS } = props;
  const scroller = useScroller(first, total, visible);
  const { body, active, setActive, walk } = useWalk(props, visible);
  const shown = Array.from({ length: Math.min(visible, total) }, (_, i) => first + i);
  const stop = shown.includes(active) ? active : first;
  return (
    <div
      ref={scroller}
      className={`grid-scroll ${props.className}`}
      style={{ height: visible * ROW_HEIGHT + HEAD }}
      onScroll={({ currentTarget }) => {
        const row = rowAtScroll(currentTarget.scrollTop, total, visible);
        if (row !== first) scrollTo(row);
      }}
    >
      <div className="grid-length" style={{ height: scrollHeight(total, visible) + HEAD }}>
        <table
          role="grid"
          aria-labelledby={props.labelledBy}
          aria-rowcount={total + 1}
          onKeyDown={walk}
        >
          <thead>
            <tr aria-rowindex={1}>
              {columns.map((column) => (
                <Heading key={column.id} column={column} {...props} />
              ))}
            </tr>
          </thead>
          <tbody ref={body}>
            {shown.map((index) => (
              <GridRow
                key={index}
                {...props}
                index={index}
                row={rowAt(index)}
                isStop={index === stop}
                activate={() => setActive(index)}
              />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

/** Keeps the scroller where the first visible row says. */
function useScroller(
  first: number,
  total: number,
  visible: number,
): RefObject<HTMLDivElement | null> {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = ref.current;
    if (element && rowAtScroll(element.scrollTop, total, visible) !== first) {
      element.scrollTop = scrollOfRow(first, total, visible);
    }
  }, [first, total, visible]);
  return ref;
}

/** The row that has the focus, and how keys move it. */
function useWalk<Row, By extends string>(props: GridProps<Row, By>, visible: number) {
  const { first, scrollTo, total, rowAt, open } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const moved = useRef(false);
  const [active, setActive] = useState(0);
  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    body.current?.querySelector<HTMLElement>('tr[tabindex="0"]')?.focus({ preventScroll: true });
  }, [active, first]);
  const walk = (event: KeyboardEvent): void => {
    if (!(event.target instanceof HTMLTableRowElement)) return;
    const row = rowAt(active);
    if (event.key === 'Enter' && row) return open(row);
    const to = rowAfterKey(event.key, active, total, visible);
    if (to === null) return;
    event.preventDefault();
    moved.current = true;
    setActive(to);
    scrollTo(firstToShow(to, first, visible));
  };
  return { body, active, setActive, walk };
}

type HeadingProps<Row, By extends string> = Pick<GridProps<Row, By>, 'sort' | 'setSort'> & {
  readonly column: GridColumn<Row, By>;
};

function Heading<Row, By extends string>({ column, sort, setSort }: HeadingProps<Row, By>) {
  const { label, name, sort: by } = column;
  const isSorted = by === sort.by;
  const falls = sort.descending !== (column.isReversed ?? false);
  const direction = falls ? 'descending' : 'ascending';
  return (
    <th
      scope="col"
      className={classOf(column)}
      title={name}
      aria-sort={by === null ? undefined : isSorted ? direction : 'none'}
    >
      {by === null ? (
        label || <span className="visually-hidden">{name}</span>
      ) : (
        <button
          type="button"
          aria-label={`${label}, sort`}
          onClick={() => setSort({ by, descending: isSorted ? !sort.descending : true })}
        >
          {label}
          <span className="sort-mark" aria-hidden="true">
            {isSorted ? (falls ? '↓' : '↑') : ''}
          </span>
        </button>
      )}
    </th>
  );
}

type RowProps<Row, By extends string> = Pick<
  GridProps<Row, By>,
  'columns' | 'open' | 'isSelected'
> & {
  readonly index: number;
  readonly row: Row | undefined;
  readonly isStop: boolean;
  readonly activate: () => void;
};

function GridRow<Row, By extends string>(props: RowProps<Row, By>) {
  const { columns, open, isSelected, index, row, isStop, activate } = props;
  return (
    <tr
      aria-rowindex={index + 2}
      aria-selected={row && isSelected?.(row)}
      tabIndex={isStop ? 0 : -1}
      onFocus={activate}
      onClick={() => row && open(row)}
    >
      {columns.map((column, at) => (
        <td key={column.id} className={classOf(column)}>
          {row ? column.cell(row, isStop) : at === 0 ? '…' : ''}
        </td>
      ))}
    </tr>
  );
}

function classOf({ id, isNumber }: { readonly id: string; readonly isNumber: boolean }): string {
  return `is-${id}${isNumber ? ' is-number' : ''}`;
}
