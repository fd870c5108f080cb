import { useMemo } from 'react';
import type { BufferRow, BufferView } from '../../../runs/index/queries.ts';
import { Grid } from '../../widgets/grid/Grid.tsx';
import { columnsOf } from './columns.tsx';
import type { BufferAsk } from './useBuffer.ts';
import { usePressed } from './usePressed.ts';

export interface BufferTableProps {
  readonly buffer: BufferAsk;
  readonly view: BufferView;
  readonly chosenId: number | null;
  readonly choose: (row: BufferRow) => void;
}

/** All histories that the filter lets through. */
export function BufferTable({ buffer, view: newest, chosenId, choose }: BufferTableProps) {
  const { value: view, ...pressed } = usePressed(newest);
  const { hasTurns, step, total, rows, offset } = view;
  const columns = useMemo(() => columnsOf(hasTurns, step), [hasTurns, step]);
  return (
    <div aria-busy={buffer.answer.pending} {...pressed}>
      <h3 id="buffer-histories" className="visually-hidden">
        Histories in the buffer
      </h3>
      <Grid
        labelledBy="buffer-histories"
        className="buffer-histories"
        {...{ columns, total }}
        rowAt={(index) => rows[index - offset]}
        sort={buffer.sort}
        setSort={buffer.setSort}
        first={buffer.first}
        scrollTo={buffer.scrollTo}
        open={choose}
        isSelected={({ id }) => id === chosenId}
      />
    </div>
  );
}
