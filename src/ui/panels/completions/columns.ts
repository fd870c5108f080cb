/** The columns of the table. */
import { createElement } from 'react';
import { Words } from '../../attempts/TextAttempt.tsx';
import type { CompletionRow } from '../../../runs/index/queries.ts';
import { formatFixed, formatNumber } from '../../format.ts';
import type { GridColumn } from '../../widgets/grid/Grid.tsx';
import type { Sort } from './query.ts';

type Column = GridColumn<CompletionRow, Sort['by']>;

export const COLUMNS: readonly Column[] = [
  {
    ...{ id: 'step', label: 'Step', name: 'Training step', sort: 'step', isNumber: true },
    cell: ({ step }) => formatNumber(step),
  },
  {
    ...{ id: 'attempt', label: 'Attempt', name: 'Attempt', sort: null, isNumber: false },
    cell: ({ completion }) => createElement(Words, { tokens: completion.tokens }),
  },
  {
    ...{ id: 'feedback', label: 'Feedback', name: 'Feedback', sort: null, isNumber: false },
    cell: ({ completion }) => completion.feedback.join(' '),
  },
  {
    ...{ id: 'mode', label: 'Mode', name: 'Mode', sort: null, isNumber: false },
    cell: ({ start }) => start.mode,
  },
  {
    ...{ id: 'depth', label: 'Depth', name: 'Depth of the start', sort: 'depth', isNumber: true },
    cell: ({ start }) => formatNumber(start.depth),
  },
  {
    ...{ id: 'quality', label: 'Quality', name: 'Quality q', sort: 'quality', isNumber: true },
    cell: ({ completion }) => formatFixed(completion.quality),
  },
  {
    ...{ id: 'solved', label: 'Solved', name: 'Solved', sort: null, isNumber: false },
    cell: ({ completion }) => (completion.solved ? '✓' : ''),
  },
  {
    ...{ id: 'reward', label: 'Reward', name: 'Reward r', sort: 'reward', isNumber: true },
    cell: ({ completion }) => formatFixed(completion.reward),
  },
  {
    ...{ id: 'advantage', label: 'Advantage', name: 'Advantage A, with the bonus' },
    ...{ sort: 'advantage', isNumber: true },
    cell: ({ completion }) => formatFixed(completion.advantage),
  },
  {
    ...{ id: 'diversity', label: 'Diversity', name: 'Diversity d in its group' },
    ...{ sort: 'diversity', isNumber: true },
    cell: ({ completion }) => formatFixed(completion.diversity),
  },
  {
    ...{ id: 'logprob', label: 'Log π', name: 'Mean log-probability when sampled' },
    ...{ sort: 'logprob', isNumber: true },
    cell: ({ completion: { logprobs } }) =>
      formatFixed(logprobs.reduce((sum, x) => sum + x, 0) / Math.max(1, logprobs.length)),
  },
  {
    ...{ id: 'length', label: 'Tokens', name: 'Sampled tokens', sort: 'length', isNumber: true },
    cell: ({ completion }) => formatNumber(completion.logprobs.length),
  },
];
