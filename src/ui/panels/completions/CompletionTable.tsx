import { useMemo } from 'react';
import type { CompletionPage, CompletionRow } from '../../../runs/index/queries.ts';
import { Grid, type GridColumn } from '../../widgets/grid/Grid.tsx';
import { COLUMNS } from './columns.ts';
import type { Sort } from './query.ts';

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

export function CompletionTable({ page, showTask, ...props }: CompletionTableProps) {
  const columns = useMemo(() => columnsWith(showTask), [showTask]);
  return (
    <Grid
      {...props}
      labelledBy="completions-title"
      className="completions-scroll"
      columns={columns}
      total={page?.total ?? 0}
      rowAt={(index) => page?.rows[index - page.offset]}
    />
  );
}

/** The attempt leads to all others at its task. */
function columnsWith(
  showTask: (taskId: number) => void,
): readonly GridColumn<CompletionRow, Sort['by']>[] {
  return COLUMNS.map((column) =>
    column.id !== 'attempt'
      ? column
      : {
          ...column,
          cell: (row, isStop) => (
            <>
              {column.cell(row, isStop)}
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
            </>
          ),
        },
  );
}
