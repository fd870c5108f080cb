/** The buffer's grid: cells by depth and recency, what each shows, and which is next in a direction. */
import { RECENCY_BINS } from '../../../schema/bins.ts';
import type { BufferCell } from '../../../runs/index/queries.ts';
import { css, shade, textColorOn } from '../../charts/viridis.ts';

export type Measure = 'count' | 'learnability';

export interface GridCell extends BufferCell {
  readonly text: string;
  readonly background: string;
  readonly textColor: string;
}

export interface Grid {
  /** One row per depth from the shallowest that occurs to the deepest; null where nothing lies. */
  readonly rows: readonly {
    readonly depth: number;
    readonly cells: readonly (GridCell | null)[];
  }[];
  /** What the brightest colour stands for. */
  readonly most: number;
}

export function gridOf(cells: readonly BufferCell[], measure: Measure): Grid {
  const depths = cells.map(({ depth }) => depth);
  const [from, to] = [Math.min(...depths), Math.max(...depths)];
  const most = Math.max(0, ...cells.map((cell) => cell[measure]));
  const byPlace = new Map(cells.map((cell) => [`${cell.depth} ${cell.bin}`, cell]));
  const rows = Array.from({ length: cells.length > 0 ? to - from + 1 : 0 }, (_, i) => ({
    depth: from + i,
    cells: RECENCY_BINS.map((_bin, bin) => {
      const cell = byPlace.get(`${from + i} ${bin}`);
      return cell ? styledCell(cell, measure, most) : null;
    }),
  }));
  return { rows, most };
}

function styledCell(cell: BufferCell, measure: Measure, most: number): GridCell {
  const color = shade(shareOf(cell[measure], measure, most));
  return {
    ...cell,
    text: measure === 'count' ? short(cell.count) : thousandths(cell.learnability),
    background: css(color),
    textColor: textColorOn(color),
  };
}

/** Four digits at most: cells are narrow. */
function short(count: number): string {
  if (count < 1000) return String(count);
  return `${count < 9950 ? (count / 1000).toFixed(1) : Math.round(count / 1000)}k`;
}

/** Counts by their root, since one cell often holds most. */
function shareOf(value: number, measure: Measure, most: number): number {
  if (most === 0) return 0;
  return measure === 'count' ? Math.sqrt(value / most) : value / most;
}

/** S is at most 0.25: "·083" would be clever, ".083" is read at once. */
export function thousandths(value: number): string {
  return value.toFixed(3).replace(/^0/, '');
}

export type Direction = 'up' | 'down' | 'left' | 'right';

interface Position {
  readonly depth: number;
  readonly bin: number;
}

/** The nearest cell in a direction, along the row or column first; null at the rim. */
export function nextCell(
  cells: readonly Position[],
  from: Position,
  direction: Direction,
): Position | null {
  const vertical = direction === 'up' || direction === 'down';
  const sign = direction === 'up' || direction === 'left' ? -1 : 1;
  let best: Position | null = null;
  let least = Infinity;
  for (const cell of cells) {
    const [down, right] = [cell.depth - from.depth, cell.bin - from.bin];
    const [ahead, aside] = vertical ? [sign * down, right] : [sign * right, down];
    const cost = ahead + 100 * Math.abs(aside);
    if (ahead > 0 && cost < least) [best, least] = [cell, cost];
  }
  return best;
}
