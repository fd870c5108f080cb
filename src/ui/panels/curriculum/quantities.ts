/** What the cells of the heat map can show, and how a value becomes a place on the scale of colours. */
import type { HeatQuantity } from '../../../app/chart-settings.ts';
import { formatNumber } from '../../format.ts';
import type { HeatColumns } from './columns.ts';

export type QuantityId = HeatQuantity;

export interface Quantity {
  readonly id: QuantityId;
  readonly label: string;
  readonly symbol?: string;
  /** What the numbers of its legend are. */
  readonly unit: string;
  readonly help: string;
  /** Of a cell; only where groups started. */
  readonly value: (columns: HeatColumns, cell: number) => number;
  /** Ends that the scale may have, each with the values that its legend names. */
  readonly scales: readonly (readonly number[])[];
  /** Whether small values are spread: place = √(value / top). */
  readonly spread: boolean;
  readonly format: (value: number) => string;
  /** What its least and its most mean, in a word each. */
  readonly ends: readonly [least: string, most: string];
}

const percent = (value: number): string => `${formatNumber(value * 100)}%`;

export const QUANTITIES: readonly Quantity[] = [
  {
    id: 'quality',
    label: 'Quality',
    symbol: 'q',
    unit: 'of the attempts made there',
    help: 'How good the attempts were that started at this depth, on average: from 0 to 1.',
    value: ({ quality, count }, cell) => quality[cell]! / count[cell]!,
    scales: [[0, 0.5, 1]],
    spread: false,
    format: formatNumber,
    ends: ['wrong', 'right'],
  },
  {
    id: 'share',
    label: 'Selection share',
    unit: 'of the starts of a step',
    help: 'How many of the groups of a step started at this depth.',
    value: ({ count, groups, rows }, cell) => count[cell]! / groups[Math.floor(cell / rows)]!,
    scales: [
      [0, 0.01, 0.04, 0.1],
      [0, 0.02, 0.08, 0.2],
      [0, 0.03, 0.15, 0.4],
      [0, 0.05, 0.2, 0.6],
      [0, 0.05, 0.3, 0.8],
      [0, 0.1, 0.4, 1],
    ],
    spread: true,
    format: percent,
    ends: ['few', 'many'],
  },
  {
    id: 'learnability',
    label: 'Learnability',
    symbol: 'S',
    unit: 'variance of a group’s returns',
    help: 'How differently the attempts of a group turned out, on average: where it is 0 there is nothing to learn.',
    value: ({ learnability, count }, cell) => learnability[cell]! / count[cell]!,
    scales: [
      [0, 0.025, 0.05],
      [0, 0.05, 0.1],
      [0, 0.05, 0.1, 0.15],
      [0, 0.1, 0.2],
      [0, 0.05, 0.15, 0.25],
    ],
    spread: false,
    format: formatNumber,
    ends: ['nothing to learn', 'most'],
  },
  {
    id: 'recency',
    label: 'Recency',
    unit: 'steps since what is continued was made',
    help: 'How old the histories are that training continues at this depth, on average.',
    value: ({ recency, count }, cell) => recency[cell]! / count[cell]!,
    scales: [
      [0, 5, 10],
      [0, 10, 30],
      [0, 50, 100],
      [0, 250, 500],
      [0, 1000, 5000],
    ],
    spread: true,
    format: formatNumber,
    ends: ['new', 'old'],
  },
  {
    id: 'distinct',
    label: 'Diversity',
    unit: 'of a group’s attempts are distinct',
    help: 'How many attempts of a group differ from each other, on average.',
    value: ({ distinct, count }, cell) => distinct[cell]! / count[cell]!,
    scales: [[0, 0.5, 1]],
    spread: false,
    format: percent,
    ends: ['alike', 'distinct'],
  },
];

export function quantity(id: QuantityId): Quantity {
  return QUANTITIES.find((one) => one.id === id)!;
}

/** Groups that lie beyond the end of the scale, as a share: a few odd cells must not grey the rest. */
const BEYOND = 0.02;
const BINS = 256;

/** The least end of the scale that holds nearly all groups. */
export function scaleTop(columns: HeatColumns, one: Quantity): number {
  const { count, length, rows } = columns;
  const cells = length * rows;
  return topFor(
    one,
    cells,
    (cell) => count[cell]!,
    (cell) => one.value(columns, cell),
  );
}

/** The same for any list of values, each of `weight` groups. */
export function topFor(
  { scales }: Quantity,
  length: number,
  weight: (index: number) => number,
  value: (index: number) => number,
): number {
  const tops = scales.map((ticks) => ticks.at(-1)!);
  const highest = tops.at(-1)!;
  const groups = new Float64Array(BINS);
  let all = 0;
  for (let i = 0; i < length; i++) {
    const n = weight(i);
    if (n === 0) continue;
    groups[Math.min(BINS - 1, Math.floor((value(i) / highest) * BINS))]! += n;
    all += n;
  }
  let beyond = 0;
  let bin = BINS - 1;
  while (bin > 0 && beyond + groups[bin]! <= BEYOND * all) beyond += groups[bin--]!;
  const wanted = ((bin + 0.5) / BINS) * highest;
  return tops.find((top) => top >= wanted) ?? highest;
}

/** From 0 to 1. */
export function shareOfScale(value: number, top: number, spread: boolean): number {
  const share = Math.min(1, Math.max(0, value / top));
  return spread ? Math.sqrt(share) : share;
}
