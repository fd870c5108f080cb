import type { ReactNode } from 'react';
import type { BufferQuery, BufferRow } from '../../../runs/index/queries.ts';
import { formatFixed } from '../../format.ts';
import type { GridColumn } from '../../widgets/grid/Grid.tsx';
import { thousandths } from './grid.ts';
import { modeName, shortAttempt } from './labels.ts';

type Column = GridColumn<BufferRow, BufferQuery['sort']['by']>;

interface BufferColumn extends Omit<Column, 'cell'> {
  readonly cell: (row: BufferRow, step: number) => ReactNode;
}

/** The columns as of a step; turns are worth one only where a conversation has several. */
export function columnsOf(hasTurns: boolean, step: number): readonly Column[] {
  return COLUMNS.filter(({ id }) => hasTurns || id !== 'turn').map((column) => ({
    ...column,
    cell: (row) => column.cell(row, step),
  }));
}

const COLUMNS: readonly BufferColumn[] = [
  {
    ...{ id: 'id', label: 'id', name: 'Histories are numbered as they come', sort: 'id' },
    isNumber: true,
    cell: ({ id }) => id,
  },
  {
    ...{ id: 'depth', label: 'depth', name: 'Revisions behind the latest attempt', sort: 'depth' },
    isNumber: true,
    cell: ({ depth }) => depth,
  },
  {
    ...{ id: 'turn', label: 'turn', name: 'Turn of the conversation, from 1', sort: 'turn' },
    isNumber: true,
    cell: ({ turn }) => turn + 1,
  },
  {
    ...{ id: 'mode', label: 'mode', name: 'How the latest attempt came about', sort: 'mode' },
    isNumber: false,
    cell: ({ mode }) => modeName(mode),
  },
  {
    id: 'score',
    label: 'S',
    name: 'Learnability: variance of the returns when last measured; selection prefers it high',
    ...{ sort: 'score', isNumber: true },
    cell: ({ score }) => thousandths(score),
  },
  {
    ...{ id: 'age', label: 'age', name: 'Steps since it was created', sort: 'created' },
    ...{ isReversed: true, isNumber: true },
    cell: ({ createdStep }, step) => Math.max(0, step - createdStep),
  },
  {
    ...{ id: 'uses', label: 'uses', name: 'How often it was selected', sort: 'uses' },
    isNumber: true,
    cell: ({ uses }) => uses,
  },
  {
    id: 'quality',
    label: 'quality',
    name: 'Of the latest attempt, in [0, 1]',
    ...{ sort: 'quality', isNumber: true },
    cell: ({ latest }) => (latest ? formatFixed(latest.quality) : '–'),
  },
  {
    ...{ id: 'attempt', label: 'latest attempt', name: 'Its words', sort: null, isNumber: false },
    cell: (row) => <code>{shortAttempt(row)}</code>,
  },
];
