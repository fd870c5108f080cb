import { useEffect, useId, useRef, useState } from 'react';
import type { FocusEvent, KeyboardEvent, RefObject, UIEvent } from 'react';
import type { BufferRow, BufferView } from '../../../runs/index/queries.ts';
import { columnsOf, type Column } from './columns.tsx';
import type { BufferAsk } from './useBuffer.ts';
import { usePressed } from './usePressed.ts';
import { askedSpan, drawnSpan, ROW_HEIGHT, rowByKey, scrolledTo } from './window.ts';

export interface BufferTableProps {
  readonly buffer: BufferAsk;
  readonly view: BufferView;
  readonly chosenId: number | null;
  readonly choose: (row: BufferRow) => void;
}

/** Rows of the body that the frame has room for; `buffer.css` gives it that height. */
const VISIBLE = 12;
const BODY = VISIBLE * ROW_HEIGHT;

/** All histories that the filter lets through; only what is near the scrolled place exists. */
export function BufferTable({ view: newest, ...others }: BufferTableProps) {
  const { value: view, ...pressed } = usePressed(newest);
  const props = { ...others, view };
  const { buffer, chosenId, choose } = props;
  const columns = columnsOf(view.hasTurns);
  const base = useId();
  const frame = useRef<HTMLDivElement>(null);
  const { from, to, active, rowAt, onScroll, onFocus, onKeyDown, setActive } = useRows(
    props,
    frame,
  );
  const isDrawn = active !== null && active >= from && active < to;
  return (
    <div ref={frame} className="buffer-frame" aria-busy={buffer.answer.pending} onScroll={onScroll}>
      {/* One stop for the whole table: arrow keys move in it. */}
      <table
        role="grid"
        className="buffer-table"
        aria-label="Histories in the buffer"
        aria-rowcount={view.total + 1}
        aria-activedescendant={isDrawn ? `${base}-${active}` : undefined}
        tabIndex={0}
        onFocus={onFocus}
        onKeyDown={onKeyDown}
        {...pressed}
      >
        <Head buffer={buffer} columns={columns} />
        <tbody>
          <Spacer rows={from} />
          {Array.from({ length: to - from }, (_, i) => (
            <Row
              key={from + i}
              id={`${base}-${from + i}`}
              index={from + i}
              row={rowAt(from + i)}
              columns={columns}
              step={view.step}
              isActive={from + i === active}
              chosenId={chosenId}
              choose={(row) => {
                setActive(from + i);
                choose(row);
              }}
            />
          ))}
          <Spacer rows={view.total - to} />
        </tbody>
      </table>
    </div>
  );
}

/** What of the table is drawn, and which row the keys are at. */
function useRows({ buffer, view, choose }: BufferTableProps, frame: RefObject<HTMLElement | null>) {
  const [scrollTop, setScrollTop] = useState(0);
  const [active, setActive] = useState<number | null>(null);
  const { sort, filter } = buffer;
  const order = JSON.stringify([sort, filter]);
  // Another order or filter is read from its beginning.
  useEffect(() => {
    // Newer browsers return a promise, which is no way to clean up.
    frame.current?.scrollTo(0, 0);
  }, [frame, order]);
  const { from, to } = drawnSpan(scrollTop, BODY, view.total);
  const rowAt = (index: number): BufferRow | undefined => view.rows[index - view.offset];
  const move = (event: KeyboardEvent): boolean => {
    const row = Math.min(active ?? firstSeen(scrollTop), view.total - 1);
    const held = rowAt(row);
    if (event.key === 'Enter') {
      if (held) choose(held);
      return true;
    }
    const next = rowByKey(event.key, row, view.total, VISIBLE);
    if (next === null) return false;
    setActive(next);
    const { current } = frame;
    current?.scrollTo(current.scrollLeft, scrolledTo(next, current.scrollTop, BODY));
    return true;
  };
  return {
    ...{ from, to, active, rowAt, setActive },
    onScroll: (event: UIEvent<HTMLElement>) => {
      const top = event.currentTarget.scrollTop;
      // A row further is the least that changes anything.
      setScrollTop(Math.floor(top / ROW_HEIGHT) * ROW_HEIGHT);
      buffer.show(askedSpan(top, BODY));
    },
    onFocus: (event: FocusEvent) => {
      if (event.target === event.currentTarget) setActive((row) => row ?? firstSeen(scrollTop));
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.target !== event.currentTarget || view.total === 0) return;
      if (move(event)) event.preventDefault();
    },
  };
}

function firstSeen(scrollTop: number): number {
  return Math.ceil(scrollTop / ROW_HEIGHT);
}

interface HeadProps {
  readonly buffer: BufferAsk;
  readonly columns: readonly Column[];
}

function Head({ buffer: { sort, sortBy }, columns }: HeadProps) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {columns.map((column) => (
          <th
            key={column.id}
            scope="col"
            className={classOf(column)}
            aria-sort={sort.by === column.sort ? direction(column, sort.descending) : undefined}
          >
            {column.sort === null ? (
              <span title={column.help}>{column.label}</span>
            ) : (
              <button type="button" title={column.help} onClick={() => sortBy(column.sort!)}>
                {column.label}
                <span aria-hidden="true" className="buffer-arrow">
                  {sort.by === column.sort && ARROWS[direction(column, sort.descending)]}
                </span>
              </button>
            )}
          </th>
        ))}
      </tr>
    </thead>
  );
}

const ARROWS = { ascending: '↑', descending: '↓' } as const;

function direction({ reversed }: Column, descending: boolean): keyof typeof ARROWS {
  return descending === (reversed ?? false) ? 'ascending' : 'descending';
}

function classOf({ id, isNumber }: Column): string {
  return `buffer-${id}${isNumber ? ' number' : ''}`;
}

interface RowProps {
  readonly id: string;
  /** From 0, among all that the filter lets through. */
  readonly index: number;
  /** Undefined while it is on its way. */
  readonly row: BufferRow | undefined;
  readonly columns: readonly Column[];
  readonly step: number;
  readonly isActive: boolean;
  readonly chosenId: number | null;
  readonly choose: (row: BufferRow) => void;
}

function Row({ id, index, row, columns, step, isActive, chosenId, choose }: RowProps) {
  return (
    // The table takes the keys.
    <tr
      id={id}
      className={isActive ? 'is-active' : undefined}
      aria-rowindex={index + 2}
      aria-selected={row !== undefined && row.id === chosenId}
      onClick={() => row && choose(row)}
    >
      {columns.map((column) => (
        <td key={column.id} className={classOf(column)}>
          {row ? column.cell(row, step) : column.id === 'id' ? '…' : ''}
        </td>
      ))}
    </tr>
  );
}

/** Stands for rows that are not drawn. */
function Spacer({ rows }: { readonly rows: number }) {
  if (rows <= 0) return null;
  return (
    <tr aria-hidden="true" className="buffer-spacer" style={{ height: rows * ROW_HEIGHT }}>
      {/* Alone in its row: where columns are left out, one that spans them all would bring them back. */}
      <td />
    </tr>
  );
}
