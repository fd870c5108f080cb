import type { ReactNode } from 'react';
import type { BufferRow } from '../../../runs/index/queries.ts';
import { Symbol } from '../../controls/Symbol.tsx';
import { formatFixed } from '../../format.ts';
import { thousandths } from './grid.ts';
import type { SortKey } from './useBuffer.ts';
import { modeName, shortAttempt } from './labels.ts';

export interface Column {
  readonly id: string;
  readonly label: ReactNode;
  /** What it means, in a few words. */
  readonly help: string;
  /** Null where it cannot be sorted by. */
  readonly sort: SortKey | null;
  /** Sorting up by the key shows this column falling. */
  readonly reversed?: boolean;
  readonly isNumber: boolean;
  readonly cell: (row: BufferRow, step: number) => ReactNode;
}

/** The columns of a run; turns are worth one only where a conversation has several. */
export function columnsOf(hasTurns: boolean): readonly Column[] {
  return hasTurns ? COLUMNS : COLUMNS.filter(({ id }) => id !== 'turn');
}

const COLUMNS: readonly Column[] = [
  {
    ...{ id: 'id', label: 'id', help: 'Histories are numbered as they come', sort: 'id' },
    isNumber: true,
    cell: ({ id }) => id,
  },
  {
    ...{ id: 'depth', label: 'depth', help: 'Revisions behind the latest attempt', sort: 'depth' },
    isNumber: true,
    cell: ({ depth }) => depth,
  },
  {
    ...{ id: 'turn', label: 'turn', help: 'Turn of the conversation, from 1', sort: 'turn' },
    isNumber: true,
    cell: ({ turn }) => turn + 1,
  },
  {
    ...{ id: 'mode', label: 'mode', help: 'How the latest attempt came about', sort: 'mode' },
    isNumber: false,
    cell: ({ mode }) => modeName(mode),
  },
  {
    id: 'score',
    label: <Symbol of="S" />,
    help: 'Learnability: variance of the returns when last measured; selection prefers it high',
    ...{ sort: 'score', isNumber: true },
    cell: ({ score }) => thousandths(score),
  },
  {
    ...{ id: 'age', label: 'age', help: 'Steps since it was created', sort: 'created' },
    ...{ reversed: true, isNumber: true },
    cell: ({ createdStep }, step) => Math.max(0, step - createdStep),
  },
  {
    ...{ id: 'uses', label: 'uses', help: 'How often it was selected', sort: 'uses' },
    isNumber: true,
    cell: ({ uses }) => uses,
  },
  {
    id: 'quality',
    label: 'quality',
    help: 'Of the latest attempt, in [0, 1]',
    ...{ sort: 'quality', isNumber: true },
    cell: ({ latest }) => (latest ? formatFixed(latest.quality) : '–'),
  },
  {
    ...{ id: 'attempt', label: 'latest attempt', help: 'Its words', sort: null, isNumber: false },
    cell: (row) => <code>{shortAttempt(row)}</code>,
  },
];
